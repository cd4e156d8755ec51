/** Logs for tests: recorded ones, and such as are written line by line. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { LogFile } from '../../electron/diagnosis/logs/read-logs.ts';

const FOLDER = path.resolve(import.meta.dirname, '../fixtures/logs');

/** What an AdminServer said of its own process. */
export interface ServerTruth {
  readonly elections: number;
  readonly electionMs: number;
  readonly syncs: number;
  readonly syncMs: number;
  readonly leads: boolean;
}

export interface TruthAfter {
  readonly after: string;
  readonly atMs: number;
  readonly leader: number;
  readonly epoch: number;
  /** By sid; servers that did not answer are left out. */
  readonly servers: Readonly<Record<string, ServerTruth>>;
}

export interface Recording {
  /** By sid, in the order of sids. */
  readonly logs: ReadonlyMap<number, string>;
  readonly truth: readonly TruthAfter[];
}

export const RECORDINGS = ['three-servers-slf4j-simple', 'five-servers-log4j'] as const;

export function readRecording(name: (typeof RECORDINGS)[number]): Recording {
  const folder = path.join(FOLDER, name);
  const files = readdirSync(folder).filter((file) => file.endsWith('.log.gz'));
  return {
    logs: new Map(
      files.map((file, index) => [index + 1, gunzipSync(readFileSync(path.join(folder, file))).toString()]),
    ),
    truth: JSON.parse(readFileSync(path.join(folder, 'truth.json'), 'utf8')) as TruthAfter[],
  };
}

/** In pieces of `pieceBytes`, so that lines are cut anywhere. */
export function logFile(
  content: string | Uint8Array,
  {
    name = 'server.log',
    modifiedMs = 0,
    sid,
    pieceBytes = 1000,
  }: Partial<LogFile> & { pieceBytes?: number } = {},
): LogFile {
  const bytes = Buffer.from(content);
  return {
    name,
    bytes: bytes.length,
    modifiedMs,
    sid,
    async *open() {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
      }
    },
  };
}

export function logFiles({ logs }: Pick<Recording, 'logs'>): LogFile[] {
  return [...logs].map(([sid, text]) => logFile(text, { name: `server-${sid}.log`, pieceBytes: 65_536 }));
}
