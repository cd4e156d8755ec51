import { expect, test } from 'vitest';
import {
  NEW_FORM,
  findProblems,
  hintsOn,
  parseConfig,
  requestOf,
} from '../../../../renderer/features/ensembles/create-model.ts';

const GIGABYTE = 1024 ** 3;
const roomy = { memoryFreeBytes: 8 * GIGABYTE, apacheProblem: null };

test('create: three builtin servers need nothing else', () => {
  expect(findProblems(NEW_FORM)).toEqual({});
  expect(hintsOn(NEW_FORM, roomy)).toEqual([]);
  expect(requestOf(NEW_FORM)).toEqual({ servers: 3, observers: 0, engine: 'builtin', config: {} });
});

test('create: more than nine servers, a port without room, a line that is no setting', () => {
  expect(findProblems({ ...NEW_FORM, servers: 7, observers: 3 })).toEqual({ servers: 'too-many' });
  for (const clientPort of ['0', '65534', '21x', '-1']) {
    expect(findProblems({ ...NEW_FORM, clientPort }), clientPort).toEqual({ clientPort: 'bad-port' });
  }
  expect(findProblems({ ...NEW_FORM, clientPort: '65533' })).toEqual({});
  expect(findProblems({ ...NEW_FORM, config: 'tickTime 2000' })).toEqual({ config: 'bad-config' });
});

test('create: settings are read as zoo.cfg is', () => {
  expect(parseConfig('# mine\n tickTime = 500 \n\nx=a=b')).toEqual({ tickTime: '500', x: 'a=b' });
});

test('create: an even number of voters, one alone, too little memory and no Java get a hint', () => {
  expect(hintsOn({ ...NEW_FORM, servers: 4 }, roomy)).toEqual(['even']);
  expect(hintsOn({ ...NEW_FORM, servers: 1 }, roomy)).toEqual(['one']);
  expect(hintsOn(NEW_FORM, { ...roomy, memoryFreeBytes: GIGABYTE / 8 })).toEqual(['memory']);
  const apache = { ...NEW_FORM, engine: 'apache' } as const;
  expect(hintsOn(apache, { ...roomy, apacheProblem: 'no Java' })).toEqual(['no-java']);
  expect(hintsOn({ ...apache, apacheHome: '/opt/zk' }, { ...roomy, apacheProblem: 'no jars' })).toEqual([]);
});

test('create: the folder of a distribution goes along with its engine only', () => {
  const form = { ...NEW_FORM, apacheHome: '/opt/zk', clientPort: '2281', name: ' lab ' };
  expect(requestOf(form)).toEqual({
    name: 'lab',
    servers: 3,
    observers: 0,
    engine: 'builtin',
    clientPort: 2281,
    config: {},
  });
  expect(requestOf({ ...form, engine: 'apache' })).toMatchObject({ apacheHome: '/opt/zk' });
});
