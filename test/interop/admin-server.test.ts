/**
 * The AdminServer of builtin servers beside that of Apache's in the same state: the same commands, the same keys with values
 * of the same kinds, in every role. What is knowingly different is listed, with the reason.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { create } from '../../shared/protocol/create.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { TEST_JVM_FLAGS, missingForApache } from '../support/apache-server.ts';
import { askWord, lineShapesOf } from '../support/four-letter-answers.ts';
import { RawClient } from '../support/raw-client.ts';
import { waitFor } from '../support/wait.ts';
import { whyAbsent } from './absent-metrics.ts';
import { describeWithTool } from './missing-tool.ts';

/** As `/commands` of Apache 3.8.0 lists them. */
const COMMANDS =
  'configuration connection_stat_reset connections dirs dump environment get_trace_mask hash initial_configuration is_read_only last_snapshot leader monitor observer_connection_stat_reset observers ruok server_stats set_trace_mask stat_reset stats system_properties voting_view watch_summary watches watches_by_path zabstate'.split(
    ' ',
  );
const SHORT_NAMES =
  'conf config cons crst env envi gtmk icfg isro lsnp lead mntr orst obsr srvr stmk srst stat sysp wchs wchc wchp'.split(
    ' ',
  );

/** Their keys are metrics and properties, which each server has its own of. */
const OWN_KEYS: ReadonlySet<string> = new Set(['monitor', 'system_properties']);

/** What the same requests must bring to the same numbers. */
const COUNTED_ALIKE =
  'watch_count watch_bytes response_bytes connection_request_count last_client_response_size min_client_response_size max_client_response_size cnt_readlatency cnt_updatelatency cnt_propagation_latency cnt_node_changed_watch_count sum_node_changed_watch_count cnt_node_created_watch_count'.split(
    ' ',
  );

type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json };
type Answer = Readonly<Record<string, Json>>;

/**
 * What kinds of values are where, in their order; keys that are data are all one. Packets for a learner are in the buffer of
 * its socket here, where nobody counts them.
 */
function shapeOf(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0]!)];
  const isData = (key: string): boolean => /^(\d+|\/.*)$/.test(key);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [isData(key) ? '*' : key, shapeOf(item)] as const)
      .filter(([key]) => key !== 'queued_packets'),
  );
}

/** A text, or null of a server of an ensemble, which Apache does not tell. */
function withoutSettings(answer: Answer): Answer {
  return { ...answer, initial_configuration: '' };
}

async function ask(ensemble: Ensemble, sid: number, command: string): Promise<Answer> {
  const server = ensemble.servers.find((candidate) => candidate.sid === sid);
  const response = await fetch(`${server?.adminUrl ?? ''}/commands/${command}`);
  expect([command, response.status, response.headers.get('content-type')]).toEqual([
    command,
    200,
    'application/json',
  ]);
  return (await response.json()) as Answer;
}

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** On disk, whatever their number. */
async function start(engine: EngineName, servers: number, observers: number): Promise<Ensemble> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zabra-admin-'));
  folders.push(dataDir);
  return startEnsemble({
    engine,
    dataDir,
    servers,
    observers,
    config: { '4lw.commands.whitelist': '*', tickTime: '500', initLimit: '20', syncLimit: '10' },
    ...(engine === 'apache' && { jvmFlags: TEST_JVM_FLAGS }),
  });
}

/** One session a server with an ephemeral and a watch, so that there is something to tell. */
async function occupy(ensemble: Ensemble): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  for (const { host, clientPort: port, sid } of ensemble.servers) {
    const client = await RawClient.connect({ host, port });
    const znode = `/e${sid}`;
    await client.request(1, create, { path: znode, data: null, acl: OPEN_ACL_UNSAFE, flags: 1 });
    await client.request(2, exists, { path: znode, watch: true });
    clients.push(client);
  }
  return clients;
}

async function clientPortOf(ensemble: Ensemble, role: string): Promise<{ host: string; port: number }> {
  const sid = await sidIn(ensemble, role);
  const { host, clientPort: port } = ensemble.servers.find((candidate) => candidate.sid === sid)!;
  return { host, port };
}

async function sidIn(ensemble: Ensemble, role: string): Promise<number> {
  const status = (await ensemble.status()).find(({ state }) => state === role);
  if (!status) throw new Error(`nobody is ${role}`);
  return status.sid;
}

describeWithTool({ name: 'AdminServer', missing: missingForApache }, () => {
  describe.each<[servers: number, observers: number, roles: readonly string[]]>([
    [1, 0, ['standalone']],
    [2, 1, ['leader', 'follower', 'observer']],
  ])('%d servers and %d observers', (servers, observers, roles) => {
    let apache: Ensemble;
    let builtin: Ensemble;

    beforeAll(async () => {
      [apache, builtin] = await Promise.all([
        start('apache', servers, observers),
        start('builtin', servers, observers),
      ]);
      const clients = await Promise.all([occupy(apache), occupy(builtin)]);
      return async () => {
        for (const client of clients.flat()) client.destroy();
        await Promise.all([apache.close(), builtin.close()]);
      };
    });

    async function askBoth(role: string, command: string): Promise<readonly [theirs: Answer, ours: Answer]> {
      return [
        await ask(apache, await sidIn(apache, role), command),
        await ask(builtin, await sidIn(builtin, role), command),
      ];
    }

    describe.each(roles)('%s', (role) => {
      test.each(COMMANDS.filter((command) => !OWN_KEYS.has(command)))(
        '%s has the same keys',
        async (command) => {
          const [theirs, ours] = await askBoth(role, command);
          if (command === 'initial_configuration') {
            expect(shapeOf(withoutSettings(ours))).toEqual(shapeOf(withoutSettings(theirs)));
          } else {
            expect(shapeOf(ours)).toEqual(shapeOf(theirs));
          }
          const isOrdered = command !== 'server_stats' && command !== 'stats';
          const keys = Object.keys(ours);
          if (isOrdered) expect(keys).toEqual(Object.keys(theirs));
        },
      );

      test('monitor has metrics that Apache has, of the same kinds, and for the others somebody has said why', async () => {
        const [theirs, ours] = await askBoth(role, 'monitor');
        const own = Object.keys(ours).filter((key) => !(key in theirs));
        expect(own).toEqual([]);
        for (const [key, value] of Object.entries(ours))
          expect([key, typeof value]).toEqual([key, typeof theirs[key]]);
        const missing = Object.keys(theirs).filter((key) => !(key in ours));
        const reasons = missing.map((key) => [key, whyAbsent(`zk_${key}`)] as const);
        expect(reasons.filter(([, why]) => why === undefined)).toEqual([]);
        const isMember = role !== 'standalone';
        expect(reasons.filter(([, why]) => isMember && why?.includes('member'))).toEqual([]);
      });

      test.each(['conf', 'cons', 'dump', 'srvr', 'stat', 'wchc', 'wchp', 'wchs'])(
        'the four-letter word %s has lines of the same shapes',
        async (word) => {
          const [theirs, ours] = await Promise.all([
            askWord(await clientPortOf(apache, role), word),
            askWord(await clientPortOf(builtin, role), word),
          ]);
          expect(lineShapesOf(ours)).toEqual(lineShapesOf(theirs));
        },
      );
    });
  });

  describe('beside an ensemble', () => {
    let apache: Ensemble;
    let builtin: Ensemble;

    beforeAll(async () => {
      [apache, builtin] = await Promise.all([start('apache', 1, 0), start('builtin', 1, 0)]);
      return () => Promise.all([apache.close(), builtin.close()]);
    });

    async function askBoth(where: string, init: RequestInit = {}): Promise<readonly Response[]> {
      const urls = [apache, builtin].map(({ servers: [server] }) => `${server?.adminUrl ?? ''}${where}`);
      return Promise.all(urls.map((url) => fetch(url, init)));
    }

    test('the same requests are counted the same', async () => {
      for (const ensemble of [apache, builtin]) {
        const [client] = await occupy(ensemble);
        await client?.request(3, setData, { path: '/e1', data: new Uint8Array(10), version: -1 });
        client?.destroy();
      }
      const [theirs, ours] = await Promise.all([ask(apache, 1, 'monitor'), ask(builtin, 1, 'monitor')]);
      const counted = (answer: Answer): readonly unknown[] => COUNTED_ALIKE.map((key) => [key, answer[key]]);
      expect(counted(ours)).toEqual(counted(theirs));
    });

    test('the index names the same commands', async () => {
      const [theirs, ours] = await Promise.all((await askBoth('/commands')).map((answer) => answer.text()));
      expect(ours).toBe(theirs);
    });

    test.each(SHORT_NAMES)('%s stands for the same command', async (name) => {
      const [theirs, ours] = (await Promise.all(
        (await askBoth(`/commands/${name}`)).map((answer) => answer.json()),
      )) as [Answer, Answer];
      expect(ours['command']).toBe(theirs['command']);
      expect(ours['error']).toBe(theirs['error']);
    });

    test.each([
      '/commands/nosuch',
      '/commands/ruok',
      '/commands/stmk?traceMask=7',
      '/commands/stmk?traceMask=x',
    ])('%s is answered word by word as by Apache', async (path) => {
      const [theirs, ours] = await Promise.all((await askBoth(path)).map((answer) => answer.text()));
      expect(ours?.trimEnd()).toBe(theirs?.trimEnd());
    });

    test.each<[method: string, path: string]>([
      ['POST', '/commands/ruok'],
      ['PUT', '/commands/ruok'],
      ['HEAD', '/commands/ruok'],
      ['GET', '/nothing'],
    ])('%s %s has the same status', async (method, path) => {
      const [theirs, ours] = await askBoth(path, { method });
      expect(ours?.status).toBe(theirs?.status);
    });
  });

  test('a server without a leader answers the same commands', async () => {
    const both = await Promise.all([startLeaderless('apache'), startLeaderless('builtin')]);
    try {
      for (const command of COMMANDS.filter((name) => name !== 'monitor')) {
        const [theirs, ours] = await Promise.all(both.map((ensemble) => ask(ensemble, 1, command)));
        expect([command, ours?.['error'] ?? null]).toEqual([command, theirs?.['error'] ?? null]);
      }
    } finally {
      await Promise.all(both.map((ensemble) => ensemble.close()));
    }
  });

  /** Two servers of which the first is left. */
  async function startLeaderless(engine: EngineName): Promise<Ensemble> {
    const ensemble = await start(engine, 2, 0);
    await ensemble.kill(2);
    await untilLooking(ensemble);
    return ensemble;
  }

  async function untilLooking(ensemble: Ensemble): Promise<void> {
    await waitFor(
      'the one that is left looks',
      async () => (await ensemble.statusOf(1)).state === 'looking',
      30_000,
    );
  }
});
