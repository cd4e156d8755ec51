/**
 * Log files that a person opens in the window: sent to the shell piece by piece, read there, and answered with the elections in
 * them on one timeline. Nothing of a cluster is asked. The files are kept until they are closed, or the page goes.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { Bytes, TimeMs, procedure } from './common.ts';
import { ElectionRecord } from './elections.ts';
import { Failure } from './failure.ts';
import { Finding } from './findings.ts';

const Sid = z.int().min(0).max(255);
const LogsId = z.string().min(1).max(64);

export const LOG_FILES_MAX = 64;
/** Of one piece of a file; a page sends the next when the shell has written this one. */
export const LOG_PIECE_BYTES_MAX = 4 * 2 ** 20;
const LOG_BYTES_MAX = 64 * 2 ** 30;

export const LogFileInfo = z.object({
  name: z.string().min(1).max(1024),
  /** As stored, compressed or not. */
  bytes: z.int().min(0).max(LOG_BYTES_MAX),
  modifiedMs: TimeMs,
});
export type LogFileInfo = z.infer<typeof LogFileInfo>;

export const ReadLogFile = z.object({
  name: z.string(),
  lines: z.int(),
  /** Of which nothing could be made: in no pattern that is known. */
  unknownLines: z.int(),
  longLines: z.int(),
  /** It ends in the middle of a line or of its compressed data. */
  isCutOff: z.boolean(),
  firstMs: TimeMs.nullable(),
  lastMs: TimeMs.nullable(),
  timing: z.enum([
    'dated',
    /** Times of day, or since the start: placed by when the file was changed last. */
    'undated',
    'none',
  ]),
});
export type ReadLogFile = z.infer<typeof ReadLogFile>;

export const LoggedServerDto = z.object({
  sid: z.int(),
  version: z.string().nullable(),
  files: z.array(ReadLogFile),
  clock: z.object({
    /** What its clock is ahead of that of the first server. */
    offsetMs: z.number(),
    /** Null where no messages tell. */
    uncertaintyMs: z.number().nullable(),
    /** False where one offset cannot explain all messages: it was moved, or runs at another speed. */
    isSteady: z.boolean(),
  }),
  /** Events that were too many to keep. */
  droppedCount: z.int(),
});
export type LoggedServerDto = z.infer<typeof LoggedServerDto>;

export const LogsReport = z.object({
  servers: z.array(LoggedServerDto),
  /** Files that do not say which server wrote them. */
  unassigned: z.array(ReadLogFile),
  /** The newest of them; `electionCount` and `reignCount` say how many there are. */
  record: ElectionRecord,
  electionCount: z.int(),
  reignCount: z.int(),
  /** Of the elections that are told: one for each, in the same order. */
  findings: z.array(Finding),
  lines: z.int(),
  tookMs: z.number(),
});
export type LogsReport = z.infer<typeof LogsReport>;

const Progress = { bytes: z.number(), bytesTotal: z.number() };

export const LogsState = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('receiving'), ...Progress }),
  /** `bytes` as stored; so many lines have been read since `startedMs`. */
  z.object({ phase: z.literal('reading'), ...Progress, lines: z.int(), startedMs: TimeMs }),
  z.object({ phase: z.literal('done'), report: LogsReport }),
  z.object({ phase: z.literal('failed'), failure: Failure }),
  z.object({ phase: z.literal('cancelled') }),
]);
export type LogsState = z.infer<typeof LogsState>;

const Of = z.object({ logsId: LogsId });

export const logs = {
  open: procedure.input(z.object({ files: z.array(LogFileInfo).min(1).max(LOG_FILES_MAX) })).output(Of),
  /**
   * The next piece of a file; pieces of one file come one after the other. `bytes` are the piece itself or, for all pieces of a
   * file alike, a gzip member of it: members behind each other are a gzip file. `ofFile` is how many of the file's bytes it is.
   */
  append: procedure.input(
    Of.extend({ file: z.int().min(0).max(LOG_FILES_MAX), bytes: Bytes, ofFile: z.int().min(1) }),
  ),
  /** When all pieces are there; again to say which server wrote files that do not say it themselves (`sids`, null: unknown). */
  read: procedure.input(
    Of.extend({
      sids: z.array(Sid.nullable()).max(LOG_FILES_MAX),
      /** Of times that are written without one, as `Europe/Berlin`. */
      timeZone: z.string().max(64),
    }),
  ),
  follow: procedure.input(Of).output(eventIterator(LogsState)),
  /** Ends receiving or reading; the files are still there. */
  cancel: procedure.input(Of),
  close: procedure.input(Of),
};
