/** Logs as long as wanted: the lines of logs that Apache wrote, over and over again with their times moved on. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { LogFile } from '../../electron/diagnosis/logs/read-logs.ts';
import { readRecording } from '../support/log-text.ts';

/** Within so many seconds a log of a million lines is to be open. */
export const OPEN_SECONDS_MAX = 10;

const STAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}/;
const STEP_MS = 60_000;

const { logs } = readRecording('five-servers-log4j');

/** The recorded log of a server, again a minute later, and again. */
function* manyLines(sid: number, count: number): Generator<string> {
  const lines = (logs.get(sid) ?? '').split('\n').filter((line) => line !== '');
  for (let told = 0; told < count; told++) {
    const line = lines[told % lines.length] ?? '';
    const stamp = STAMP.exec(line)?.[0];
    const byMs = Math.floor(told / lines.length) * STEP_MS;
    yield `${stamp === undefined ? line : moved(stamp, byMs) + line.slice(stamp.length)}\n`;
  }
}

function moved(stamp: string, byMs: number): string {
  const atMs = Date.parse(`${stamp.replace(' ', 'T').replace(',', '.')}Z`) + byMs;
  return new Date(atMs).toISOString().slice(0, -1).replace('T', ' ').replace('.', ',');
}

/** Writes the log of a server; compressed where the name ends in `.gz`. */
export async function writeLog(file: string, sid: number, lines: number): Promise<LogFile> {
  const source = Readable.from(manyLines(sid, lines));
  const target = createWriteStream(file);
  await (file.endsWith('.gz')
    ? pipeline(source, createGzip({ level: 1 }), target)
    : pipeline(source, target));
  const { size, mtimeMs } = await stat(file);
  return { name: file, bytes: size, modifiedMs: mtimeMs, open: () => createReadStream(file) };
}
