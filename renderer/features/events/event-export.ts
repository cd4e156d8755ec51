/** The event log as text: JSON lines for programs, CSV for spreadsheets. Gaps are written too. */
import type { ExportFile } from '../../components/download-file.ts';
import type { LogRow } from './event-log.ts';

export type ExportFormat = 'jsonl' | 'csv';

/** `nowMs` goes into the file's name; times are written in UTC. */
export function exportEvents({
  rows,
  format,
  nowMs,
}: {
  rows: readonly LogRow[];
  format: ExportFormat;
  nowMs: number;
}): ExportFile {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
  const name = `zabra-events-${stamp}.${format}`;
  return format === 'jsonl'
    ? { name, mimeType: 'application/x-ndjson', text: toJsonLines(rows) }
    : { name, mimeType: 'text/csv', text: toCsv(rows) };
}

function toJsonLines(rows: readonly LogRow[]): string {
  return rows.map((row) => `${JSON.stringify(toRecord(row))}\n`).join('');
}

function toRecord(row: LogRow): Record<string, unknown> {
  if (row.kind === 'gap') return { type: 'Gap', missing: row.count };
  const { seq, atMs, type, path, zxid, detail } = row.event;
  return { seq, at: new Date(atMs).toISOString(), type, path, zxid, ...(detail === '' ? {} : { detail }) };
}

const CSV_HEAD = 'seq,at,type,path,zxid,detail';

function toCsv(rows: readonly LogRow[]): string {
  const lines = rows.map((row) => {
    if (row.kind === 'gap') return ['', '', 'Gap', '', '', `${row.count} missing`].map(csvField).join(',');
    const { seq, atMs, type, path, zxid, detail } = row.event;
    return [String(seq), new Date(atMs).toISOString(), type, path ?? '', zxid ?? '', detail]
      .map(csvField)
      .join(',');
  });
  return [CSV_HEAD, ...lines].map((line) => `${line}\r\n`).join('');
}

/** RFC 4180: a field with a comma, a quote or a line break is quoted, and quotes in it are doubled. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
