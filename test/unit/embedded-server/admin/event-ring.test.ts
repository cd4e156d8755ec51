/** What is kept of the events, in which order, and how busy kinds are thinned out. */
import { describe, expect, test } from 'vitest';

import {
  type DroppedEvent,
  EventRing,
  type EventReader,
  type KeptEvent,
} from '../../../../embedded-server/admin/event-ring.ts';
import type { ChronicleEvent } from '../../../../embedded-server/core/chronicle.ts';
import { toZxid } from '../../../../shared/zxid.ts';

const RARE: ChronicleEvent = { kind: 'stall', durationMs: 300 };
const BUSY: ChronicleEvent = { kind: 'commit', zxid: toZxid(1n), count: 1 };

function makeRing(keptMax = 4): EventRing {
  return new EventRing({ sid: 7, wallMs: () => 1000, keptMax });
}

function readAll(reader: EventReader): (KeptEvent | DroppedEvent)[] {
  const events: (KeptEvent | DroppedEvent)[] = [];
  for (let event = reader.next(); event; event = reader.next()) events.push(event);
  return events;
}

/** `3` for an event, `-3` for the word that it and what stood before it is gone. */
function seqsOf(reader: EventReader): number[] {
  return readAll(reader).map(({ kind, seq }) => (kind === 'dropped' ? -seq : seq));
}

describe('event ring', () => {
  test('numbers events from 1 and says whose they are', () => {
    const ring = makeRing();
    ring.tell(RARE);
    ring.tell(BUSY);
    expect(readAll(ring.readAfter(0))).toEqual([
      { seq: 1, sid: 7, atMs: 1000, ...RARE },
      { seq: 2, sid: 7, atMs: 1000, ...BUSY },
    ]);
  });

  test('a reader goes on where it was, also with what comes later', () => {
    const ring = makeRing();
    for (const event of [RARE, BUSY, RARE]) ring.tell(event);
    const reader = ring.readAfter(2);
    expect(seqsOf(reader)).toEqual([3]);
    ring.tell(BUSY);
    expect(seqsOf(reader)).toEqual([4]);
  });

  test('busy events push out busy ones only', () => {
    const ring = makeRing(2);
    ring.tell(RARE);
    for (let count = 0; count < 5; count++) ring.tell(BUSY);
    expect(seqsOf(ring.readAfter(0))).toEqual([1, -4, 5, 6]);
  });

  test('what is gone is counted once', () => {
    const ring = makeRing(2);
    for (let count = 0; count < 5; count++) ring.tell(RARE);
    expect(readAll(ring.readAfter(1))).toMatchObject([
      { kind: 'dropped', count: 2, seq: 3 },
      { kind: 'stall', seq: 4 },
      { kind: 'stall', seq: 5 },
    ]);
  });

  test.each([
    ['rare', RARE],
    ['busy', BUSY],
  ])('a reader that is overtaken by %s events is told so and goes on', (_, event) => {
    const ring = makeRing(2);
    ring.tell(event);
    const reader = ring.readAfter(0);
    for (let count = 0; count < 10; count++) ring.tell(event);
    expect(seqsOf(reader)).toEqual([-9, 10, 11]);
  });

  test('a number of a former process reads everything', () => {
    const ring = makeRing();
    ring.tell(RARE);
    expect(seqsOf(ring.readAfter(1))).toEqual([]);
    expect(seqsOf(ring.readAfter(99))).toEqual([1]);
  });

  test('who listens hears of every event until it stops', () => {
    const ring = makeRing();
    let heard = 0;
    const stop = ring.listen(() => heard++);
    ring.tell(RARE);
    stop();
    ring.tell(RARE);
    expect(heard).toBe(1);
  });
});

describe('event ring: sampling', () => {
  test('while it is quiet all are told, each for itself', () => {
    const ring = makeRing();
    for (let count = 0; count < 20; count++) expect(ring.count('proposal')).toBe(1);
  });

  test('under load 20 at once and 20 a second are told, and together they stand for all', () => {
    const ring = makeRing();
    let told = 0;
    let sum = 0;
    for (let second = 0; second < 3; second++) {
      for (let count = 0; count < 1000; count++) {
        const represented = ring.count('proposal');
        told += represented > 0 ? 1 : 0;
        sum += represented;
      }
      ring.refill(1000);
    }
    expect(told).toBe(60);
    expect(sum).toBe(2 * 1000 + 20);
    expect(ring.count('proposal')).toBe(981);
  });

  test('kinds do not take from each other', () => {
    const ring = makeRing();
    for (let count = 0; count < 100; count++) ring.count('proposal');
    expect(ring.count('fsync')).toBe(1);
  });

  test('a notable one is always told, with those before it', () => {
    const ring = makeRing();
    for (let count = 0; count < 22; count++) ring.count('fsync');
    expect(ring.count('fsync', true)).toBe(3);
    expect(ring.count('fsync')).toBe(0);
  });
});
