/**
 * The four-letter words of the embedded server beside those of a real Apache ZooKeeper in the same state: tools that parse
 * one must be able to parse the other.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { create } from '../../shared/protocol/create.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { missingForApache, startApache } from '../support/apache-server.ts';
import { startBuiltin } from '../support/builtin-server.ts';
import type { RunningServer } from '../support/child-server.ts';
import { askWord, lineShapesOf, shapeOf } from '../support/four-letter-answers.ts';
import { RawClient } from '../support/raw-client.ts';
import { whyAbsent } from './absent-metrics.ts';
import { describeWithTool } from './missing-tool.ts';

const CONFIG = { tickTime: '500', '4lw.commands.whitelist': '*' };
/** What every monitor reads (PROTOCOL.md 3.1), without what only members of a quorum have. */
const METRICS_EXPECTED =
  'version server_state ephemerals_count num_alive_connections avg_latency min_latency max_latency outstanding_requests znode_count global_sessions local_sessions packets_sent packets_received watch_count approximate_data_size open_file_descriptor_count max_file_descriptor_count uptime connection_drop_probability last_client_response_size min_client_response_size max_client_response_size auth_failed_count non_mtls_remote_conn_count non_mtls_local_conn_count outstanding_tls_handshake connection_request_count connection_rejected connection_drop_count bytes_received_count';

let apache: RunningServer;
let builtin: RunningServer;

async function askBoth(word: string): Promise<readonly [theirs: string, ours: string]> {
  return Promise.all([askWord(apache, word), askWord(builtin, word)]);
}

/** One session with an ephemeral and a watch, so that there is something to tell. */
async function occupy(server: RunningServer): Promise<RawClient> {
  const client = await RawClient.connect(server);
  await client.request(1, create, { path: '/e', data: null, acl: OPEN_ACL_UNSAFE, flags: 1 });
  await client.request(2, exists, { path: '/e', watch: true });
  return client;
}

/** What stands before the first `separator` of each line. */
function keysOf(text: string, separator: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.includes(separator))
    .map((line) => line.slice(0, line.indexOf(separator)));
}

describeWithTool({ name: 'four-letter words', missing: missingForApache }, () => {
  beforeAll(async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'zabra-words-'));
    [apache, builtin] = await Promise.all([startApache(CONFIG), startBuiltin(CONFIG, dataDir)]);
    const clients = await Promise.all([occupy(apache), occupy(builtin)]);
    return async () => {
      for (const client of clients) client.destroy();
      await Promise.all([apache.stop(), builtin.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    };
  });

  test.each(['ruok', 'isro', 'gtmk', 'crst', 'srst', 'hash', 'wchs', 'xxxx'])(
    '%s says the same',
    async (word) => {
      const [theirs, ours] = await askBoth(word === 'xxxx' ? 'xxxx\0\0\0\0' : word);
      expect(ours).toBe(theirs);
    },
  );

  test.each(['srvr', 'wchc', 'wchp'])('%s has the same shape', async (word) => {
    const [theirs, ours] = await askBoth(word);
    expect(shapeOf(ours)).toBe(shapeOf(theirs));
  });

  test.each(['stat', 'cons', 'dump', 'dirs'])('%s has lines of the same shapes', async (word) => {
    const [theirs, ours] = await askBoth(word);
    expect(lineShapesOf(ours)).toEqual(lineShapesOf(theirs));
  });

  test.each(['conf', 'envi'])('%s has the same keys in the same order', async (word) => {
    const [theirs, ours] = await askBoth(word);
    expect(keysOf(ours, '=')).toEqual(keysOf(theirs, '='));
    expect(keysOf(ours, '=').length).toBeGreaterThan(10);
  });

  test('conf says the same of what was set', async () => {
    const [theirs, ours] = await askBoth('conf');
    const isSet = (line: string): boolean => /^(tick|max|min|serverId|secure|clientPortL)/.test(line);
    expect(ours.split('\n').filter(isSet)).toEqual(theirs.split('\n').filter(isSet));
  });

  test('conf names the folders of the data, and dirs their sizes', async () => {
    const [theirs, ours] = await askBoth('conf');
    const folderOf = (text: string): string | undefined => /^dataDir=.*(\/version-2)$/m.exec(text)?.[1];
    expect(folderOf(ours)).toBe(folderOf(theirs));
    const dirs = await askWord(builtin, 'dirs');
    expect(/^datadir_size: (\d+)$/m.exec(dirs)?.[1]).toBe(/^dataDirSize=(\d+)$/m.exec(ours)?.[1]);
    expect(Number(/^logdir_size: (\d+)$/m.exec(dirs)?.[1])).toBeGreaterThan(64 * 1024 * 1024);
  });

  describe('mntr', () => {
    test('has every metric that monitors read', async () => {
      const keys = keysOf(await askWord(builtin, 'mntr'), '\t');
      expect(keys).toEqual(expect.arrayContaining(METRICS_EXPECTED.split(' ').map((name) => `zk_${name}`)));
    });

    test("has only metrics that Apache's has, in Apache's order, and numbers where Apache has them", async () => {
      const [theirs, ours] = await askBoth('mntr');
      const keys = keysOf(ours, '\t');
      expect(keys).toEqual(keysOf(theirs, '\t').filter((key) => keys.includes(key)));
      const isTextual = (text: string): readonly string[] =>
        text
          .split('\n')
          .filter((line) => line !== '' && !/\t-?\d+(\.\d+)?$/.test(line))
          .map((line) => line.split('\t')[0]!);
      expect(isTextual(ours)).toEqual(isTextual(theirs));
    });

    test('for every metric that it lacks somebody has said why', async () => {
      const [theirs, ours] = await askBoth('mntr');
      const keys = new Set(keysOf(ours, '\t'));
      const missing = keysOf(theirs, '\t').filter((key) => !keys.has(key));
      expect(missing.filter((key) => whyAbsent(key) === undefined)).toEqual([]);
    });
  });

  test('a word that is not on the whitelist is answered as by Apache', async () => {
    const [theirs, ours] = await Promise.all([startApache({}), startBuiltin({})]);
    try {
      for (const word of ['mntr', 'ruok', 'cons'])
        expect(await askWord(ours, word)).toBe(await askWord(theirs, word));
      expect(lineShapesOf(await askWord(ours, 'srvr'))).toEqual(lineShapesOf(await askWord(theirs, 'srvr')));
    } finally {
      await Promise.all([theirs.stop(), ours.stop()]);
    }
  });
});
