/** What each server is told: itself where it listens, the others where their links are. */
import { expect, test } from 'vitest';

import type { EnsembleDescription } from '../../../../embedded-server/launcher/ensemble-description.ts';
import { type PlannedServer, planEnsemble } from '../../../../embedded-server/launcher/ensemble-plan.ts';

interface Case {
  readonly participants: number;
  readonly observers?: number;
  readonly config?: Record<string, string>;
  readonly adminPort?: number;
}

/** Server N listens on 1N1 and 1N2; the link from N to M is at NM1 and NM2. */
function plan({ participants, observers = 0, config = {}, adminPort }: Case): PlannedServer[] {
  const servers: EnsembleDescription['servers'] = Array.from(
    { length: participants + observers },
    (_, index) => ({
      sid: index + 1,
      role: index < participants ? 'participant' : 'observer',
      clientPort: 2181 + index,
    }),
  );
  return planEnsemble({
    description: { version: 1, engine: 'apache', config, servers },
    folder: '/e',
    ports: new Map(
      servers.map(({ sid }) => [
        sid,
        { quorumPort: 1001 + 10 * sid, electionPort: 1002 + 10 * sid, adminPort },
      ]),
    ),
    link: ({ from, to }) => ({
      quorumPort: 5001 + 100 * from + 10 * to,
      electionPort: 5002 + 100 * from + 10 * to,
    }),
  });
}

test('plan: every server has its own view of the ensemble', () => {
  const [first, second] = plan({ participants: 2, observers: 1 });
  expect(first).toMatchObject({
    sid: 1,
    name: 'server.1',
    host: '127.0.0.1',
    clientPort: 2181,
    folder: '/e/server-1',
    dataFolder: '/e/server-1/data',
  });
  expect(first?.entries).toEqual({
    dataDir: '/e/server-1/data',
    clientPort: '2181',
    clientPortAddress: '127.0.0.1',
    tickTime: '2000',
    initLimit: '10',
    syncLimit: '5',
    'server.1': '127.0.0.1:1011:1012:participant;127.0.0.1:2181',
    'server.2': '127.0.0.1:5121:5122:participant;127.0.0.1:2182',
    'server.3': '127.0.0.1:5131:5132:observer;127.0.0.1:2183',
    'admin.enableServer': 'false',
  });
  expect(second?.entries).toMatchObject({
    'server.1': '127.0.0.1:5211:5212:participant;127.0.0.1:2181',
    'server.2': '127.0.0.1:1021:1022:participant;127.0.0.1:2182',
    'server.3': '127.0.0.1:5231:5232:observer;127.0.0.1:2183',
  });
});

test('plan: an observer says so in its own configuration', () => {
  const servers = plan({ participants: 2, observers: 1 });
  expect(servers.map(({ entries }) => entries['peerType'])).toEqual([undefined, undefined, 'observer']);
});

test('plan: a single server knows nothing of quorums', () => {
  const [only] = plan({ participants: 1 });
  expect(only?.entries).toEqual({
    dataDir: '/e/server-1/data',
    clientPort: '2181',
    clientPortAddress: '127.0.0.1',
    'admin.enableServer': 'false',
  });
});

test('plan: the data of a single server may be elsewhere', () => {
  expect(plan({ participants: 1, config: { dataDir: '/d', dataLogDir: '/l' } })).toMatchObject([
    {
      folder: '/e/server-1',
      dataFolder: '/d',
      logFolder: '/l',
      entries: { dataDir: '/d', dataLogDir: '/l' },
    },
  ]);
  expect(plan({ participants: 1 })).toMatchObject([{ logFolder: '/e/server-1/data' }]);
});

test('plan: one participant with observers is an ensemble all the same', () => {
  const [first] = plan({ participants: 1, observers: 1 });
  expect(first?.entries).toMatchObject({ standaloneEnabled: 'false' });
  expect(first?.entries['server.2']).toContain(':observer;');
});

test('plan: what is configured for all counts for each, above the defaults', () => {
  const [first] = plan({
    participants: 3,
    config: { tickTime: '500', clientPortAddress: '::1', 'group.1': '1:2:3' },
    adminPort: 8080,
  });
  expect(first).toMatchObject({ host: '::1', adminPort: 8080, adminUrl: 'http://127.0.0.1:8080' });
  expect(first?.entries).toMatchObject({
    tickTime: '500',
    clientPortAddress: '::1',
    'group.1': '1:2:3',
    'admin.serverAddress': '127.0.0.1',
    'admin.serverPort': '8080',
  });
});

test('plan: servers that can be reconfigured name where all of them are, and dial each other through their links', () => {
  const [first] = plan({ participants: 2, observers: 1, config: { reconfigEnabled: 'true' } });
  expect(first?.entries).toMatchObject({
    'server.1': '127.0.0.1:1011:1012:participant;127.0.0.1:2181',
    'server.2': '127.0.0.1:1021:1022:participant;127.0.0.1:2182',
    'server.3': '127.0.0.1:1031:1032:observer;127.0.0.1:2183',
    'zabra.dial.2': '127.0.0.1:5121:5122',
    'zabra.dial.3': '127.0.0.1:5131:5132',
  });
  expect(first?.entries).not.toHaveProperty('zabra.dial.1');
});
