/** Sessions of a real embedded server through a whole shell: what is listed, named, previewed, ended, and who would hear. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../../../../electron/client/client.ts';
import type { ProfileDraft } from '../../../../../shared/api/connections.ts';
import { sessionIdToHex } from '../../../../../shared/ids.ts';
import { startBuiltin } from '../../../../support/builtin-server.ts';
import type { RunningServer } from '../../../../support/child-server.ts';
import { waitFor } from '../../../../support/wait.ts';
import { type TestShell, draftOf, failureOf, startTestShell, until } from '../../support/shell.ts';

let server: RunningServer;
let shell: TestShell;
let client: ZooKeeperClient;
let sessionId: string;

beforeAll(async () => {
  server = await startBuiltin({ '4lw.commands.whitelist': '*', tickTime: '500' });
  shell = await startTestShell();
});

afterAll(async () => {
  await shell.stop();
  await server.stop();
});

beforeEach(async () => {
  client = new ZooKeeperClient({ connectString: server.connectString, sessionTimeoutMs: 8_000 });
  await client.connect();
  sessionId = sessionIdToHex(client.sessionKey!.sessionId);
});

afterEach(async () => {
  await client.close();
});

async function open(changes: Partial<ProfileDraft> = {}): Promise<string> {
  const { connectionId } = await shell.api.connections.save({
    draft: draftOf(server.connectString, changes),
  });
  await shell.api.connections.open({ connectionId });
  await until(await shell.api.connections.statuses(), (statuses) =>
    statuses.some((status) => status.connectionId === connectionId && status.state === 'connected'),
  );
  return connectionId;
}

async function ownSessionId(connectionId: string): Promise<string> {
  const statuses = await until(await shell.api.connections.statuses(), () => true);
  return statuses.find((status) => status.connectionId === connectionId)!.sessionId!;
}

test('list: a session with its address, its last sign of life, its ephemerals and what they make of it', async () => {
  const connectionId = await open();
  await client.create('/leader-of-list', { mode: 'EPHEMERAL' });
  const session = await waitFor('the session is listed', async () => {
    const { sessions } = await shell.api.sessions.list({ connectionId });
    return sessions.find((each) => each.sessionId === sessionId && each.ephemeralCount === 1);
  });
  expect(session).toMatchObject({
    isOwn: false,
    server: server.connectString,
    timeoutMs: 8_000,
    ephemerals: ['/leader-of-list'],
    roles: [{ recipe: 'name', path: '/leader-of-list' }],
  });
  expect(session.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(Math.abs(Date.now() - session.lastHeardAtMs!)).toBeLessThan(5_000);
});

test('names: kept over a restart of the shell, of a session before its host, and taken away', async () => {
  const connectionId = await open();
  await shell.api.sessions.label({ connectionId, client: sessionId, text: 'orders-worker-1' });
  await shell.api.sessions.label({ connectionId, client: '127.0.0.1', text: 'this machine' });
  shell = await shell.restart();
  await shell.api.connections.open({ connectionId });
  const nameOf = async (): Promise<unknown> => {
    const { sessions } = await shell.api.sessions.list({ connectionId });
    return sessions.find((each) => each.sessionId === sessionId)?.label;
  };
  expect(await nameOf()).toEqual({ text: 'orders-worker-1', of: 'session' });
  await shell.api.sessions.label({ connectionId, client: sessionId, text: '' });
  expect(await nameOf()).toEqual({ text: 'this machine', of: 'host' });
});

describe('ending a session', () => {
  test('its ephemerals go at once, its client learns that it expired, and the next one has the lock', async () => {
    const connectionId = await open();
    const other = new ZooKeeperClient({ connectString: server.connectString });
    await other.connect();
    await other.create('/lock-to-end', { mode: 'PERSISTENT' });
    const { path } = await client.create('/lock-to-end/lock-', { mode: 'EPHEMERAL_SEQUENTIAL' });
    const next = await other.create('/lock-to-end/lock-', { mode: 'EPHEMERAL_SEQUENTIAL' });
    const expired = new Promise<void>((resolve) => {
      client.onState(({ state }) => {
        if (state === 'expired') resolve();
      });
    });
    const preview = await waitFor('the lock is listed', async () => {
      const current = await shell.api.sessions.previewEnd({ connectionId, sessionId });
      return current.passages.length > 0 && current.passages[0]!.next.length > 0 && current;
    });
    expect(preview).toMatchObject({ isListed: true, ephemerals: [path], ephemeralCount: 1, outsideCount: 0 });
    expect(preview.passages[0]).toMatchObject({ recipe: 'lock', next: [{ node: next.path }] });

    const outcome = await shell.api.sessions.end({ connectionId, sessionId });
    expect(outcome).toEqual({ outcome: 'ended', server: server.connectString });
    expect(await other.exists(path)).toBeNull();
    await expired;
    const { findings } = await until(await shell.api.diagnosis.findings({ connectionId }), (batch) =>
      batch.findings.some(({ subject }) => subject === sessionId),
    );
    expect(findings.find(({ subject }) => subject === sessionId)).toMatchObject({
      kind: 'session-ended',
      cause: 'ended-by-admin',
      confidence: 1,
    });
    await other.close();
  });

  test('one that is gone already is said to be, and so is one that never was', async () => {
    const connectionId = await open();
    await client.close();
    expect(await shell.api.sessions.end({ connectionId, sessionId })).toMatchObject({
      outcome: 'gone-already',
    });
    expect(await shell.api.sessions.end({ connectionId, sessionId: '0x1234' })).toMatchObject({
      outcome: 'gone-already',
    });
  });

  test("never Zabra's own, through whichever connection it is asked", async () => {
    const first = await open();
    const second = await open();
    const own = await ownSessionId(first);
    for (const connectionId of [first, second]) {
      const failure = await failureOf(shell.api.sessions.end({ connectionId, sessionId: own }));
      expect(failure).toMatchObject({ code: 'OWN_SESSION' });
    }
  });

  test('not through a read-only profile, nor a locked production connection; nothing is sent', async () => {
    for (const [changes, code] of [
      [{ isReadOnly: true }, 'READ_ONLY_PROFILE'],
      [{ environment: 'production' }, 'PRODUCTION_LOCKED'],
    ] as const) {
      const connectionId = await open(changes);
      expect(await failureOf(shell.api.sessions.end({ connectionId, sessionId }))).toMatchObject({ code });
    }
    expect(client.facts.state).toBe('connected');
    const production = await open({ environment: 'production' });
    await shell.api.connections.unlock({ connectionId: production, minutes: 1 });
    expect(await shell.api.sessions.end({ connectionId: production, sessionId })).toMatchObject({
      outcome: 'ended',
    });
  });

  test('a server that is not there is the failure, not a success', async () => {
    const connectionId = await open();
    const { connectionId: nowhere } = await shell.api.connections.save({ draft: draftOf('127.0.0.1:9') });
    await shell.api.connections.open({ connectionId: nowhere });
    expect(await failureOf(shell.api.sessions.end({ connectionId: nowhere, sessionId }))).toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    await shell.api.connections.close({ connectionId: nowhere });
    await shell.api.connections.close({ connectionId });
  });
});

describe('watches', () => {
  test('counted by session, listed for one, and found by path before a change', async () => {
    const connectionId = await open({ chroot: '' });
    await client.create('/watched');
    await client.getData('/watched', { watch: () => undefined });
    await client.exists('/absent', { watch: () => undefined });
    await client.getChildren('/watched', { watch: () => undefined });

    const { counts, hidden } = await shell.api.sessions.countWatches({ connectionId });
    expect(hidden).toEqual([]);
    expect(counts).toContainEqual({ sessionId, watches: 2 });
    const { paths, count } = await shell.api.sessions.watchesOf({ connectionId, sessionId });
    expect({ paths, count }).toEqual({ paths: ['/absent', '/watched'], count: 2 });

    const radius = await shell.api.radius.ask({ connectionId, change: 'data', paths: ['/watched'] });
    expect(radius).toMatchObject({ certainCount: 1, firesChildWatches: false, hidden: [], servers: 1 });
    expect(radius.watchers[0]).toMatchObject({
      sessionId,
      certainty: 'certain',
      path: '/watched',
    });
    expect(radius.watchers[0]?.address).toMatch(/^127\.0\.0\.1:/);
    const totals = await waitFor('the sums are known', async () => {
      const now = await shell.api.radius.totals({ connectionId });
      // The diagnosis of an open connection has a session of its own, and watches.
      const isCounted = (now.dataWatches ?? 0) >= 2 && (now.childWatches ?? 0) >= 1;
      return isCounted && now;
    });
    expect(totals).toMatchObject({ servers: 1, hidden: [] });
    await client.delete('/watched');
  }, 20_000);

  test('a server that does not tell says how it would', async () => {
    const quiet = await startBuiltin({ '4lw.commands.whitelist': 'srvr, mntr' });
    try {
      const { connectionId } = await shell.api.connections.save({ draft: draftOf(quiet.connectString) });
      await shell.api.connections.open({ connectionId });
      const radius = await shell.api.radius.ask({ connectionId, change: 'data', paths: ['/'] });
      expect(radius.hidden).toMatchObject([{ word: 'wchp', reason: 'whitelist' }]);
      expect(radius.hidden[0]?.configLine).toContain('wchp');
      const { paths } = await shell.api.sessions.watchesOf({ connectionId, sessionId: '0x1' });
      expect(paths).toBeNull();
      await shell.api.connections.close({ connectionId });
    } finally {
      await quiet.stop();
    }
  });
});
