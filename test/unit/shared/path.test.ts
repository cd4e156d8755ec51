/** Every rule of znode paths, and the path arithmetic. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ancestorsOf,
  baseName,
  findPathProblem,
  formatSequence,
  isValidPath,
  isWithin,
  joinPath,
  parentPath,
  requireValidPath,
  sequenceSuffix,
  withChroot,
  withoutChroot,
} from '../../../shared/path.ts';

const unit = (code: number): string => String.fromCharCode(code);

/** A name that every rule allows. */
const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .map((text) => text.replace(/\//g, '_'))
  .filter((name) => isValidPath(`/${name}`));
const validPath = fc.array(segment, { maxLength: 5 }).map((names) => `/${names.join('/')}`);

describe('path: rules', () => {
  test.each([
    ['', 'EMPTY'],
    ['a', 'NOT_ABSOLUTE'],
    ['a/b', 'NOT_ABSOLUTE'],
    ['./a', 'NOT_ABSOLUTE'],
    ['/a/', 'TRAILING_SLASH'],
    ['//', 'TRAILING_SLASH'],
    ['//a', 'EMPTY_SEGMENT'],
    ['/a//b', 'EMPTY_SEGMENT'],
    ['/.', 'RELATIVE_SEGMENT'],
    ['/..', 'RELATIVE_SEGMENT'],
    ['/a/.', 'RELATIVE_SEGMENT'],
    ['/a/../b', 'RELATIVE_SEGMENT'],
    ['/./a', 'RELATIVE_SEGMENT'],
    ['/a\0', 'NUL'],
    ['/\0/b', 'NUL'],
    ['/a\n', 'BAD_CHARACTER'],
  ])('%j: %s', (path, problem) => {
    expect(findPathProblem(path)).toBe(problem);
    expect(isValidPath(path)).toBe(false);
    expect(() => {
      requireValidPath(path);
    }).toThrow(expect.objectContaining({ name: 'ProtocolError', code: 'BAD_PATH', context: { path } }));
  });

  test.each([
    '/',
    '/a',
    '/a/b',
    '/...',
    '/.a',
    '/a.',
    '/..a',
    '/a..',
    '/ ',
    '/é/日本',
    '/a b/c',
    '/%2F',
    '/zookeeper',
  ])('%j is valid', (path) => {
    expect(findPathProblem(path)).toBeUndefined();
    requireValidPath(path);
  });

  test.each([
    [0x01, 0x1f],
    [0x7f, 0x9f],
    [0xd800, 0xf8ff],
    [0xfff0, 0xffff],
  ])('the characters U+%i to %i are refused, their neighbours are not', (first, last) => {
    for (const code of [first, first + 1, Math.floor((first + last) / 2), last]) {
      expect(findPathProblem(`/a${unit(code)}b`)).toBe('BAD_CHARACTER');
      expect(findPathProblem(`/${unit(code)}`)).toBe('BAD_CHARACTER');
    }
    for (const code of [first - 1, last + 1]) {
      if (code > 0 && code <= 0xffff) expect(isValidPath(`/a${unit(code)}b`)).toBe(true);
    }
  });

  test('an astral character is refused by its surrogates', () => {
    expect(findPathProblem('/😀')).toBe('BAD_CHARACTER');
  });

  test('each of the 65,536 code units is judged as the specification lists them', () => {
    for (let code = 0; code <= 0xffff; code++) {
      if (code === 0x2f) continue;
      const isForbidden =
        code <= 0x1f ||
        (code >= 0x7f && code <= 0x9f) ||
        (code >= 0xd800 && code <= 0xf8ff) ||
        code >= 0xfff0;
      if (isValidPath(`/x${unit(code)}`) === isForbidden) expect.fail(`U+${code.toString(16)}`);
    }
  });
});

describe('path: arithmetic', () => {
  test('parent, name and join', () => {
    expect(parentPath('/a')).toBe('/');
    expect(parentPath('/a/b/c')).toBe('/a/b');
    expect(baseName('/a/b')).toBe('b');
    expect(baseName('/')).toBe('');
    expect(joinPath('/', 'a')).toBe('/a');
    expect(joinPath('/a', 'b')).toBe('/a/b');
  });

  test('parent and name put any path together again', () => {
    fc.assert(
      fc.property(validPath, segment, (parent, name) => {
        const path = joinPath(parent, name);
        expect(isValidPath(path)).toBe(true);
        expect(parentPath(path)).toBe(parent);
        expect(baseName(path)).toBe(name);
        expect(ancestorsOf(path).at(-1)).toBe(parent);
      }),
    );
  });

  test('ancestors, the root first', () => {
    expect(ancestorsOf('/')).toEqual([]);
    expect(ancestorsOf('/a')).toEqual(['/']);
    expect(ancestorsOf('/a/b/c')).toEqual(['/', '/a', '/a/b']);
  });

  test('isWithin takes whole segments', () => {
    expect(isWithin({ path: '/a', ancestor: '/' })).toBe(true);
    expect(isWithin({ path: '/', ancestor: '/' })).toBe(true);
    expect(isWithin({ path: '/a', ancestor: '/a' })).toBe(true);
    expect(isWithin({ path: '/a/b', ancestor: '/a' })).toBe(true);
    expect(isWithin({ path: '/ab', ancestor: '/a' })).toBe(false);
    expect(isWithin({ path: '/', ancestor: '/a' })).toBe(false);
  });

  test('exactly a path and its ancestors contain it', () => {
    fc.assert(
      fc.property(validPath, validPath, (path, ancestor) => {
        const expected = path === ancestor || ancestorsOf(path).includes(ancestor);
        expect(isWithin({ path, ancestor })).toBe(expected);
      }),
    );
  });
});

describe('path: sequence numbers', () => {
  test.each([
    [0, '0000000000'],
    [42, '0000000042'],
    [2_147_483_647, '2147483647'],
    [-1, '-000000001'],
    [-2_147_483_648, '-2147483648'],
  ])('%i is appended as %s, as %%010d of Java', (counter, text) => {
    expect(formatSequence(counter)).toBe(text);
  });

  test('the suffix is ten digits at the end', () => {
    expect(sequenceSuffix('lock-0000000012')).toBe('0000000012');
    expect(sequenceSuffix('0000000012')).toBe('0000000012');
    expect(sequenceSuffix('x12345678901')).toBe('2345678901');
    expect(sequenceSuffix('lock-000000001')).toBeUndefined();
    expect(sequenceSuffix('0000000012x')).toBeUndefined();
    expect(sequenceSuffix('')).toBeUndefined();
  });
});

describe('path: chroot', () => {
  test('goes on and comes off', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constant(''),
          validPath.filter((path) => path !== '/'),
        ),
        validPath,
        (chroot, path) => {
          const full = withChroot({ chroot, path });
          expect(isValidPath(full)).toBe(true);
          expect(withoutChroot({ chroot, path: full })).toBe(path);
        },
      ),
    );
  });

  test('the root is the chroot itself', () => {
    expect(withChroot({ chroot: '/kafka', path: '/' })).toBe('/kafka');
    expect(withoutChroot({ chroot: '/kafka', path: '/kafka' })).toBe('/');
  });

  test('what lies outside has no path within', () => {
    expect(withoutChroot({ chroot: '/kafka', path: '/kafkaesque' })).toBeUndefined();
    expect(withoutChroot({ chroot: '/kafka', path: '/' })).toBeUndefined();
  });
});
