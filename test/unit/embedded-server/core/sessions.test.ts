/** Sessions from the handshake to their end (PROTOCOL.md 2.2, 2.11, 7.5, 7.9). */
import { beforeEach, describe, expect, test } from 'vitest';

import { toSessionId } from '../../../../shared/ids.ts';
import { auth } from '../../../../shared/protocol/auth.ts';
import { closeSession } from '../../../../shared/protocol/close-session.ts';
import { create } from '../../../../shared/protocol/create.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import { exists } from '../../../../shared/protocol/exists.ts';
import { getEphemerals } from '../../../../shared/protocol/get-ephemerals.ts';
import { SpecialXid } from '../../../../shared/protocol/op-code.ts';
import { ping } from '../../../../shared/protocol/ping.ts';
import { sasl } from '../../../../shared/protocol/sasl.ts';
import { whoAmI } from '../../../../shared/protocol/who-am-i.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

let harness: ServerHarness;

beforeEach(() => {
  harness = new ServerHarness({ tickTime: '1000' });
});

describe('sessions: handshake', () => {
  test.each([
    [0, 2000],
    [-5, 2000],
    [5000, 5000],
    [99_999, 20_000],
  ])('a wish of %i ms is granted as %i', (timeoutMs, grantedMs) => {
    expect(harness.open().establish({ timeoutMs }).timeoutMs).toBe(grantedMs);
  });

  test('the answer waits for the session to be durable, and requests behind it wait too', () => {
    harness.holdLog();
    const client = harness.open();
    client.sendConnect();
    expect(client.isPaused).toBe(true);
    client.send(create, creation('/a'));
    expect(client.frames).toEqual([]);
    harness.releaseLog();
    expect(client.readConnect().sessionId).not.toBe(0n);
    expect(client.next().header).toMatchObject({ xid: 1, zxid: 2n, err: 0 });
    expect(client.isPaused).toBe(false);
  });

  test('clients from before 3.4 get an answer without the readOnly flag', () => {
    const old = harness.open();
    old.sendConnect({ isBefore34: true });
    expect(old.nextFrame()).toHaveLength(36);
    const current = harness.open();
    current.sendConnect();
    expect(current.nextFrame()).toHaveLength(37);
  });

  test('who has seen more than this server has is sent away without a word', () => {
    const client = harness.open();
    client.sendConnect({ lastZxidSeen: toZxid(1n) });
    expect(client.frames).toEqual([]);
    expect(client.isClosed).toBe(true);
  });

  test('session ids follow one another, and the passwords are the ones that every server derives', () => {
    const first = harness.connect();
    const second = harness.connect();
    expect(second.sessionId).toBe(first.sessionId + 1n);
    expect(first.sessionId >> 56n).toBe(1n);
    expect(first.password).not.toEqual(second.password);
  });
});

describe('sessions: reconnect', () => {
  test('the session moves to the new connection, and the old one is closed', () => {
    const client = harness.connect();
    client.call(create, creation('/e', { mode: 'EPHEMERAL' }));
    const again = harness.open();
    expect(again.establish(client)).toMatchObject({ sessionId: client.sessionId, timeoutMs: 10_000 });
    expect(client.isClosed).toBe(true);
    expect(again.call(getEphemerals, { prefixPath: '' }).ephemerals).toEqual(['/e']);
  });

  test.each([
    ['an unknown session', ({ password }: HarnessClient) => ({ sessionId: toSessionId(77n), password })],
    ['a wrong password', ({ sessionId }: HarnessClient) => ({ sessionId, password: new Uint8Array(16) })],
  ])('%s is answered with zeros, then closed', (_, credentials) => {
    const client = harness.connect();
    const other = harness.open();
    expect(other.establish(credentials(client))).toEqual({
      protocolVersion: 0,
      timeoutMs: 0,
      sessionId: 0n,
      password: new Uint8Array(16),
      readOnly: false,
    });
    expect(other.isClosed).toBe(true);
  });

  test('a write of the old connection is still applied, and its answer goes nowhere', () => {
    const client = harness.connect();
    harness.holdLog();
    client.send(create, creation('/a'));
    const again = harness.open();
    again.establish(client);
    harness.releaseLog();
    expect(again.call(exists, { path: '/a', watch: false }).version).toBe(0);
    expect(client.frames).toEqual([]);
    expect(harness.server.outstanding).toBe(0);
  });
});

describe('sessions: end', () => {
  test('a silent session expires between its timeout and one tick after, with its ephemerals', () => {
    const client = harness.connect({ timeoutMs: 4000 });
    client.call(create, creation('/e', { mode: 'EPHEMERAL' }));
    harness.advance(4000);
    expect(client.isClosed).toBe(false);
    harness.advance(1000);
    expect(client.isClosed).toBe(true);
    expect(harness.server.database.tree.get('/e')).toBeUndefined();
    expect(harness.server.sessions.count).toBe(0);
    expect(harness.logLines.at(-1)).toContain('expires: silent for its timeout of 4000 ms');
    expect(harness.open().establish(client).timeoutMs).toBe(0);
  });

  test('pings keep it alive', () => {
    const client = harness.connect({ timeoutMs: 4000 });
    for (let round = 0; round < 10; round++) {
      harness.advance(3000);
      client.send(ping, undefined, SpecialXid.ping);
      expect(client.next().header).toMatchObject({ xid: -2, err: 0 });
    }
    expect(client.isClosed).toBe(false);
  });

  test('a session whose connection was cut lives on until its timeout', () => {
    const client = harness.connect({ timeoutMs: 4000 });
    client.call(create, creation('/e', { mode: 'EPHEMERAL' }));
    harness.step({ kind: 'connectionClosed', connectionId: client.connectionId });
    harness.advance(3900);
    expect(harness.server.database.tree.get('/e')).toBeDefined();
    harness.advance(1100);
    expect(harness.server.database.tree.get('/e')).toBeUndefined();
  });

  test('closing is answered, then the connection is closed; what was sent behind it is not answered', () => {
    const client = harness.connect();
    client.call(create, creation('/e', { mode: 'EPHEMERAL' }));
    client.sendFrame(
      client.encode(closeSession, undefined),
      client.encode(exists, { path: '/', watch: false }),
    );
    expect(client.next().header).toMatchObject({ xid: 2, err: 0, zxid: 3n });
    expect(client.frames).toEqual([]);
    expect(client.isClosed).toBe(true);
    expect(harness.server.database.sessionTimeoutsMs.size).toBe(0);
  });

  test('a connection that never asks for a session is closed', () => {
    const client = harness.open();
    harness.advance(9900);
    expect(client.isClosed).toBe(false);
    harness.advance(10_100);
    expect(client.isClosed).toBe(true);
    expect(harness.server.stats.sessionlessConnectionsExpired).toBe(1);
  });
});

describe('sessions: identities', () => {
  test('an auth packet is answered with xid -4 and zxid 0, and adds an identity once', () => {
    const client = harness.connect({ remoteAddress: '10.1.2.3' });
    const bytes = new TextEncoder().encode('bob:secret');
    for (let round = 0; round < 2; round++) {
      client.send(auth, { scheme: 'digest', auth: bytes }, SpecialXid.auth);
      expect(client.next().header).toEqual({ xid: -4, zxid: 0n, err: 0 });
    }
    expect(client.call(whoAmI, undefined).clientInfo).toEqual([
      { authScheme: 'ip', user: '10.1.2.3' },
      { authScheme: 'digest', user: 'bob' },
    ]);
  });

  test('an unknown scheme is refused and costs the connection', () => {
    const client = harness.connect();
    client.send(auth, { scheme: 'nonsense', auth: null }, SpecialXid.auth);
    expect(client.next().header).toEqual({ xid: -4, zxid: 0n, err: ErrorCode.AUTHFAILED });
    expect(client.isClosed).toBe(true);
    expect(harness.server.stats.authFailed).toBe(1);
  });

  test('SASL is answered with no token, which lets the client go on without', () => {
    const client = harness.connect();
    expect(client.call(sasl, { token: new Uint8Array(0) }).token).toBeNull();
  });
});
