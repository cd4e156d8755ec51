/** The life of sessions as a server tells it. */
import { beforeEach, expect, test } from 'vitest';

import type { ChronicleEvent } from '../../../../embedded-server/core/chronicle.ts';
import { closeSession } from '../../../../shared/protocol/close-session.ts';
import { create } from '../../../../shared/protocol/create.ts';
import { ServerHarness, creation } from '../server-harness.ts';

let told: ChronicleEvent[];
let harness: ServerHarness;

beforeEach(() => {
  told = [];
  harness = new ServerHarness({}, undefined, { tell: (event) => told.push(event), count: () => 0 });
});

test('sessions: created for a connection, and attached to it', () => {
  const { sessionId } = harness.connect({ timeoutMs: 6000 });
  const address = '127.0.0.1:40001';
  expect(told).toEqual([
    { kind: 'session-created', sessionId, timeoutMs: 6000, address },
    { kind: 'session-attached', sessionId, address, reason: null },
  ]);
});

test('sessions: detached when the connection goes, attached to the next one', () => {
  const first = harness.connect();
  const { sessionId, password } = first;
  harness.step({ kind: 'connectionClosed', connectionId: first.connectionId });
  harness.open().establish({ sessionId, password });
  expect(told.slice(2)).toEqual([
    {
      kind: 'session-detached',
      sessionId,
      address: '127.0.0.1:40001',
      reason: 'the client closed it, or the network did',
    },
    { kind: 'session-attached', sessionId, address: '127.0.0.1:40002', reason: null },
  ]);
});

test('sessions: expired with the time of the last word and the bucket, closed with what goes with it', () => {
  const client = harness.connect({ timeoutMs: 6000 });
  const { sessionId } = client;
  harness.advance(500);
  client.call(create, creation('/e', { mode: 'EPHEMERAL' }));
  const heardMs = harness.now.wallMs;
  told.length = 0;
  harness.advance(20_000);
  expect(told.find(({ kind }) => kind === 'session-expired')).toEqual({
    kind: 'session-expired',
    sessionId,
    timeoutMs: 6000,
    lastHeardMs: heardMs,
    // Rounded up to the next multiple of the tick time on the elapsed clock, which was at 1500.
    bucketMs: heardMs + 6500,
  });
  expect(told.find(({ kind }) => kind === 'session-closed')).toEqual({
    kind: 'session-closed',
    sessionId,
    zxid: 3n,
    ephemerals: ['/e'],
    ephemeralCount: 1,
    byClient: false,
  });
});

test('sessions: a client that comes back for one that is over is refused', () => {
  const { sessionId, password } = harness.connect({ timeoutMs: 6000 });
  harness.advance(20_000);
  told.length = 0;
  harness.open().establish({ sessionId, password });
  expect(told).toEqual([{ kind: 'session-refused', sessionId, address: '127.0.0.1:40002' }]);
});

test('sessions: closed because the client asked', () => {
  const client = harness.connect();
  client.call(closeSession, undefined);
  expect(told.slice(2)).toMatchObject([
    { kind: 'session-closed', byClient: true, ephemeralCount: 0 },
    { kind: 'session-detached', reason: 'its session was closed' },
  ]);
});
