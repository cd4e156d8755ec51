import { expect, test } from 'vitest';
import { exportEvents } from '../../../../renderer/features/events/event-export.ts';
import type { LogRow } from '../../../../renderer/features/events/event-log.ts';

const ROWS: LogRow[] = [
  {
    kind: 'event',
    key: 0,
    event: { seq: 4, atMs: 0, type: 'NodeCreated', path: '/a,"b"', zxid: '0x500000001', detail: '' },
  },
  { kind: 'gap', key: 1, count: 12 },
  {
    kind: 'event',
    key: 2,
    event: { seq: 17, atMs: 1_500, type: 'SessionExpired', path: null, zxid: null, detail: '0x1' },
  },
];

test('event export: JSON lines, one object a row, gaps included', () => {
  const file = exportEvents({ rows: ROWS, format: 'jsonl', nowMs: 0 });
  expect(file.name).toBe('zabra-events-1970-01-01T00-00-00.jsonl');
  expect(file.text.endsWith('\n')).toBe(true);
  expect(
    file.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { seq: 4, at: '1970-01-01T00:00:00.000Z', type: 'NodeCreated', path: '/a,"b"', zxid: '0x500000001' },
    { type: 'Gap', missing: 12 },
    {
      seq: 17,
      at: '1970-01-01T00:00:01.500Z',
      type: 'SessionExpired',
      path: null,
      zxid: null,
      detail: '0x1',
    },
  ]);
});

test('event export: CSV quotes what must be quoted', () => {
  const file = exportEvents({ rows: ROWS, format: 'csv', nowMs: 0 });
  expect(file.text.split('\r\n')).toEqual([
    'seq,at,type,path,zxid,detail',
    '4,1970-01-01T00:00:00.000Z,NodeCreated,"/a,""b""",0x500000001,',
    ',,Gap,,,12 missing',
    '17,1970-01-01T00:00:01.500Z,SessionExpired,,,0x1',
    '',
  ]);
});

test('event export: nothing to write is an empty file, or a CSV head', () => {
  expect(exportEvents({ rows: [], format: 'jsonl', nowMs: 0 }).text).toBe('');
  expect(exportEvents({ rows: [], format: 'csv', nowMs: 0 }).text).toBe('seq,at,type,path,zxid,detail\r\n');
});
