import { describe, expect, it } from 'vitest';
import {
  COMPLETIONS_MAX,
  commonBeginning,
  matchingNames,
  splitTypedPath,
} from '../../../../renderer/app/typed-path.ts';

describe('typed path: completion', () => {
  it('splits what is typed into the parent and the beginning of a name', () => {
    expect(splitTypedPath('/')).toEqual({ parent: '/', beginning: '' });
    expect(splitTypedPath('/ka')).toEqual({ parent: '/', beginning: 'ka' });
    expect(splitTypedPath('/kafka/br')).toEqual({ parent: '/kafka', beginning: 'br' });
    expect(splitTypedPath('/kafka/')).toEqual({ parent: '/kafka', beginning: '' });
  });
  it('what cannot become a path has no completion', () => {
    expect(splitTypedPath('kafka')).toBeNull();
    expect(splitTypedPath('/a//b')).toBeNull();
    expect(splitTypedPath('')).toBeNull();
  });
  it('finds names in any case, numbers in order, and not too many', () => {
    expect(matchingNames(['node-10', 'Node-2', 'other'], 'no')).toEqual(['Node-2', 'node-10']);
    const many = Array.from({ length: 200 }, (_, index) => `node-${index}`);
    expect(matchingNames(many, '')).toHaveLength(COMPLETIONS_MAX);
  });
  it('adds what all names share, and never takes typed letters away', () => {
    expect(commonBeginning(['brokers', 'brokenness'], 'br')).toBe('broke');
    expect(commonBeginning(['brokers'], 'br')).toBe('brokers');
    expect(commonBeginning(['alpha', 'beta'], '')).toBe('');
    expect(commonBeginning([], 'br')).toBe('br');
    expect(commonBeginning(['Brokers', 'brother'], 'br')).toBe('br');
  });
});
