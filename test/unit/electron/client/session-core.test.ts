import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../../shared/jute/utf8.ts';
import { SESSION_NONE } from '../../../../shared/ids.ts';
import { OpCode } from '../../../../shared/protocol/op-code.ts';
import { auth } from '../../../../shared/protocol/auth.ts';
import { setWatches, setWatches2 } from '../../../../shared/protocol/set-watches.ts';
import { encodeReplyHeader } from '../../../../shared/protocol/header.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import type { RequestOutcome } from '../../../../electron/client/request-queue.ts';
import { CoreBench, HOSTS, PASSWORD, SESSION_ID, TIMEOUT_MS, frame, probeRequest } from './core-bench.ts';

function ignore(): void {
  // Nobody listens.
}

describe('establishing a session', () => {
  test('start: opens the first host', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    expect(bench.of('open')).toMatchObject([{ connection: 1, host: { host: 'a', port: 1 } }]);
    expect(bench.core.state).toBe('connecting');
    expect(bench.core.server).toBe('a:1');
  });

  test('open: asks for a new session', () => {
    const bench = new CoreBench({ canBeReadOnly: true });
    const request = bench.establish();
    expect(request).toEqual({
      protocolVersion: 0,
      lastZxidSeen: 0n,
      timeoutMs: TIMEOUT_MS,
      sessionId: SESSION_NONE,
      password: new Uint8Array(16),
      readOnly: true,
    });
    expect(bench.states).toEqual(['connecting', 'handshaking', 'connected']);
  });

  test('accepted: the facts are the server’s', () => {
    const bench = new CoreBench();
    bench.establish({ timeoutMs: 1_500 });
    expect(bench.core.facts).toMatchObject({
      sessionId: SESSION_ID,
      negotiatedTimeoutMs: 1_500,
      isReadOnly: false,
    });
    expect(bench.core.key).toEqual({ sessionId: SESSION_ID, password: PASSWORD });
  });

  test('an old server answers without its readOnly byte', () => {
    const bench = new CoreBench();
    bench.establish({ readOnly: undefined });
    expect(bench.core.state).toBe('connected');
  });

  test('resume: asks for the session given', () => {
    const bench = new CoreBench({ resume: { sessionId: SESSION_ID, password: PASSWORD } });
    expect(bench.establish()).toMatchObject({ sessionId: SESSION_ID, password: PASSWORD });
  });

  test('refused host: the next one at once, a pause after a full round', () => {
    const bench = new CoreBench({ roundDelayMs: 700 });
    bench.step({ type: 'start' });
    const hosts: unknown[] = [];
    const delays: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      hosts.push(bench.core.server);
      bench.lost('CONNECTION_REFUSED');
      expect(bench.of('attemptFailed')).toMatchObject([{ error: { code: 'CONNECTION_REFUSED' } }]);
      delays.push((bench.core.deadlineMs ?? 0) - bench.nowMs);
      bench.passToDeadline();
    }
    expect(hosts).toEqual(['a:1', 'b:2', 'c:3', 'a:1']);
    expect(delays).toEqual([0, 0, 700, 0]);
  });

  test('a host that does not accept: given up after its share of the timeout', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.pass(TIMEOUT_MS / 3 - 1);
    expect(bench.core.state).toBe('connecting');
    bench.pass(1);
    expect(bench.types()).toContain('disconnect');
    expect(bench.of('attemptFailed')).toMatchObject([{ error: { code: 'CONNECTION_TIMEOUT' } }]);
  });

  test('a host that accepts and stays silent: the same', () => {
    const bench = new CoreBench({ connectTimeoutMs: 100 });
    bench.step({ type: 'start' });
    bench.opened();
    bench.pass(100);
    expect(bench.states).toEqual(['connecting', 'handshaking', 'suspended']);
  });

  test('a server that dies mid-handshake: the next host', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.opened();
    bench.receive(Uint8Array.of(0, 0, 0, 37, 0, 0));
    bench.lost();
    expect(bench.core.state).toBe('suspended');
    bench.establish();
    expect(bench.core.server).toBe('b:2');
    expect(bench.core.state).toBe('connected');
  });

  test('news of an earlier connection are ignored', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.lost();
    bench.passToDeadline();
    bench.step({ type: 'opened', connection: 1 });
    expect(bench.core.state).toBe('connecting');
    expect(bench.effects).toEqual([]);
  });

  test('an answer in pieces of one byte', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.opened();
    const whole = frame((writer) => {
      writer.writeInt(0);
      writer.writeInt(TIMEOUT_MS);
      writer.writeLong(SESSION_ID);
      writer.writeBuffer(PASSWORD);
      writer.writeBool(false);
    });
    for (const byte of whole) bench.receive(Uint8Array.of(byte));
    expect(bench.core.state).toBe('connected');
  });
});

describe('what is not ZooKeeper', () => {
  test.each([
    ['HTTP', encodeUtf8('HTTP/1.1 400 Bad Request\r\n')],
    ['SSH', encodeUtf8('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a negative length', Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
    ['a short frame', Uint8Array.of(0, 0, 0, 2, 1, 2)],
    [
      'a frame of zeros whose password has no end',
      Uint8Array.from([0, 0, 0, 40, ...Array<number>(16).fill(0), 0x7f, ...Array<number>(23).fill(0)]),
    ],
  ])('%s is NOT_ZOOKEEPER', (_what, bytes) => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.opened();
    bench.receive(bytes);
    expect(bench.of('attemptFailed')).toMatchObject([
      { error: { code: 'NOT_ZOOKEEPER', context: { server: 'a:1' } } },
    ]);
    expect(bench.core.state).toBe('suspended');
  });

  test('a TLS alert says so', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.opened();
    bench.receive(Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40));
    expect(bench.of('attemptFailed')[0]?.error.message).toContain('TLS');
  });

  test('a read-only server that gives no session answers with a header', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.opened();
    bench.receive(
      frame((writer) => {
        encodeReplyHeader(writer, { xid: 0, zxid: toZxid(0n), err: -119 });
      }),
    );
    expect(bench.of('attemptFailed')[0]?.error).toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(bench.of('attemptFailed')[0]?.error.message).toContain('NOTREADONLY');
  });
});

describe('requests', () => {
  test('xids count from 1, replies settle in order', () => {
    const bench = new CoreBench();
    bench.establish();
    const first = bench.request();
    expect(bench.sent()).toMatchObject([{ xid: 1, type: OpCode.getData }]);
    const second = bench.request();
    expect(bench.sent()).toMatchObject([{ xid: 2 }]);
    bench.reply({ xid: 1, zxid: 5n });
    expect([first.result(), second.result()]).toEqual(['ok', 'open']);
    bench.reply({ xid: 2, zxid: 6n, err: -101 });
    expect(second.outcome()).toMatchObject({
      error: { code: 'NONODE', context: { path: '/a', server: 'a:1' } },
    });
    expect(bench.core.facts.lastZxidSeen).toBe(6n);
  });

  test('a reply without a zxid does not take back what was seen', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.request();
    bench.request();
    bench.reply({ xid: 1, zxid: 5n });
    bench.reply({ xid: 2, zxid: 0n });
    expect(bench.core.facts.lastZxidSeen).toBe(5n);
  });

  test('the queue’s bytes are free again when sent', () => {
    const bench = new CoreBench({ outstandingMax: 1, queuedBytesMax: 100 });
    bench.establish();
    for (let xid = 1; xid <= 5; xid++) {
      const probe = bench.request(probeRequest(`/${'x'.repeat(60)}`));
      expect(probe.result()).toBe('open');
      bench.reply({ xid });
    }
  });

  test('asked while connecting: sent when connected, in order', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    bench.request();
    bench.request();
    expect(bench.sent()).toEqual([]);
    bench.opened();
    bench.accept();
    expect(bench.sent().map(({ xid }) => xid)).toEqual([1, 2]);
  });

  test('a reply out of order: the connection is dropped, everything fails', () => {
    const bench = new CoreBench();
    bench.establish();
    const first = bench.request();
    const second = bench.request();
    bench.reply({ xid: 2 });
    expect(bench.core.state).toBe('suspended');
    expect([first.result(), second.result()]).toEqual(['CONNECTIONLOSS', 'CONNECTIONLOSS']);
    expect(bench.of('state')[0]?.error?.cause).toMatchObject({ code: 'UNEXPECTED_XID' });
  });

  test('a reply that nobody waits for: the connection is dropped', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.reply({ xid: 1 });
    expect(bench.core.state).toBe('suspended');
  });

  test('a reply that cannot be decoded: that request says so, the connection is dropped', () => {
    const bench = new CoreBench();
    bench.establish();
    const first = bench.request();
    const second = bench.request();
    bench.reply({ xid: 1 }, false);
    expect([first.result(), second.result()]).toEqual(['TRUNCATED', 'CONNECTIONLOSS']);
    expect(bench.core.state).toBe('suspended');
  });

  test('a frame beyond the limit: the connection is dropped', () => {
    const bench = new CoreBench({ frameBytesMax: 100 });
    bench.establish();
    const open = bench.request();
    bench.receive(Uint8Array.of(0, 0, 0, 101));
    expect(open.outcome()).toMatchObject({ error: { cause: { cause: { code: 'FRAME_TOO_LARGE' } } } });
  });

  test('the window: further requests wait for replies', () => {
    const bench = new CoreBench({ outstandingMax: 2 });
    bench.establish();
    for (let count = 0; count < 4; count++) bench.request();
    expect(bench.core.facts.outstandingCount).toBe(2);
    bench.reply({ xid: 1 });
    expect(bench.sent().map(({ xid }) => xid)).toEqual([3]);
    bench.reply({ xid: 2 });
    expect(bench.sent().map(({ xid }) => xid)).toEqual([4]);
  });

  test('the queue’s bound: one more is OUTSTANDING_LIMIT, the others are unharmed', () => {
    const bench = new CoreBench({ outstandingMax: 1, queuedMax: 2 });
    bench.establish();
    const taken = [bench.request(), bench.request(), bench.request()];
    const refused = bench.request();
    expect(refused.result()).toBe('OUTSTANDING_LIMIT');
    for (const xid of [1, 2, 3]) bench.reply({ xid });
    expect(taken.map((probe) => probe.result())).toEqual(['ok', 'ok', 'ok']);
  });

  test('the queue’s bound holds for bytes as well', () => {
    const bench = new CoreBench({ outstandingMax: 1, queuedBytesMax: 100 });
    bench.establish();
    bench.request();
    bench.request(probeRequest(`/${'x'.repeat(60)}`));
    expect(bench.request(probeRequest(`/${'y'.repeat(60)}`)).result()).toBe('OUTSTANDING_LIMIT');
  });

  test('before start: NOT_CONNECTED', () => {
    expect(new CoreBench().request().result()).toBe('NOT_CONNECTED');
  });

  test('cancelled in the queue: never sent', () => {
    const bench = new CoreBench({ outstandingMax: 1 });
    bench.establish();
    bench.request();
    const cancelled = bench.request();
    const last = bench.request();
    bench.step({ type: 'cancel', request: cancelled.request });
    bench.reply({ xid: 1 });
    expect(bench.sent().map(({ xid }) => xid)).toEqual([2]);
    bench.reply({ xid: 2 });
    expect([cancelled.result(), last.result()]).toEqual(['open', 'ok']);
  });

  test('cancelled on the wire: its reply is dropped, the order kept, its watch not registered', () => {
    const bench = new CoreBench();
    bench.establish();
    const cancelled = bench.request(probeRequest('/a', { kind: 'data', path: '/a', listener: ignore }));
    const next = bench.request();
    bench.step({ type: 'cancel', request: cancelled.request });
    bench.reply({ xid: 1 });
    bench.reply({ xid: 2 });
    expect([cancelled.result(), next.result()]).toEqual(['open', 'ok']);
    expect(bench.core.watches.size).toBe(0);
  });

  test('cancelled, then the connection is lost: not settled at all', () => {
    const bench = new CoreBench();
    bench.establish();
    const cancelled = bench.request();
    bench.step({ type: 'cancel', request: cancelled.request });
    bench.lost();
    expect(cancelled.result()).toBe('open');
  });
});

describe('keeping alive', () => {
  test('ping: after a third of the timeout without sending', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.pass(TIMEOUT_MS / 3 - 1);
    expect(bench.sent()).toEqual([]);
    bench.pass(1);
    expect(bench.sent()).toMatchObject([{ xid: -2, type: OpCode.ping }]);
    expect(bench.sent()[0]?.body.remaining).toBe(0);
  });

  test('ping: a request puts it off', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.nowMs += 900;
    bench.request();
    bench.pass(900);
    expect(bench.sent()).toEqual([]);
    bench.pass(100);
    expect(bench.sent()).toMatchObject([{ xid: -2 }]);
  });

  test('ping: at least every ten seconds', () => {
    const bench = new CoreBench();
    bench.establish({ timeoutMs: 60_000 });
    bench.passToDeadline();
    expect(bench.nowMs).toBe(11_000);
    expect(bench.sent()).toMatchObject([{ xid: -2 }]);
  });

  test('ping: its answer tells the latency and the server’s zxid, but not what was seen', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.pass(1_000);
    bench.nowMs += 7;
    bench.reply({ xid: -2, zxid: 99n }, false);
    expect(bench.core.facts).toMatchObject({ pingLatencyMs: 7, latestServerZxid: 99n, lastZxidSeen: 0n });
  });

  test('silence: given up after two thirds of the timeout', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.pass(1_000);
    bench.pass(999);
    expect(bench.core.state).toBe('connected');
    bench.pass(1);
    expect(bench.core.state).toBe('suspended');
    expect(bench.of('state')[0]?.error).toMatchObject({ code: 'CONNECTION_TIMEOUT' });
  });

  test('silence: a reply under way counts as heard', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.nowMs += 1_900;
    bench.receive(Uint8Array.of(0, 0, 0, 200, 1));
    bench.pass(1_000);
    expect(bench.core.state).toBe('connected');
  });
});

describe('reconnecting', () => {
  test('loss: what was sent and what was queued fails with CONNECTIONLOSS', () => {
    const bench = new CoreBench({ outstandingMax: 1 });
    bench.establish();
    const requests = [bench.request(), bench.request()];
    bench.lost();
    expect(requests.map((probe) => probe.result())).toEqual(['CONNECTIONLOSS', 'CONNECTIONLOSS']);
    expect(bench.of('attemptFailed')).toEqual([]);
  });

  test('loss: a random pause, then the next host, the same session and what was seen', () => {
    const bench = new CoreBench({ reconnectDelayMsMax: 1_000 });
    bench.establish();
    bench.request();
    bench.reply({ xid: 1, zxid: 0x5_0000_0007n });
    bench.random = 0.25;
    bench.lost();
    expect((bench.core.deadlineMs ?? 0) - bench.nowMs).toBe(250);
    const request = bench.establish();
    expect(request).toMatchObject({
      sessionId: SESSION_ID,
      password: PASSWORD,
      lastZxidSeen: 0x5_0000_0007n,
    });
    expect(bench.core.server).toBe('b:2');
    expect(bench.states).toEqual([
      'connecting',
      'handshaking',
      'connected',
      'suspended',
      'connecting',
      'handshaking',
      'connected',
    ]);
  });

  test('xids go on', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.request();
    bench.lost();
    bench.establish();
    bench.request();
    expect(bench.sent()).toMatchObject([{ xid: 2 }]);
  });

  test('asked while suspended: fails with the next failing attempt, as in Java’s client', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.lost();
    const waiting = bench.request();
    expect(waiting.result()).toBe('open');
    bench.passToDeadline();
    bench.lost('CONNECTION_REFUSED');
    expect(waiting.result()).toBe('CONNECTIONLOSS');
  });

  test('a connection that worked begins a new round of hosts', () => {
    const bench = new CoreBench({ roundDelayMs: 700, reconnectDelayMsMax: 0 });
    bench.step({ type: 'start' });
    bench.lost('CONNECTION_REFUSED');
    bench.establish();
    bench.lost();
    bench.passToDeadline();
    bench.lost('CONNECTION_REFUSED');
    expect(bench.core.deadlineMs).toBe(bench.nowMs);
  });

  test('nothing of a dropped connection’s chunk counts after what dropped it', () => {
    const bench = new CoreBench({ outstandingMax: 1 });
    bench.establish();
    bench.core.watches.addOneShot('data', '/a', ignore);
    bench.request();
    bench.request();
    const header = (xid: number): Uint8Array =>
      frame((writer) => {
        encodeReplyHeader(writer, { xid, zxid: toZxid(-1n), err: 0 });
        writer.writeInt(3);
        writer.writeInt(3);
        writer.writeString('/a');
      });
    // An answer that lets the queued request out, one that nobody asked for, an event.
    bench.receive(Uint8Array.from([...header(1), ...header(77), ...header(-1)]));
    expect(bench.types()).toEqual(['settle', 'disconnect', 'settle', 'state']);
  });

  test('a ping that was lost does not count for the next one', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.pass(1_000);
    bench.lost();
    bench.establish();
    bench.pass(1_000);
    bench.nowMs += 3;
    bench.reply({ xid: -2 }, false);
    expect(bench.core.facts.pingLatencyMs).toBe(3);
  });

  test('moved: a server that is behind closes, the next one takes the session', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.lost();
    bench.passToDeadline();
    bench.opened();
    bench.lost();
    expect(bench.establish()).toMatchObject({ sessionId: SESSION_ID });
    expect(bench.core.server).toBe('c:3');
  });

  test('expired, says the server', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.core.watches.addOneShot('data', '/a', ignore);
    bench.lost();
    const waiting = bench.request(probeRequest('/waiting'));
    bench.passToDeadline();
    bench.opened();
    bench.refuse();
    expect(bench.core.state).toBe('expired');
    expect(waiting.outcome()).toMatchObject({
      error: { code: 'SESSIONEXPIRED', context: { path: '/waiting' } },
    });
    expect(bench.core.watches.size).toBe(0);
    expect(bench.core.deadlineMs).toBeUndefined();
    expect(bench.request().result()).toBe('SESSIONEXPIRED');
  });

  test('expired by itself: nothing heard for four thirds of the timeout', () => {
    const bench = new CoreBench({ reconnectDelayMsMax: 0, roundDelayMs: 100 });
    bench.establish();
    const heardMs = bench.nowMs;
    bench.lost();
    while (bench.core.state !== 'expired') {
      if (bench.core.state === 'connecting') bench.lost('CONNECTION_REFUSED');
      bench.passToDeadline();
    }
    expect(bench.nowMs - heardMs).toBe((TIMEOUT_MS * 4) / 3);
    expect(bench.types()).not.toContain('open');
  });

  test('without a session there is nothing to expire', () => {
    const bench = new CoreBench();
    bench.step({ type: 'start' });
    for (let attempt = 0; attempt < 50; attempt++) {
      bench.lost('CONNECTION_REFUSED');
      bench.passToDeadline();
    }
    expect(bench.core.state).toBe('connecting');
  });
});

describe('auth', () => {
  const credential = { scheme: 'digest', auth: encodeUtf8('u:p') };

  function addAuth(bench: CoreBench, added = credential): { outcome: RequestOutcome | undefined } {
    const seen: { outcome: RequestOutcome | undefined } = { outcome: undefined };
    bench.step({
      type: 'addAuth',
      credential: added,
      settle: (outcome) => {
        seen.outcome = outcome;
      },
    });
    return seen;
  }

  test('sent at once when connected, settled by its reply', () => {
    const bench = new CoreBench();
    bench.establish();
    const seen = addAuth(bench);
    expect(bench.sent()).toMatchObject([{ xid: -4, type: OpCode.auth }]);
    expect(auth.decodeRequest(bench.sent()[0]?.body ?? expect.fail('no body'))).toEqual(credential);
    expect(seen.outcome).toBeUndefined();
    bench.reply({ xid: -4 }, false);
    expect(seen.outcome).toEqual({ isOk: true });
    expect(bench.core.facts.authenticated).toEqual([{ scheme: 'digest', user: 'u' }]);
    bench.lost();
    expect(bench.core.facts.authenticated).toEqual([]);
  });

  test('on a new connection: auth, then watches, then what was queued', () => {
    const bench = new CoreBench();
    addAuth(bench);
    bench.establish();
    bench.core.watches.addOneShot('data', '/a', ignore);
    bench.lost();
    bench.request();
    bench.passToDeadline();
    bench.opened();
    bench.accept();
    expect(bench.sent().map(({ type }) => type)).toEqual([OpCode.auth, OpCode.setWatches, OpCode.getData]);
    expect(bench.core.facts.authenticated).toEqual([]);
  });

  test('the same credential twice is sent once on a new connection', () => {
    const bench = new CoreBench();
    addAuth(bench);
    addAuth(bench);
    bench.step({ type: 'start' });
    bench.opened();
    bench.accept();
    expect(bench.sent()).toHaveLength(1);
  });

  test('unanswered when the connection is lost: settled on the next one', () => {
    const bench = new CoreBench();
    bench.establish();
    const seen = addAuth(bench);
    bench.lost();
    expect(seen.outcome).toBeUndefined();
    bench.establish();
    bench.reply({ xid: -4 }, false);
    expect(seen.outcome).toEqual({ isOk: true });
  });

  test('refused: terminal, everything fails with AUTHFAILED', () => {
    const bench = new CoreBench();
    bench.establish();
    const seen = addAuth(bench);
    const open = bench.request();
    bench.reply({ xid: -4, err: -115 });
    expect(bench.core.state).toBe('authFailed');
    expect(seen.outcome).toMatchObject({ error: { code: 'AUTHFAILED' } });
    expect([open.result(), bench.request().result()]).toEqual(['AUTHFAILED', 'AUTHFAILED']);
    expect(addAuth(bench).outcome).toMatchObject({ isOk: false });
  });
});

test('nothing behind a refusal in the same chunk counts', () => {
  const bench = new CoreBench();
  bench.establish();
  const refusal = frame((writer) => {
    encodeReplyHeader(writer, { xid: -4, zxid: toZxid(0n), err: -115 });
  });
  const event = frame((writer) => {
    encodeReplyHeader(writer, { xid: -1, zxid: toZxid(-1n), err: 0 });
    writer.writeInt(3);
    writer.writeInt(3);
    writer.writeString('/a');
  });
  bench.receive(Uint8Array.from([...refusal, ...event]));
  expect(bench.types()).toEqual(['disconnect', 'state']);
});

describe('watches', () => {
  const watch = (kind: 'data' | 'exist' | 'child'): Parameters<typeof probeRequest>[1] => ({
    kind,
    path: '/a',
    listener: ignore,
  });

  test.each([
    ['data', 0, 1],
    ['child', 0, 1],
    ['exist', 0, 1],
    ['exist', -101, 1],
    ['data', -101, 0],
    ['child', -101, 0],
    ['exist', -102, 0],
  ] as const)('a read with a %s watch answered with %i registers %i', (kind, err, count) => {
    const bench = new CoreBench();
    bench.establish();
    bench.request(probeRequest('/a', watch(kind)));
    expect(bench.core.watches.size).toBe(0);
    bench.reply({ xid: 1, err });
    expect(bench.core.watches.size).toBe(count);
  });

  test('an exists of a node that is there is a data watch from then on', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.request(probeRequest('/there', { kind: 'exist', path: '/there', listener: ignore }));
    bench.request(probeRequest('/missing', { kind: 'exist', path: '/missing', listener: ignore }));
    bench.reply({ xid: 1 });
    bench.reply({ xid: 2, err: -101 });
    expect(bench.core.watches.setWatchesBatches(toZxid(0n))).toMatchObject([
      { dataWatches: ['/there'], existWatches: ['/missing'] },
    ]);
  });

  test('an event before the reply: told before the reply is settled', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.core.watches.addOneShot('data', '/a', ignore);
    bench.request();
    const event = frame((writer) => {
      encodeReplyHeader(writer, { xid: -1, zxid: toZxid(-1n), err: 0 });
      writer.writeInt(3);
      writer.writeInt(3);
      writer.writeString('/a');
    });
    const reply = frame((writer) => {
      encodeReplyHeader(writer, { xid: 1, zxid: toZxid(9n), err: 0 });
      writer.writeInt(1);
    });
    bench.receive(Uint8Array.from([...event, ...reply]));
    expect(bench.types()).toEqual(['watch', 'settle']);
    expect(bench.of('watch')).toMatchObject([
      { delivery: { event: { type: 'NodeDataChanged', path: '/a' }, listeners: [ignore] } },
    ]);
  });

  test('the zxid of a notification is not what was seen', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.event('NodeCreated', '/a');
    expect(bench.core.facts.lastZxidSeen).toBe(0n);
  });

  test('an event has its zxid from 3.9 on; before, its header says -1', () => {
    const bench = new CoreBench();
    bench.establish();
    const events = [0x2_0000_0005n, -1n].flatMap((zxid) => {
      bench.receive(
        frame((writer) => {
          encodeReplyHeader(writer, { xid: -1, zxid: toZxid(zxid), err: 0 });
          writer.writeInt(1);
          writer.writeInt(3);
          writer.writeString('/a');
        }),
      );
      return bench.of('watch').map(({ delivery }) => delivery.event);
    });
    expect(events).toEqual([
      { type: 'NodeCreated', path: '/a', zxid: 0x2_0000_0005n },
      { type: 'NodeCreated', path: '/a' },
    ]);
    expect(bench.core.facts.lastZxidSeen).toBe(0n);
  });

  test('an event of an unknown type: the connection is dropped', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.receive(
      frame((writer) => {
        encodeReplyHeader(writer, { xid: -1, zxid: toZxid(-1n), err: 0 });
        writer.writeInt(77);
        writer.writeInt(3);
        writer.writeString('/a');
      }),
    );
    expect(bench.core.state).toBe('suspended');
  });

  test('reconnect: setWatches with the zxid seen; setWatches2 when a persistent one is among them', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.request();
    bench.reply({ xid: 1, zxid: 42n });
    bench.core.watches.addOneShot('exist', '/e', ignore);
    bench.lost();
    bench.establish();
    const [first] = bench.sent();
    expect(first).toMatchObject({ xid: -8, type: OpCode.setWatches });
    expect(setWatches.decodeRequest(first?.body ?? expect.fail('no body'))).toEqual({
      relativeZxid: 42n,
      dataWatches: [],
      existWatches: ['/e'],
      childWatches: [],
    });
    bench.core.watches.addPersistent('persistentRecursive', '/r', ignore);
    bench.lost();
    bench.establish();
    const [second] = bench.sent();
    expect(second).toMatchObject({ xid: -8, type: OpCode.setWatches2 });
    expect(setWatches2.decodeRequest(second?.body ?? expect.fail('no body'))).toMatchObject({
      existWatches: ['/e'],
      persistentRecursiveWatches: ['/r'],
    });
  });

  test('reconnect: batches of 128 KiB of paths, their replies in the order of the requests', () => {
    const bench = new CoreBench();
    bench.establish();
    for (let at = 0; at < 30; at++) {
      bench.core.watches.addOneShot('data', `/${String(at).padStart(2, '0')}${'x'.repeat(10_000)}`, ignore);
    }
    bench.lost();
    const waiting = bench.request();
    bench.establish();
    const sent = bench.sent();
    expect(sent.map(({ xid }) => xid)).toEqual([-8, -8, -8, 1]);
    const counts = sent.slice(0, 3).map(({ body }) => setWatches.decodeRequest(body).dataWatches.length);
    expect(counts).toEqual([14, 14, 2]);
    for (let batch = 0; batch < 3; batch++) bench.reply({ xid: -8 }, false);
    bench.reply({ xid: 1 });
    expect(waiting.result()).toBe('ok');
    expect(bench.core.state).toBe('connected');
  });
});

describe('read-only servers', () => {
  test('a session from one is not carried to the next server', () => {
    const bench = new CoreBench({ canBeReadOnly: true });
    bench.establish({ readOnly: true });
    expect(bench.core.facts).toMatchObject({ state: 'connectedReadOnly', isReadOnly: true });
    bench.lost();
    expect(bench.establish()).toMatchObject({ sessionId: SESSION_NONE, password: new Uint8Array(16) });
  });

  test('a session from before is', () => {
    const bench = new CoreBench({ canBeReadOnly: true });
    bench.establish();
    bench.lost();
    bench.establish({ readOnly: true });
    bench.lost();
    expect(bench.establish()).toMatchObject({ sessionId: SESSION_ID });
  });

  test('others are asked for, at growing distances', () => {
    const bench = new CoreBench({ canBeReadOnly: true });
    bench.establish({ readOnly: true, timeoutMs: 600_000 });
    const startMs = bench.nowMs;
    const probes: unknown[] = [];
    while (probes.length < 4) {
      bench.passToDeadline();
      for (const { host } of bench.of('probe')) probes.push([bench.nowMs - startMs, host.host]);
    }
    expect(probes).toEqual([
      [100, 'b'],
      [300, 'c'],
      [700, 'a'],
      [1_500, 'b'],
    ]);
  });

  test('one that serves writes is gone to at once', () => {
    const bench = new CoreBench({ canBeReadOnly: true });
    bench.establish({ readOnly: true });
    const host = HOSTS[2] ?? expect.fail('there are three hosts');
    bench.step({ type: 'readWriteFound', host });
    expect(bench.core.deadlineMs).toBe(bench.nowMs);
    bench.pass(0);
    expect(bench.of('open')).toMatchObject([{ host }]);
  });

  test('found too late: nothing happens', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.step({ type: 'readWriteFound', host: { host: 'b', port: 2 } });
    expect(bench.effects).toEqual([]);
  });
});

describe('closing', () => {
  test('after the requests made before; later ones are refused', () => {
    const bench = new CoreBench();
    bench.establish();
    const before = bench.request();
    bench.step({ type: 'close' });
    expect(bench.sent()).toMatchObject([{ xid: 2, type: OpCode.closeSession }]);
    expect(bench.request().result()).toBe('CLIENT_CLOSED');
    bench.reply({ xid: 1 });
    expect(before.result()).toBe('ok');
    bench.reply({ xid: 2 }, false);
    expect(bench.states.slice(-2)).toEqual(['closing', 'closed']);
    expect(bench.types()).toContain('disconnect');
  });

  test('a full queue does not keep it from closing', () => {
    const bench = new CoreBench({ outstandingMax: 1, queuedMax: 1 });
    bench.establish();
    bench.request();
    bench.request();
    bench.step({ type: 'close' });
    bench.reply({ xid: 1 });
    bench.reply({ xid: 2 });
    expect(bench.sent()).toMatchObject([{ xid: 3, type: OpCode.closeSession }]);
  });

  test('the connection is lost meanwhile: closed, and what was open says CONNECTIONLOSS', () => {
    const bench = new CoreBench();
    bench.establish();
    const open = bench.request();
    bench.step({ type: 'close' });
    bench.lost();
    expect(bench.core.state).toBe('closed');
    expect(open.result()).toBe('CONNECTIONLOSS');
  });

  test('the server stays silent: closed after the read timeout', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.step({ type: 'close' });
    bench.pass((TIMEOUT_MS * 2) / 3);
    expect(bench.core.state).toBe('closed');
  });

  test.each(['idle', 'connecting', 'handshaking', 'suspended'])('while %s: at once', (state) => {
    const bench = new CoreBench();
    if (state !== 'idle') bench.step({ type: 'start' });
    if (state === 'handshaking') bench.opened();
    if (state === 'suspended') bench.lost();
    expect(bench.core.state).toBe(state);
    const waiting = state === 'idle' ? undefined : bench.request();
    bench.step({ type: 'close' });
    expect(bench.core.state).toBe('closed');
    expect(waiting?.result() ?? 'CLIENT_CLOSED').toBe('CLIENT_CLOSED');
    expect(bench.types().includes('disconnect')).toBe(state === 'connecting' || state === 'handshaking');
    expect(bench.core.deadlineMs).toBeUndefined();
  });

  test('twice, and after the end: nothing more', () => {
    const bench = new CoreBench();
    bench.establish();
    bench.step({ type: 'close' });
    bench.step({ type: 'close' });
    expect(bench.effects).toEqual([]);
    bench.lost();
    bench.step({ type: 'close' });
    bench.step({ type: 'tick' });
    expect(bench.effects).toEqual([]);
  });

  test('abandon: the connection goes, no closeSession is sent', () => {
    const bench = new CoreBench();
    bench.establish();
    const open = bench.request();
    bench.step({ type: 'abandon' });
    expect(bench.types()).toEqual(['disconnect', 'settle', 'state']);
    expect(open.result()).toBe('CLIENT_CLOSED');
  });
});
