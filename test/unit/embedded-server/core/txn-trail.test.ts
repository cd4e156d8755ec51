/** Which acks and commits are told: all of the proposals that are, and none of the others. */
import { expect, test } from 'vitest';

import type { ChronicleEvent } from '../../../../embedded-server/core/chronicle.ts';
import { TxnTrail } from '../../../../embedded-server/core/txn-trail.ts';
import { SESSION_NONE } from '../../../../shared/ids.ts';
import type { LogEntry } from '../../../../shared/storage-format/txn.ts';
import { toZxid } from '../../../../shared/zxid.ts';

function proposalOf(zxid: bigint): LogEntry {
  return {
    header: { clientId: SESSION_NONE, cxid: 0, zxid: toZxid(zxid), timeMs: 0n },
    txn: { op: 'closeSession', paths: null },
    digest: undefined,
  };
}

/** A trail of which the proposals of these counts are told. */
function makeTrail(counts: readonly number[]): { trail: TxnTrail; told: ChronicleEvent[] } {
  const told: ChronicleEvent[] = [];
  const left = [...counts];
  const trail = new TxnTrail({ tell: (event) => told.push(event), count: () => left.shift() ?? 0 });
  return { trail, told };
}

test('txn trail: a proposal that is told has its acks and its commit told', () => {
  const { trail, told } = makeTrail([1]);
  trail.onProposed(proposalOf(1n));
  trail.onAcked(toZxid(1n), 2);
  trail.onAcked(toZxid(1n), 3);
  trail.onCommitted(toZxid(1n));
  expect(told).toEqual([
    { kind: 'proposal', zxid: 1n, sessionId: 0n, operation: 'closeSession', count: 1 },
    { kind: 'ack', zxid: 1n, from: 2, count: 1 },
    { kind: 'ack', zxid: 1n, from: 3, count: 1 },
    { kind: 'commit', zxid: 1n, count: 1 },
  ]);
});

test('txn trail: the others are counted with the next that is told', () => {
  const { trail, told } = makeTrail([0, 0, 3]);
  for (const zxid of [1n, 2n, 3n]) {
    trail.onProposed(proposalOf(zxid));
    trail.onAcked(toZxid(zxid), 2);
    trail.onCommitted(toZxid(zxid));
  }
  expect(told.map((event) => ('count' in event ? [event.kind, event.count] : event.kind))).toEqual([
    ['proposal', 3],
    ['ack', 3],
    ['commit', 3],
  ]);
});

test('txn trail: an ack stands for everything before it, once', () => {
  const { trail, told } = makeTrail([1, 1]);
  trail.onProposed(proposalOf(1n));
  trail.onProposed(proposalOf(2n));
  trail.onAcked(toZxid(2n), 2);
  trail.onAcked(toZxid(2n), 2);
  expect(told.filter(({ kind }) => kind === 'ack')).toMatchObject([{ zxid: 1n }, { zxid: 2n }]);
});
