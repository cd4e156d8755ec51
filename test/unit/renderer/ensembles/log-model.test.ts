import { expect, test } from 'vitest';
import {
  EMPTY_LOG,
  EVERYTHING,
  logText,
  seenLines,
  withBatch,
} from '../../../../renderer/features/ensembles/log-model.ts';
import type { LogLineDto } from '../../../../shared/api/ensembles.ts';

const line = (seq: number, changes: Partial<LogLineDto> = {}): LogLineDto => ({
  seq,
  atMs: 0,
  sid: 1,
  level: 'info',
  message: `line ${seq}`,
  ...changes,
});

test('log: a stream that begins again replaces what there was', () => {
  const first = withBatch(EMPTY_LOG, { isFirst: true, lines: [line(1), line(2)], droppedCount: 0 });
  const more = withBatch(first, { isFirst: false, lines: [line(5)], droppedCount: 2 });
  expect(more.lines.map(({ seq }) => seq)).toEqual([1, 2, 5]);
  expect(more.droppedCount).toBe(2);
  expect(withBatch(more, { isFirst: true, lines: [line(1)], droppedCount: 0 }).lines).toHaveLength(1);
});

test('log: by server with what was done to the ensemble, by level, by text', () => {
  const lines = [
    line(1, { sid: null, message: 'cut link 1-2' }),
    line(2, { sid: 2, level: 'warn', message: 'lost the LEADER' }),
    line(3, { sid: 1, level: 'debug' }),
    line(4),
  ];
  const seqs = (question: Partial<typeof EVERYTHING>): number[] =>
    seenLines(lines, { ...EVERYTHING, ...question }).map(({ seq }) => seq);
  expect(seqs({})).toEqual([1, 2, 4]);
  expect(seqs({ sid: 2 })).toEqual([1, 2]);
  expect(seqs({ levelMin: 'warn' })).toEqual([2]);
  expect(seqs({ levelMin: 'debug', text: 'line' })).toEqual([3, 4]);
  expect(seqs({ text: 'leader' })).toEqual([2]);
});

test('log: as a text it has times in UTC, and who said it', () => {
  expect(logText([line(1, { sid: null }), line(2, { level: 'warn' })])).toBe(
    '1970-01-01T00:00:00.000Z lab       INFO  line 1\n1970-01-01T00:00:00.000Z server 1  WARN  line 2\n',
  );
});
