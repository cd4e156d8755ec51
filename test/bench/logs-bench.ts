/**
 * `npm run bench:logs [-- --lines N]`: how long a log of a million lines takes to open, plain and gzip, one server's and those
 * of three. The lines are of logs that Apache wrote, over and over again with their times moved on.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';

import { recordElections } from '../../electron/diagnosis/elections.ts';
import { type LogFile, readLogs } from '../../electron/diagnosis/logs/read-logs.ts';
import { residentBytes } from '../fuzz/process-memory.ts';
import { readRecording } from '../support/log-text.ts';

const OPEN_SECONDS_MAX = 10;
const STAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}/;
const STEP_MS = 60_000;

const { values } = parseArgs({ options: { lines: { type: 'string', default: '1000000' } } });
const linesMax = Number(values.lines);
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

async function writeLog(file: string, sid: number, lines: number): Promise<LogFile> {
  const source = Readable.from(manyLines(sid, lines));
  const target = createWriteStream(file);
  await (file.endsWith('.gz')
    ? pipeline(source, createGzip({ level: 1 }), target)
    : pipeline(source, target));
  const { size, mtimeMs } = await stat(file);
  return { name: file, bytes: size, modifiedMs: mtimeMs, open: () => createReadStream(file) };
}

async function measure(title: string, files: readonly LogFile[]): Promise<boolean> {
  const start = performance.now();
  let progressCount = 0;
  const { servers, events } = await readLogs(files, { timeZone: 'UTC', onProgress: () => progressCount++ });
  const readSeconds = (performance.now() - start) / 1000;
  const { elections } = recordElections(events);
  const seconds = (performance.now() - start) / 1000;
  const lines = servers.flatMap((server) => server.files).reduce((sum, file) => sum + file.lines, 0);
  const isInTime = seconds <= OPEN_SECONDS_MAX;
  process.stdout.write(
    `${title}: ${lines} lines in ${seconds.toFixed(1)} s (reading ${readSeconds.toFixed(1)} s), ` +
      `${events.length} events, ${elections.length} elections, told ${progressCount} times how far it is, ` +
      `${Math.round(residentBytes(process.pid) / 2 ** 20)} MiB resident; ` +
      `${isInTime ? 'within' : 'NOT WITHIN'} ${OPEN_SECONDS_MAX} s\n`,
  );
  return isInTime;
}

const folder = await mkdtemp(path.join(tmpdir(), 'zabra-logs-'));
try {
  const share = Math.ceil(linesMax / 3);
  const [one, packed, ...three] = [
    await writeLog(path.join(folder, 'one.log'), 1, linesMax),
    await writeLog(path.join(folder, 'one.log.gz'), 1, linesMax),
    await writeLog(path.join(folder, 'server-1.log'), 1, share),
    await writeLog(path.join(folder, 'server-2.log'), 2, share),
    await writeLog(path.join(folder, 'server-3.log'), 3, share),
  ];
  const results = [
    await measure('one server', [one]),
    await measure('one server, gzip', [packed]),
    await measure('three servers', three),
  ];
  if (results.includes(false)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
