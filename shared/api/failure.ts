/**
 * The one error of the contract. Every procedure may fail with `FAILURE`; its `code` is a closed list, so the
 * renderer can say in the person's language what happened, to which path or server, and what to do next. The English
 * `message` is for logs and for copying, never for branching.
 */
import { z } from 'zod';
import { CONNECTION_ERROR_CODES, PROTOCOL_ERROR_CODES, STORAGE_ERROR_CODES } from '../errors.ts';
import { KEEPER_ERROR_NAMES } from '../protocol/error-code.ts';

/** Errors that the shell itself finds. */
export const SHELL_ERROR_CODES = [
  /** No connection profile has this id. */
  'CONNECTION_UNKNOWN',
  /** The profile exists, but is not opened. */
  'CONNECTION_NOT_OPEN',
  /** The profile was opened read-only; nothing was sent. */
  'READ_ONLY_PROFILE',
  /** A production connection is locked until a person unlocks it; nothing was sent. */
  'PRODUCTION_LOCKED',
  /** The data and its request exceed what the server takes (jute.maxbuffer); nothing was sent. */
  'NODE_TOO_LARGE',
  /** A local server did not start or stopped by itself. */
  'LOCAL_SERVER_FAILED',
  /** No ensemble has this id. */
  'ENSEMBLE_UNKNOWN',
  /** Java or Apache ZooKeeper's jars are not on this machine, or not where they were looked for. */
  'APACHE_MISSING',
  /** What was asked of a local ensemble cannot be done to it as it is now. */
  'LEVER_REFUSED',
  /** The port asked for is taken. */
  'PORT_IN_USE',
  /** The system's password store refused; the secret is kept in memory only. */
  'SECRET_STORE',
  'JOB_UNKNOWN',
  /** The opened log files have been closed. */
  'LOGS_UNKNOWN',
  /** It is Zabra's own session, which ends with its connection. */
  'OWN_SESSION',
  /** Its client took the session back each time before it could be closed. */
  'SESSION_NOT_ENDED',
  /** The person cancelled. */
  'CANCELLED',
  /** A bug in Zabra; the message says where. */
  'BUG',
] as const;

export const FailureCode = z.enum([
  ...SHELL_ERROR_CODES,
  ...CONNECTION_ERROR_CODES,
  ...PROTOCOL_ERROR_CODES,
  ...STORAGE_ERROR_CODES,
  ...KEEPER_ERROR_NAMES,
]);
export type FailureCode = z.infer<typeof FailureCode>;

export const Failure = z.object({
  code: FailureCode,
  message: z.string(),
  /** ZooKeeper's number of the code, where it has one. */
  number: z.int().optional(),
  path: z.string().optional(),
  server: z.string().optional(),
  /** Whether the same call may succeed later without anybody changing anything. */
  retryable: z.boolean(),
});
export type Failure = z.infer<typeof Failure>;
