/** Sessions as a file: CSV for spreadsheets, JSON for programs. What is hidden is empty, or null. Pure. */
import type { ExportFile } from '../../components/download-file.ts';
import type { SessionRow } from './session-rows.ts';

export type SessionExportFormat = 'csv' | 'json';

/** `nowMs` goes into the file's name; times are written in UTC. */
export function exportSessions({
  rows,
  format,
  nowMs,
}: {
  rows: readonly SessionRow[];
  format: SessionExportFormat;
  nowMs: number;
}): ExportFile {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
  const name = `zabra-sessions-${stamp}.${format}`;
  return format === 'json'
    ? { name, mimeType: 'application/json', text: `${JSON.stringify(rows.map(toRecord), null, 2)}\n` }
    : { name, mimeType: 'text/csv', text: toCsv(rows) };
}

function toRecord({ session, watches }: SessionRow): Record<string, unknown> {
  const { label, expiresAtMs, lastHeardAtMs, establishedAtMs, isOwn: _own, ...facts } = session;
  return {
    ...facts,
    label: label?.text ?? null,
    expiresAt: iso(expiresAtMs),
    lastHeardAt: iso(lastHeardAtMs),
    establishedAt: iso(establishedAtMs),
    watches,
  };
}

const CSV_HEAD =
  'sessionId,label,address,server,expiresAt,timeoutMs,lastHeardAt,latencyAvgMs,ephemerals,watches,received,sent,queued,lastOperation,establishedAt';

function toCsv(rows: readonly SessionRow[]): string {
  const lines = rows.map(({ session, watches }) =>
    [
      session.sessionId,
      session.label?.text,
      session.address,
      session.server,
      iso(session.expiresAtMs),
      session.timeoutMs,
      iso(session.lastHeardAtMs),
      session.latencyMs?.avg,
      session.ephemeralCount,
      watches,
      session.received,
      session.sent,
      session.queued,
      session.lastOperation,
      iso(session.establishedAtMs),
    ]
      .map((value) => csvField(String(value ?? '')))
      .join(','),
  );
  return [CSV_HEAD, ...lines].map((line) => `${line}\r\n`).join('');
}

function iso(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

/** RFC 4180, and no field that a spreadsheet would take for a formula. */
function csvField(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
