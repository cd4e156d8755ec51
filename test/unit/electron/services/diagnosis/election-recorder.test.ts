/** The election flight recorder within bounds (electron/services/diagnosis/election-recorder.ts). */
import { expect, test } from 'vitest';
import type { ServerEventDto } from '../../../../../shared/api/server-events.ts';
import { ElectionRecorder } from '../../../../../electron/services/diagnosis/election-recorder.ts';

const SIDS = [1, 2, 3];

/** Everybody looks, and then serves under `leader`. */
function election(atMs: number, leader: number, epoch: number): ServerEventDto[] {
  return SIDS.flatMap((sid) => {
    const state = (
      offsetMs: number,
      name: 'LOOKING' | 'FOLLOWING' | 'LEADING',
      phase: 'ELECTION' | 'BROADCAST',
    ): ServerEventDto => ({
      kind: 'state',
      seq: atMs + offsetMs,
      sid,
      atMs: atMs + offsetMs,
      state: name,
      phase,
      leader: name === 'LOOKING' ? null : leader,
      epoch: name === 'LOOKING' ? null : epoch,
      lastZxid: '0x0',
      reason: null,
    });
    return [
      state(0, 'LOOKING', 'ELECTION'),
      state(50, sid === leader ? 'LEADING' : 'FOLLOWING', 'BROADCAST'),
    ];
  });
}

test('elections of several servers, told out of order, are in order', () => {
  const recorder = new ElectionRecorder();
  const events = [...election(1000, 3, 1), ...election(60_000, 2, 2)];
  for (const event of events.sort((a, b) => b.sid - a.sid)) recorder.add(event);
  expect(recorder.hasEvents).toBe(true);
  expect(recorder.record.ribbon.map(({ leader, epoch, toMs }) => [leader, epoch, toMs])).toEqual([
    [3, 1, 60_000],
    [2, 2, null],
  ]);
});

test('what no election needs is not kept', () => {
  const recorder = new ElectionRecorder();
  expect(recorder.add({ kind: 'session-touched', seq: 1, sid: 1, atMs: 1, count: 1 })).toBe(false);
  expect(recorder.hasEvents).toBe(false);
});

test('elections outlive the events that told of them', () => {
  const recorder = new ElectionRecorder(20);
  for (let epoch = 1; epoch <= 12; epoch++) {
    for (const event of election(epoch * 60_000, (epoch % 3) + 1, epoch)) recorder.add(event);
  }
  const { elections, ribbon } = recorder.record;
  expect(ribbon.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  expect(elections).toHaveLength(12);
  expect(ribbon.filter(({ toMs }) => toMs === null)).toHaveLength(1);
});
