/**
 * `npm run bench:logs [-- --lines N]`: how long a log of a million lines takes to open, plain and gzip, one server's and those
 * of three. The lines are of logs that Apache wrote, over and over again with their times moved on.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { recordElections } from '../../electron/diagnosis/elections.ts';
import { type LogFile, readLogs } from '../../electron/diagnosis/logs/read-logs.ts';
import { residentBytes } from '../fuzz/process-memory.ts';
import { OPEN_SECONDS_MAX, writeLog } from './long-logs.ts';

const { values } = parseArgs({ options: { lines: { type: 'string', default: '1000000' } } });
const linesMax = Number(values.lines);

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
