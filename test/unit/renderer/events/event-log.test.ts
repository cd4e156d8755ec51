import { describe, expect, test } from 'vitest';
import { createEventLog, type EventLog, indexOfKey } from '../../../../renderer/features/events/event-log.ts';
import type { EventDto } from '../../../../shared/api/watches.ts';

function event(seq: number, more: Partial<EventDto> = {}): EventDto {
  return { seq, atMs: 1_000 + seq, type: 'NodeCreated', path: `/n${seq}`, zxid: null, detail: '', ...more };
}

function events(from: number, to: number): EventDto[] {
  return Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
}

/** `3 4 [2 missing] 7`: what a person sees. */
function shown(log: EventLog): string {
  return log
    .shownRows()
    .map((row) => (row.kind === 'event' ? String(row.event.seq) : `[${row.count} missing]`))
    .join(' ');
}

describe('event log', () => {
  test('keeps events in order and counts them since the first', () => {
    const log = createEventLog();
    log.append({ events: events(5, 7), dropped: 0 });
    expect(shown(log)).toBe('5 6 7');
    expect(log.view()).toMatchObject({ totalCount: 3, forgottenCount: 0, shownCount: 3, sinceMs: 1_005 });
    const row = log.view().rowAt(2);
    expect(row?.kind === 'event' && row.event.seq).toBe(7);
    expect(log.view().rowAt(3)).toBeUndefined();
  });

  test('forgets the oldest rows when it is full, and still counts them', () => {
    const log = createEventLog({ rowsMax: 3 });
    log.append({ events: events(1, 8), dropped: 0 });
    expect(shown(log)).toBe('6 7 8');
    expect(log.view()).toMatchObject({ totalCount: 8, forgottenCount: 5 });
  });

  test('a jump of the numbers becomes one gap row where it happened', () => {
    const log = createEventLog();
    log.append({ events: [event(1), event(2)], dropped: 0 });
    log.append({ events: [event(5), event(6)], dropped: 2 });
    expect(shown(log)).toBe('1 2 [2 missing] 5 6');
  });

  test('drops that the numbers do not show are said too', () => {
    const log = createEventLog();
    log.append({ events: [event(1)], dropped: 0 });
    log.append({ events: [event(2)], dropped: 7 });
    expect(shown(log)).toBe('1 2 [7 missing]');
  });

  test('a history that comes again is not shown again', () => {
    const log = createEventLog();
    log.append({ events: events(1, 4), dropped: 0 });
    const before = log.view();
    log.append({ events: events(1, 4), dropped: 0 });
    expect(log.view()).toBe(before);
    log.append({ events: events(3, 5), dropped: 0 });
    expect(shown(log)).toBe('1 2 3 4 5');
  });

  test('a restarted shell, which numbers from the start, is followed', () => {
    const log = createEventLog();
    log.append({ events: events(1, 4), dropped: 0 });
    log.append({ events: [event(1, { atMs: 9_000 }), event(2, { atMs: 9_001 })], dropped: 0 });
    expect(shown(log)).toBe('1 2 3 4 1 2');
  });

  test('pause: the view stands still, new events are counted and shown on resume', () => {
    const log = createEventLog();
    log.append({ events: events(1, 2), dropped: 0 });
    log.pause();
    log.append({ events: events(3, 5), dropped: 0 });
    expect(shown(log)).toBe('1 2');
    expect(log.view()).toMatchObject({ isPaused: true, heldBackCount: 3, totalCount: 5 });
    log.resume();
    expect(shown(log)).toBe('1 2 3 4 5');
    expect(log.view()).toMatchObject({ isPaused: false, heldBackCount: 0 });
  });

  test('pause: of more than fits the newest are kept, and the rest is counted as forgotten', () => {
    const log = createEventLog({ rowsMax: 4 });
    log.append({ events: events(1, 1), dropped: 0 });
    log.pause();
    log.append({ events: events(2, 8), dropped: 0 });
    log.resume();
    expect(shown(log)).toBe('5 6 7 8');
    expect(log.view()).toMatchObject({ heldBackCount: 0, totalCount: 8, forgottenCount: 4 });
  });

  test('a filter shows what matches, of old and of new events, and keeps the rest', () => {
    const log = createEventLog();
    log.append({ events: [event(1, { path: '/a' }), event(2, { path: '/b' })], dropped: 0 });
    log.setFilter({ text: '/b', subtree: null, hiddenTypes: new Set() });
    log.append({ events: [event(3, { path: '/a/x' }), event(4, { path: '/b/x' })], dropped: 0 });
    expect(shown(log)).toBe('2 4');
    expect(log.view()).toMatchObject({ shownCount: 2, totalCount: 4 });
    log.setFilter({ text: '', subtree: null, hiddenTypes: new Set() });
    expect(shown(log)).toBe('1 2 3 4');
  });

  test('a gap passes every filter', () => {
    const log = createEventLog();
    log.setFilter({ text: 'nothing has this', subtree: null, hiddenTypes: new Set() });
    log.append({ events: [event(1), event(9)], dropped: 0 });
    expect(shown(log)).toBe('[7 missing]');
  });

  test('an evicted row leaves the filtered view as well', () => {
    const log = createEventLog({ rowsMax: 2 });
    log.setFilter({ text: '', subtree: null, hiddenTypes: new Set(['NodeDeleted']) });
    log.append({ events: [event(1), event(2, { type: 'NodeDeleted' }), event(3)], dropped: 0 });
    expect(shown(log)).toBe('3');
    log.append({ events: [event(4)], dropped: 0 });
    expect(shown(log)).toBe('3 4');
  });

  test('says by how many rows the shown list has moved up', () => {
    const log = createEventLog({ rowsMax: 3 });
    log.append({ events: events(1, 5), dropped: 0 });
    expect(log.view().shiftedCount).toBe(2);
    log.setFilter({ text: '/n5', subtree: null, hiddenTypes: new Set() });
    log.append({ events: events(6, 6), dropped: 0 });
    expect(log.view().shiftedCount).toBe(0);
  });

  test('finds a row again by its key, and a forgotten one not', () => {
    const log = createEventLog({ rowsMax: 4 });
    log.append({ events: events(1, 3), dropped: 0 });
    const first = log.view().rowAt(0)!.key;
    const last = log.view().rowAt(2)!.key;
    log.append({ events: events(4, 6), dropped: 0 });
    expect(indexOfKey(log.view(), last)).toBe(0);
    expect(indexOfKey(log.view(), first)).toBe(-1);
    expect(indexOfKey(log.view(), last + 99)).toBe(-1);
  });

  test('clear empties the list and does not let the history come back', () => {
    const log = createEventLog();
    log.append({ events: events(1, 3), dropped: 0 });
    log.clear();
    expect(log.view()).toMatchObject({ shownCount: 0, totalCount: 0, sinceMs: null });
    log.append({ events: events(1, 4), dropped: 0 });
    expect(shown(log)).toBe('4');
    expect(log.view()).toMatchObject({ totalCount: 1, sinceMs: 1_004 });
  });

  test('tells its listeners, until they leave', () => {
    const log = createEventLog();
    let calls = 0;
    const leave = log.subscribe(() => calls++);
    log.append({ events: events(1, 1), dropped: 0 });
    leave();
    log.append({ events: events(2, 2), dropped: 0 });
    expect(calls).toBe(1);
  });
});
