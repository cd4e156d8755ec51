/**
 * The shell's log: one JSON line an entry, in `zabra.log` of the data folder, so that standard output stays the launcher's.
 * Secrets are never passed to it; the redaction is the second line of defence.
 */
import { existsSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

const FILE_BYTES_MAX = 5 * 1024 * 1024;
const SECRET_KEYS = ['password', 'secret', 'token', 'ticket', 'cookie'];

/** Opens the log of a data folder; a log over 5 MiB is set aside as `zabra.log.old` first. */
export function openLog(dataFolder: string): Log {
  const file = path.join(dataFolder, 'zabra.log');
  if (existsSync(file) && statSync(file).size > FILE_BYTES_MAX) renameSync(file, `${file}.old`);
  return pino(
    {
      level: process.env.ZABRA_LOG_LEVEL ?? 'info',
      base: { pid: process.pid },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    },
    // Synchronous: what is written just before the end is what one wants to read after it.
    pino.destination({ dest: file, sync: true, mode: 0o600 }),
  );
}

/** For tests and for tools that have no data folder. */
export const silentLog: Log = pino({ level: 'silent' });
