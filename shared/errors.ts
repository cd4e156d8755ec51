/**
 * Operating errors: what may go wrong although Zabra works as designed. Every one has a code from a closed
 * list; callers branch on `code`, never on a message. Bugs are `BugError` (assert.ts); expected outcomes of a
 * protocol are plain values. The lists are values too, since the contract of the shell (api/failure.ts) checks by them.
 */
import { type KeeperErrorName, keeperErrorNumber } from './protocol/error-code.ts';

/** Where an error happened: whatever of it is known. Numbers that are 64 bit wide are given in hex. */
export interface ErrorContext {
  readonly path?: string;
  /** `host:port` of the server concerned. */
  readonly server?: string;
  readonly sessionId?: string;
  readonly zxid?: string;
}

interface AppErrorOptions extends ErrorContext {
  readonly cause?: unknown;
}

/** Base of all operating errors. `retryable`: the same call may succeed later without anybody changing anything. */
export abstract class AppError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;
  readonly context: ErrorContext;

  constructor(message: string, { cause, ...context }: AppErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.context = context;
  }
}

const RETRYABLE_KEEPER_ERRORS: ReadonlySet<KeeperErrorName> = new Set([
  'CONNECTIONLOSS',
  'OPERATIONTIMEOUT',
  'REQUESTTIMEOUT',
  'SESSIONMOVED',
  'THROTTLEDOP',
  'NEWCONFIGNOQUORUM',
  'RECONFIGINPROGRESS',
]);

/**
 * An error that ZooKeeper's protocol has a number for: sent by a server (`NONODE`), or found by the client in
 * its place (`CONNECTIONLOSS`). For a write, CONNECTIONLOSS leaves open whether it was applied.
 */
export class KeeperError extends AppError {
  readonly code: KeeperErrorName;
  readonly retryable: boolean;
  readonly number: number;

  constructor(code: KeeperErrorName, options: AppErrorOptions & { readonly message?: string } = {}) {
    const { message, ...rest } = options;
    const number = keeperErrorNumber(code);
    super(message ?? `${code} (${number})${rest.path === undefined ? '' : ` for ${rest.path}`}`, rest);
    this.code = code;
    this.number = number;
    this.retryable = RETRYABLE_KEEPER_ERRORS.has(code);
  }
}

export const CONNECTION_ERROR_CODES = [
  'BAD_CONNECT_STRING',
  'HOST_NOT_FOUND',
  'CONNECTION_REFUSED',
  'CONNECTION_TIMEOUT',
  'CONNECTION_CLOSED',
  /** The server knows less than this session has seen already, so it does not take it. */
  'SERVER_BEHIND',
  'NETWORK_UNREACHABLE',
  'NOT_ZOOKEEPER',
  'NOT_CONNECTED',
  'CLIENT_CLOSED',
  'OUTSTANDING_LIMIT',
] as const;
export type ConnectionErrorCode = (typeof CONNECTION_ERROR_CODES)[number];

/** A server could not be reached, or a client is not in a state to serve the call. */
export class ConnectionError extends AppError {
  readonly code: ConnectionErrorCode;
  readonly retryable: boolean;

  constructor(code: ConnectionErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = code !== 'BAD_CONNECT_STRING' && code !== 'CLIENT_CLOSED';
  }
}

export const PROTOCOL_ERROR_CODES = [
  'TRUNCATED',
  'BAD_LENGTH',
  'FRAME_TOO_LARGE',
  'TRAILING_BYTES',
  'BAD_VALUE',
  'UNEXPECTED_XID',
  'BAD_PATH',
] as const;
export type ProtocolErrorCode = (typeof PROTOCOL_ERROR_CODES)[number];

/** Bytes that are not what the protocol allows. Whoever sent them loses the connection. */
export class ProtocolError extends AppError {
  readonly code: ProtocolErrorCode;
  readonly retryable = false;

  constructor(code: ProtocolErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

export const STORAGE_ERROR_CODES = ['CORRUPT', 'DISK_FULL', 'IO', 'LOCKED'] as const;
export type StorageErrorCode = (typeof STORAGE_ERROR_CODES)[number];

/** A file could not be read or written as demanded. */
export class StorageError extends AppError {
  readonly code: StorageErrorCode;
  readonly retryable = false;

  constructor(code: StorageErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
