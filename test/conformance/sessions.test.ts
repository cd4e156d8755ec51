/** Sessions: establishment, negotiation, keep-alive, reconnect, move, expiry, close (PROTOCOL.md 2.2, 2.3, 2.11). */
import { expect, test } from 'vitest';
import { SESSION_NONE, sessionPassword, toSessionId } from '../../shared/ids.ts';
import { closeSession } from '../../shared/protocol/close-session.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { ping } from '../../shared/protocol/ping.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { toZxid } from '../../shared/zxid.ts';
import { waitFor } from '../support/wait.ts';
import { BENCH_CONFIG, bytes, conformance, eventLog, expectCode, throughReconnect } from './bench.ts';

/** Two ticks, the least that a server grants. */
const SHORT_TIMEOUT_MS = 2 * Number(BENCH_CONFIG.tickTime);

conformance('sessions', BENCH_CONFIG, (bench) => {
  test.each([
    ['too short is raised to two ticks', 1, 400],
    ['within the limits is granted', 5_000, 5_000],
    ['too long is lowered to the maximum', 3_600_000, 30_000],
  ])('timeout: %s', async (_what, asked, granted) => {
    const client = await bench.connect({ sessionTimeoutMs: asked, connectTimeoutMs: 5_000 });
    expect(client.facts.negotiatedTimeoutMs).toBe(granted);
  });

  test('timeout: a reconnect negotiates it anew', async () => {
    const first = await bench.rawOpen();
    const { sessionId, password, timeoutMs } = await first.handshake({ timeoutMs: 5_000 });
    first.destroy();
    const second = await bench.rawOpen();
    const again = await second.handshake({ sessionId, password, timeoutMs: 7_000 });
    expect([timeoutMs, again.timeoutMs]).toEqual([5_000, 7_000]);
    expect(again.sessionId).toBe(sessionId);
  });

  test('ids: each new session is one more than the one before', async () => {
    const first = await bench.rawOpen();
    const second = await bench.rawOpen();
    const { sessionId: one } = await first.handshake();
    const { sessionId: two } = await second.handshake();
    expect(one).not.toBe(SESSION_NONE);
    expect(two).toBe(one + 1n);
  });

  test('passwords: are those that every server derives from the id', async () => {
    const raw = await bench.rawOpen();
    const { sessionId, password } = await raw.handshake();
    expect(password).toEqual(sessionPassword(sessionId));
  });

  test('handshake: the readOnly byte is answered only to those who sent one', async () => {
    const old = await bench.rawOpen();
    const current = await bench.rawOpen();
    expect(await old.handshake({ readOnly: undefined })).toMatchObject({ bytes: 36, readOnly: undefined });
    expect(await current.handshake({ readOnly: true })).toMatchObject({ bytes: 37, readOnly: false });
  });

  test('handshake: an old client works', async () => {
    const raw = await bench.rawConnect({ readOnly: undefined });
    expect(await raw.request(1, exists, { path: '/', watch: false })).toMatchObject({ xid: 1, err: 0 });
  });

  test('handshake: requests sent behind it, before its answer, are served', async () => {
    const raw = await bench.rawOpen();
    raw.sendHandshake();
    raw.send({ xid: 1, type: exists.opCode }, (writer) => {
      exists.encodeRequest(writer, { path: '/', watch: false });
    });
    raw.send({ xid: 2, type: getData.opCode }, (writer) => {
      getData.encodeRequest(writer, { path: '/nowhere', watch: false });
    });
    expect((await raw.nextFrame()).length).toBe(37);
    expect(await raw.nextReply()).toMatchObject({ xid: 1, err: 0 });
    expect(await raw.nextReply()).toMatchObject({ xid: 2, err: -101 });
  });

  test('handshake: a client that has seen the future is turned away', async () => {
    const raw = await bench.rawOpen();
    raw.sendHandshake({ lastZxidSeen: toZxid(1n << 60n) });
    await raw.expectClosed();
    expect(raw.waitingFrames).toBe(0);
  });

  test('refusal: an unknown session is answered with zeros and a closed connection', async () => {
    const raw = await bench.rawOpen();
    const sessionId = toSessionId(0x0123_4567_89ab_cdefn);
    const answer = await raw.handshake({ sessionId, password: sessionPassword(sessionId) });
    expect(answer).toMatchObject({ timeoutMs: 0, sessionId: SESSION_NONE, password: new Uint8Array(16) });
    await raw.expectClosed();
  });

  test('refusal: so is a wrong password', async () => {
    const owner = await bench.rawOpen();
    const { sessionId } = await owner.handshake();
    const thief = await bench.rawOpen();
    const answer = await thief.handshake({ sessionId, password: new Uint8Array(16).fill(7) });
    expect(answer).toMatchObject({ timeoutMs: 0, sessionId: SESSION_NONE });
    await thief.expectClosed();
  });

  test('refusal: to the client it means expired', async () => {
    const owner = await bench.connect();
    const sessionId = owner.facts.sessionId ?? SESSION_NONE;
    const thief = bench.makeClient({ resume: { sessionId, password: new Uint8Array(16) } });
    await expectCode(thief.connect(), 'SESSIONEXPIRED');
    expect(thief.facts.state).toBe('expired');
    await expectCode(thief.getData('/'), 'SESSIONEXPIRED');
  });

  test('keep-alive: an idle client stays far beyond its timeout', async () => {
    const client = await bench.connect({ sessionTimeoutMs: SHORT_TIMEOUT_MS });
    const path = bench.freshPath();
    await client.create(path, { mode: 'EPHEMERAL' });
    const watcher = await bench.connect();
    const startMs = performance.now();
    await waitFor('four timeouts pass', () => performance.now() - startMs > 4 * SHORT_TIMEOUT_MS);
    expect(await watcher.exists(path)).not.toBeNull();
    expect(client.facts.state).toBe('connected');
    expect(client.facts.pingLatencyMs).toBeLessThan(SHORT_TIMEOUT_MS);
  });

  test('keep-alive: a ping is answered with its own xid and without a body', async () => {
    const raw = await bench.rawConnect();
    const reply = await raw.request(-2, ping, undefined);
    expect(reply).toMatchObject({ xid: -2, err: 0 });
    expect(reply.body.remaining).toBe(0);
  });

  test('expiry: a silent session’s ephemerals go, and watchers hear of it', async () => {
    const watcher = await bench.connect();
    const base = await bench.freshNode(watcher);
    const lost = await bench.connect({ sessionTimeoutMs: SHORT_TIMEOUT_MS });
    await lost.create(`${base}/e`, { mode: 'EPHEMERAL' });
    const log = eventLog();
    await watcher.exists(`${base}/e`, { watch: log.listener });
    const startMs = performance.now();
    lost.abandon();
    await log.reach(1);
    const tookMs = performance.now() - startMs;
    expect(log.lines).toEqual([`NodeDeleted ${base}/e`]);
    // Between the timeout and the end of the bucket behind it, with room for a slow machine.
    expect(tookMs).toBeGreaterThan(SHORT_TIMEOUT_MS - 50);
    expect(tookMs).toBeLessThan(SHORT_TIMEOUT_MS + 10 * Number(BENCH_CONFIG.tickTime));
  });

  test('expiry: the session cannot be taken up again', async () => {
    const lost = await bench.connect({ sessionTimeoutMs: SHORT_TIMEOUT_MS });
    const path = bench.freshPath();
    await lost.create(path, { mode: 'EPHEMERAL' });
    const key = lost.sessionKey;
    lost.abandon();
    const watcher = await bench.connect();
    await waitFor('the session expires', async () => (await watcher.exists(path)) === null);
    if (key === undefined) throw new Error('a connected client has a session');
    await expectCode(bench.makeClient({ resume: key }).connect(), 'SESSIONEXPIRED');
  });

  test('expiry: a raw client that falls silent is disconnected', async () => {
    const raw = await bench.rawConnect({ timeoutMs: SHORT_TIMEOUT_MS });
    await raw.expectClosed();
  });

  test('expiry: any request keeps a session alive, not only pings', async () => {
    const raw = await bench.rawConnect({ timeoutMs: SHORT_TIMEOUT_MS });
    const startMs = performance.now();
    for (let xid = 1; performance.now() - startMs < 3 * SHORT_TIMEOUT_MS; xid++) {
      expect((await raw.request(xid, exists, { path: '/', watch: false })).err).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, SHORT_TIMEOUT_MS / 8));
    }
  });

  test('close: ephemerals go at once, other nodes stay', async () => {
    const watcher = await bench.connect();
    const base = await bench.freshNode(watcher);
    const client = await bench.connect();
    await client.create(`${base}/e`, { mode: 'EPHEMERAL' });
    await client.create(`${base}/p`);
    await client.close();
    expect((await watcher.getChildren(base)).children).toEqual(['p']);
  });

  test('close: is answered, then the server closes the connection', async () => {
    const raw = await bench.rawConnect();
    expect(await raw.request(5, closeSession, undefined)).toMatchObject({ xid: 5, err: 0 });
    await raw.expectClosed();
  });

  test('close: the session is gone for good', async () => {
    const client = await bench.connect();
    const key = client.sessionKey;
    await client.close();
    if (key === undefined) throw new Error('a connected client has a session');
    await expectCode(bench.makeClient({ resume: key }).connect(), 'SESSIONEXPIRED');
  });

  test('close: requests made before it are answered, later ones fail', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const before = client.setData(path, null);
    const closed = client.close();
    await expectCode(client.getData(path), 'CLIENT_CLOSED');
    expect((await before).version).toBe(1);
    await closed;
    expect(client.facts.state).toBe('closed');
  });

  test('reconnect: the same session, its ephemerals still there', async () => {
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    const path = bench.freshPath();
    await client.create(path, { mode: 'EPHEMERAL' });
    const { sessionId } = client.facts;
    await throughReconnect(client, () => {
      proxy.cut();
    });
    expect(client.facts.sessionId).toBe(sessionId);
    expect((await client.exists(path))?.ephemeralOwner).toBe(sessionId);
  });

  test('reconnect: what was on its way fails with CONNECTIONLOSS', async () => {
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    const path = await bench.freshNode(client);
    proxy.hold();
    const write = client.setData(path, bytes('maybe'));
    const read = client.getData(path);
    const outcome = Promise.all([expectCode(write, 'CONNECTIONLOSS'), expectCode(read, 'CONNECTIONLOSS')]);
    const watcher = await bench.connect();
    await waitFor('the write arrives', async () => ((await watcher.exists(path))?.version ?? 0) === 1);
    proxy.cut();
    const [writeError] = await outcome;
    expect(writeError.retryable).toBe(true);
    expect(writeError.context.path).toBe(path);
  });

  test('reconnect: a connection that goes silent is given up', async () => {
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString, sessionTimeoutMs: 600 });
    const { sessionId } = client.facts;
    await throughReconnect(client, () => {
      proxy.hold();
    });
    expect(client.facts.sessionId).toBe(sessionId);
    expect(proxy.acceptedCount).toBe(2);
  });

  test('reconnect: too late is expired, and said so', async () => {
    const proxy = await bench.proxy();
    const client = await bench.connect({
      connectString: proxy.connectString,
      sessionTimeoutMs: SHORT_TIMEOUT_MS,
    });
    const path = bench.freshPath();
    await client.create(path, { mode: 'EPHEMERAL' });
    proxy.refuse();
    await waitFor('the session expires', () => client.facts.state === 'expired');
    await expectCode(client.exists(path), 'SESSIONEXPIRED');
    const watcher = await bench.connect();
    await waitFor('its ephemeral goes', async () => (await watcher.exists(path)) === null);
  });

  test('reconnect: writes go on with the next xid of the sequence', async () => {
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    const path = await bench.freshNode(client);
    for (let round = 1; round <= 3; round++) {
      expect((await client.setData(path, null)).version).toBe(round);
      await throughReconnect(client, () => {
        proxy.cut();
      });
    }
  });

  test('move: another connection takes the session over, the old one is closed', async () => {
    const old = await bench.rawOpen();
    const { sessionId, password } = await old.handshake();
    const next = await bench.rawOpen();
    expect((await next.handshake({ sessionId, password })).sessionId).toBe(sessionId);
    await old.expectClosed();
    expect(await next.request(1, exists, { path: '/', watch: false })).toMatchObject({ err: 0 });
  });

  test('move: ephemerals go with the session', async () => {
    const first = await bench.connect();
    const path = bench.freshPath();
    await first.create(path, { mode: 'EPHEMERAL' });
    const key = first.sessionKey;
    first.abandon();
    if (key === undefined) throw new Error('a connected client has a session');
    const second = await bench.connect({ resume: key });
    expect(second.facts.sessionId).toBe(key.sessionId);
    expect(await second.getEphemerals()).toEqual([path]);
    await second.close();
    const watcher = await bench.connect();
    expect(await watcher.exists(path)).toBeNull();
  });

  test('two sessions on one server do not share ephemerals', async () => {
    const one = await bench.connect();
    const two = await bench.connect();
    const path = bench.freshPath();
    await one.create(path, { mode: 'EPHEMERAL' });
    await expectCode(two.create(path, { mode: 'EPHEMERAL' }), 'NODEEXISTS');
    await two.close();
    expect((await one.exists(path))?.ephemeralOwner).toBe(one.facts.sessionId);
  });

  test('anybody may delete or change an ephemeral node', async () => {
    const owner = await bench.connect();
    const other = await bench.connect();
    const path = bench.freshPath();
    await owner.create(path, { mode: 'EPHEMERAL' });
    expect((await other.setData(path, bytes('x'))).ephemeralOwner).toBe(owner.facts.sessionId);
    await other.delete(path);
    expect(await owner.exists(path)).toBeNull();
    expect(await owner.getEphemerals()).toEqual([]);
  });

  test('the last xid of the sequence is a valid one', async () => {
    const raw = await bench.rawConnect();
    const request = { path: '/', data: new Uint8Array(0), version: -1 };
    expect(await raw.request(0x7fff_ffff, setData, request)).toMatchObject({ xid: 0x7fff_ffff, err: 0 });
    expect(await raw.request(1, setData, request)).toMatchObject({ xid: 1, err: 0 });
  });
});
