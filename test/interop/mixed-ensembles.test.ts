/**
 * Zabra's servers and Apache's in one ensemble: they elect, each leads in turn, and whoever catches up with whom, all hold
 * the same. What differs on the wire, or in what either derives from it, shows here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import { missingForApache } from '../support/apache-server.ts';
import { MixedEnsemble } from '../support/mixed-ensemble.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';

const CONVERGE_MS_MAX = 30_000;
const COMPOSITIONS: readonly (readonly EngineName[])[] = [
  ['builtin', 'builtin', 'apache'],
  ['apache', 'builtin', 'apache'],
];

describeWithTool({ name: 'ensembles of both engines', missing: missingForApache }, () => {
  for (const engines of COMPOSITIONS) describe(engines.join(', '), () => defineTests(engines));
});

function defineTests(engines: readonly EngineName[]): void {
  let ensemble: MixedEnsemble;
  let client: ZooKeeperClient;
  let count = 0;

  beforeAll(async () => {
    ensemble = await MixedEnsemble.open(engines, { tickTime: '500', '4lw.commands.whitelist': '*' });
    await ensemble.start(...ensemble.sids);
    await Promise.all([
      ensemble.untilMode(3, 'leader'),
      ensemble.untilMode(1, 'follower'),
      ensemble.untilMode(2, 'follower'),
    ]);
    client = new ZooKeeperClient({ connectString: ensemble.connectString, sessionTimeoutMs: 10_000 });
    await client.connect();
    await client.create('/n');
    await client.create('/ephemeral', { mode: 'EPHEMERAL' });
  });

  afterAll(async () => {
    await client.close();
    await ensemble.close();
  });

  /** A write that goes on after its server went. */
  async function write(): Promise<string> {
    const text = `text ${++count}`;
    await waitFor(
      `${text} is written`,
      async () => {
        await client.setData('/n', Buffer.from(text));
        return true;
      },
      CONVERGE_MS_MAX,
    );
    return text;
  }

  async function withClientOf<T>(sid: number, work: (own: ZooKeeperClient) => Promise<T>): Promise<T> {
    const own = new ZooKeeperClient({
      connectString: ensemble.connectStringOf(sid),
      sessionTimeoutMs: 4000,
    });
    await own.connect();
    try {
      return await work(own);
    } finally {
      await own.close();
    }
  }

  async function expectEverywhere(text: string): Promise<void> {
    for (const sid of ensemble.sids) {
      await withClientOf(sid, async (own) => {
        await own.sync('/n');
        const { data } = await own.getData('/n');
        expect([sid, Buffer.from(data ?? []).toString()]).toEqual([sid, text]);
        expect((await own.getData('/ephemeral')).stat.ephemeralOwner).toBe(client.facts.sessionId);
      });
    }
  }

  /** What every server writes, creates, and refuses is the same for all. */
  async function exerciseEverywhere(): Promise<void> {
    for (const sid of ensemble.sids) {
      await withClientOf(sid, async (own) => {
        const { path } = await own.create('/from-', { mode: 'PERSISTENT_SEQUENTIAL' });
        await own.create(`${path}/child`, { mode: 'EPHEMERAL' });
        await expect(own.delete(path)).rejects.toMatchObject({ code: 'NOTEMPTY' });
        await own.delete(`${path}/child`);
        await own.delete(path);
      });
    }
    await expectEverywhere(await write());
  }

  test('the one with the largest number leads, and a write through any server is seen by all', async () => {
    await exerciseEverywhere();
  });

  test('server 2 leads; server 3 catches up with what it missed', async () => {
    const { sessionId } = client.facts;
    await ensemble.stop(3);
    await ensemble.untilMode(2, 'leader');
    await write();
    await ensemble.start(3);
    await ensemble.untilMode(3, 'follower');
    await exerciseEverywhere();
    expect(client.facts.sessionId).toBe(sessionId);
  });

  test('server 1 leads, since it alone has all; server 2 catches up with what it missed', async () => {
    await ensemble.stop(2);
    await Promise.all([ensemble.untilMode(3, 'leader'), ensemble.untilMode(1, 'follower')]);
    await write();
    await ensemble.stop(3);
    await ensemble.start(2);
    await Promise.all([ensemble.untilMode(1, 'leader'), ensemble.untilMode(2, 'follower')]);
    await ensemble.start(3);
    await ensemble.untilMode(3, 'follower');
    await exerciseEverywhere();
  });

  test.each([1, 2, 3])('server %i loses its disk and gets everything anew', async (sid) => {
    await ensemble.kill(sid);
    await ensemble.wipe(sid);
    await write();
    await ensemble.start(sid);
    await ensemble.untilMode(sid, 'follower');
    await exerciseEverywhere();
  });

  test('no server found another digest than the leader', async () => {
    for (const sid of ensemble.sids) {
      const address = { host: '127.0.0.1', port: ensemble.portOf(sid) };
      const answer = await sendFourLetterWord(address, 'mntr', { timeoutMs: 5000 });
      const text = answer.status === 'ok' ? answer.text : answer.status;
      expect([sid, /^zk_digest_mismatches_count\t(\d+)/m.exec(text)?.[1]]).toEqual([sid, '0']);
    }
  });
}
