/** What an ensemble may be, what is said about one that cannot be, and how it is kept. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  type EnsembleRequest,
  continuedDescription,
  newDescription,
  readDescription,
  writeDescription,
} from '../../../../embedded-server/launcher/ensemble-description.ts';

/** Ports from 20001 on. */
async function findClientPorts(count: number): Promise<readonly number[]> {
  return Array.from({ length: count }, (_, index) => 20_001 + index);
}

const describeNew = (request: EnsembleRequest): ReturnType<typeof newDescription> =>
  newDescription(request, findClientPorts);

describe('a new ensemble', () => {
  test('is one builtin server on a free port when nothing is asked for', async () => {
    expect(await describeNew({})).toEqual({
      version: 1,
      engine: 'builtin',
      config: {},
      servers: [{ sid: 1, role: 'participant', clientPort: 20_001 }],
    });
  });

  test('has its participants first, then its observers, on consecutive client ports', async () => {
    const { servers } = await describeNew({ servers: 2, observers: 1, clientPort: 21_811 });
    expect(servers).toEqual([
      { sid: 1, role: 'participant', clientPort: 21_811 },
      { sid: 2, role: 'participant', clientPort: 21_812 },
      { sid: 3, role: 'observer', clientPort: 21_813 },
    ]);
  });

  test('takes the client port from zoo.cfg too, and a property under either of its names', async () => {
    const config = { 'zookeeper.clientPort': '2181', 'zookeeper.snapCount': '10', tickTime: '500' };
    const description = await describeNew({ clientPort: 2181, config });
    expect(description.servers[0]?.clientPort).toBe(2181);
    expect(description.config).toEqual({ snapCount: '10', tickTime: '500' });
  });

  test.each<[string, EnsembleRequest, string]>([
    ['no server', { servers: 0 }, '--servers 0: an ensemble needs at least one'],
    ['too many servers', { servers: 9, observers: 9 }, '9 servers and 9 observers: 15 together are the most'],
    ['ports that do not exist', { servers: 3, clientPort: 65_534 }, 'ports 65534 to 65536 must lie between'],
    ['no port', { clientPort: 0 }, 'must lie between 1 and 65535'],
    ['a port that is no number', { config: { clientPort: 'x' } }, 'clientPort=x: must be a whole number'],
    [
      'two client ports',
      { clientPort: 2181, config: { clientPort: '2182' } },
      '--client-port 2181 and --config clientPort=2182 contradict each other',
    ],
    ['a key of the launcher', { config: { peerType: 'observer' } }, 'peerType is set by the launcher'],
    [
      'one data folder for several',
      { servers: 2, config: { dataDir: '/x' } },
      'dataDir: 2 servers cannot share it',
    ],
    ['a server line', { config: { 'server.2': 'x' } }, 'server.2 is set by the launcher'],
  ])('cannot have %s', async (_title, request, message) => {
    await expect(describeNew(request)).rejects.toThrow(message);
  });
});

describe('an ensemble that is continued', () => {
  test('is as it was, with the settings that are given now', async () => {
    const stored = await describeNew({ servers: 3, engine: 'apache', config: { tickTime: '500', a: '1' } });
    expect(continuedDescription(stored, {})).toEqual(stored);
    const changed = continuedDescription(stored, { servers: 3, clientPort: 3000, config: { a: '2' } });
    expect(changed.config).toEqual({ tickTime: '500', a: '2' });
    expect(changed.servers.map(({ clientPort }) => clientPort)).toEqual([3000, 3001, 3002]);
  });

  test.each<[EnsembleRequest, string]>([
    [{ servers: 5 }, '--servers 5: the ensemble in this folder has servers 3'],
    [{ observers: 1 }, '--observers 1: the ensemble in this folder has observers 0'],
    [{ engine: 'builtin' }, '--engine builtin: the ensemble in this folder has engine apache'],
  ])('contradicts %o', async (request, message) => {
    const stored = await describeNew({ servers: 3, engine: 'apache' });
    expect(() => continuedDescription(stored, request)).toThrow(message);
  });
});

describe('the file of an ensemble', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zabra-description-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('gives back what was written, and leaves nothing beside it', async () => {
    const description = await describeNew({ servers: 3, observers: 2, apacheHome: '/opt/zookeeper' });
    await writeDescription(folder, description);
    expect(await readDescription(folder)).toEqual(description);
    expect(await readdir(folder)).toEqual(['ensemble.json']);
  });

  test('is absent from a folder that holds no ensemble', async () => {
    expect(await readDescription(path.join(folder, 'absent'))).toBeUndefined();
  });

  test.each(['{"version": 2}', '{"version": 1, "servers": []}', 'no JSON'])(
    'is refused as %s',
    async (text) => {
      await writeFile(path.join(folder, 'ensemble.json'), text);
      await expect(readDescription(folder)).rejects.toThrow('is not the description of an ensemble');
    },
  );
});
