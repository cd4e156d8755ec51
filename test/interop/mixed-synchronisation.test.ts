/**
 * How a server of one engine is brought up to date by a leader of the other: DIFF, TRUNC and SNAP, both ways, each seen in
 * the log of the Apache server that takes part. Sessions and watches move between servers of both engines, and observers
 * of both serve in one ensemble.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { create } from '../../shared/protocol/create.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { missingForApache } from '../support/apache-server.ts';
import { MixedEnsemble } from '../support/mixed-ensemble.ts';
import { RawClient } from '../support/raw-client.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';

const CONFIG = { tickTime: '500', maxSessionTimeout: '60000', '4lw.commands.whitelist': '*' };
const CONVERGE_MS_MAX = 30_000;
/** More than a leader keeps in memory for those who missed them. */
const MORE_THAN_KEPT = 600;
const LEARNER = 3;
const LEADER = 2;

type SyncMode = 'DIFF' | 'TRUNC' | 'SNAP';

/** What Apache 3.8.0 logs, as a leader and as a learner. */
const SENT = /Sending DIFF|Sending TRUNC|Sending snapshot/g;
const RECEIVED = /Getting a diff|Truncating log|Getting a snapshot/g;
const MODES: Readonly<Record<string, SyncMode>> = {
  'Sending DIFF': 'DIFF',
  'Sending TRUNC': 'TRUNC',
  'Sending snapshot': 'SNAP',
  'Getting a diff': 'DIFF',
  'Truncating log': 'TRUNC',
  'Getting a snapshot': 'SNAP',
};

describeWithTool({ name: 'synchronisation between both engines', missing: missingForApache }, () => {
  describe('a builtin server by an Apache leader', () => {
    defineSyncTests({ leader: 'apache', learner: 'builtin' });
  });
  describe('an Apache server by a builtin leader', () => {
    defineSyncTests({ leader: 'builtin', learner: 'apache' });
  });
  describe('sessions, watches and observers', defineSessionTests);
});

function defineSyncTests({ leader, learner }: { leader: EngineName; learner: EngineName }): void {
  let ensemble: MixedEnsemble;
  let count = 0;

  beforeAll(async () => {
    ensemble = await MixedEnsemble.open([leader, leader, learner], CONFIG);
    await startUntilLearnerLeads();
    await withClientOf(ensemble, LEARNER, (client) => client.create('/n'));
  });

  afterAll(() => ensemble.close());

  async function startUntilLearnerLeads(): Promise<void> {
    // First, so that it is there when they elect.
    await ensemble.start(LEARNER);
    await ensemble.start(1, LEADER);
    await Promise.all([
      ensemble.untilMode(1, 'follower'),
      ensemble.untilMode(LEADER, 'follower'),
      ensemble.untilMode(LEARNER, 'leader'),
    ]);
  }

  /** How learners were synchronised so far, in the words of the Apache server on either side. */
  async function syncs(): Promise<readonly string[]> {
    const log = await ensemble.logOf(leader === 'apache' ? LEADER : LEARNER);
    return log.match(leader === 'apache' ? SENT : RECEIVED) ?? [];
  }

  async function expectSynchronised(mode: SyncMode): Promise<void> {
    const before = await syncs();
    await ensemble.start(LEARNER);
    await ensemble.untilMode(LEARNER, 'follower');
    const since = (await syncs()).slice(before.length);
    expect(since.map((line) => MODES[line])).toEqual([mode]);
    const text = `text ${++count}`;
    await withClientOf(ensemble, LEARNER, (client) => client.setData('/n', Buffer.from(text)));
    for (const sid of ensemble.sids) expect([sid, await readAt(ensemble, sid)]).toEqual([sid, text]);
  }

  test('DIFF: what it missed', async () => {
    await ensemble.stop(LEARNER);
    await ensemble.untilMode(LEADER, 'leader');
    await withClientOf(ensemble, LEADER, (client) => client.setData('/n', Buffer.from('missed')));
    await expectSynchronised('DIFF');
  });

  test('SNAP: everything, when it lost its disk and the leader does not remember that far', async () => {
    await ensemble.kill(LEARNER);
    await ensemble.wipe(LEARNER);
    await withClientOf(ensemble, LEADER, async (client) => {
      await Promise.all(
        Array.from({ length: MORE_THAN_KEPT }, () => client.setData('/n', Buffer.from('many'))),
      );
    });
    await expectSynchronised('SNAP');
  });

  test('TRUNC: what it alone had in its log is taken back', async () => {
    for (const sid of ensemble.sids) await ensemble.stop(sid);
    await startUntilLearnerLeads();
    const client = await RawClient.connect(
      { host: '127.0.0.1', port: ensemble.portOf(LEARNER) },
      { timeoutMs: 60_000 },
    );
    // What the leader proposes reaches nobody from here on.
    for (const sid of [1, LEADER]) ensemble.links.cut({ a: LEARNER, b: sid }, { isOneWay: true });
    for (let xid = 1; xid <= 3; xid++) {
      client.send({ xid, type: setData.opCode }, (writer) => {
        setData.encodeRequest(writer, { path: '/n', data: Buffer.from(`lost ${xid}`), version: -1 });
      });
    }
    await waitFor('it is in the log', () => ensemble.hasLogged(LEARNER, 'lost 3'), CONVERGE_MS_MAX);
    await ensemble.kill(LEARNER);
    client.destroy();
    for (const sid of [1, LEADER]) {
      // Both ways now, or what is on its way would arrive after all.
      ensemble.links.cut({ a: LEARNER, b: sid });
      ensemble.links.heal({ a: LEARNER, b: sid });
    }
    // Nothing is written before it is back: behind a new epoch's first transaction Apache sends a snapshot instead.
    await ensemble.untilMode(LEADER, 'leader');
    await expectSynchronised('TRUNC');
    expect(await ensemble.hasLogged(LEARNER, 'lost')).toBe(false);
  });
}

function defineSessionTests(): void {
  const [BUILTIN, APACHE, BUILTIN_OBSERVER, APACHE_OBSERVER] = [1, 2, 4, 5];
  let ensemble: MixedEnsemble;

  beforeAll(async () => {
    ensemble = await MixedEnsemble.open(['builtin', 'apache', 'builtin'], CONFIG, {
      observers: ['builtin', 'apache'],
    });
    await ensemble.start(3);
    await ensemble.start(BUILTIN, APACHE, BUILTIN_OBSERVER, APACHE_OBSERVER);
    await Promise.all([
      ensemble.untilMode(BUILTIN, 'follower'),
      ensemble.untilMode(APACHE, 'follower'),
      ensemble.untilMode(3, 'leader'),
      ensemble.untilMode(BUILTIN_OBSERVER, 'observer'),
      ensemble.untilMode(APACHE_OBSERVER, 'observer'),
    ]);
    await withClientOf(ensemble, BUILTIN, (client) => client.create('/n'));
  });

  afterAll(() => ensemble.close());

  test('a session moves through servers of both engines, observers too, and its ephemeral stays', async () => {
    const openAt = (sid: number): Promise<RawClient> =>
      RawClient.open({ host: '127.0.0.1', port: ensemble.portOf(sid) });
    const first = await openAt(BUILTIN);
    const { sessionId, password } = await first.handshake({ timeoutMs: 30_000 });
    await first.request(1, create, { path: '/mine', data: null, acl: OPEN_ACL_UNSAFE, flags: 1 });
    for (const sid of [APACHE, BUILTIN_OBSERVER, APACHE_OBSERVER, BUILTIN]) {
      const next = await openAt(sid);
      const answer = await next.handshake({ timeoutMs: 30_000, sessionId, password });
      expect([sid, answer.sessionId, answer.timeoutMs]).toEqual([sid, sessionId, 30_000]);
      const written = await next.request(1, setData, {
        path: '/n',
        data: Buffer.from(`at ${sid}`),
        version: -1,
      });
      expect([sid, written.err]).toEqual([sid, 0]);
      const mine = await next.request(2, exists, { path: '/mine', watch: false });
      expect([sid, exists.decodeResponse(mine.body).ephemeralOwner]).toEqual([sid, sessionId]);
      next.destroy();
    }
    first.destroy();
  });

  test('a wrong password is refused wherever the session goes', async () => {
    const owner = await RawClient.open({ host: '127.0.0.1', port: ensemble.portOf(BUILTIN) });
    const { sessionId } = await owner.handshake({ timeoutMs: 30_000 });
    for (const sid of [APACHE, BUILTIN_OBSERVER, APACHE_OBSERVER]) {
      const thief = await RawClient.open({ host: '127.0.0.1', port: ensemble.portOf(sid) });
      const answer = await thief.handshake({ sessionId, password: new Uint8Array(16) });
      expect([sid, answer.sessionId, answer.timeoutMs]).toEqual([sid, 0n, 0]);
      thief.destroy();
    }
    owner.destroy();
  });

  test.each([
    ['builtin', BUILTIN_OBSERVER],
    ['Apache', APACHE_OBSERVER],
  ])('an observer that is %s forwards writes, and its watches hear of others’', async (_engine, sid) => {
    await withClientOf(ensemble, sid, async (client) => {
      const heard: string[] = [];
      await client.getData('/n', {
        watch: ({ type }) => {
          heard.push(type);
        },
      });
      await withClientOf(ensemble, APACHE, (other) => other.setData('/n', Buffer.from('elsewhere')));
      await waitFor('the watch fires', () => heard.length > 0);
      expect(heard).toEqual(['NodeDataChanged']);
      await client.setData('/n', Buffer.from(`by observer ${sid}`));
    });
    for (const other of ensemble.sids) expect(await readAt(ensemble, other)).toBe(`by observer ${sid}`);
  });

  test('neither observer takes part in an election: two participants of three are enough, one is not', async () => {
    await ensemble.stop(3);
    await ensemble.untilMode(APACHE, 'leader');
    for (const sid of [BUILTIN_OBSERVER, APACHE_OBSERVER]) await ensemble.untilMode(sid, 'observer');
    await ensemble.stop(APACHE);
    await ensemble.untilLooking(BUILTIN);
    for (const sid of [BUILTIN_OBSERVER, APACHE_OBSERVER]) await ensemble.untilLooking(sid);
  });
}

async function withClientOf<T>(
  ensemble: MixedEnsemble,
  sid: number,
  work: (client: ZooKeeperClient) => Promise<T>,
): Promise<T> {
  const client = new ZooKeeperClient({
    connectString: ensemble.connectStringOf(sid),
    sessionTimeoutMs: 10_000,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

function readAt(ensemble: MixedEnsemble, sid: number): Promise<string> {
  return withClientOf(ensemble, sid, async (client) => {
    await client.sync('/n');
    return Buffer.from((await client.getData('/n')).data ?? []).toString();
  });
}
