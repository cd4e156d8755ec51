/**
 * Several operations in one request as callers see them (PROTOCOL.md 2.5): building the wire's parts from calls with the
 * client's own path rules, and typed results.
 */
import { type Acl, OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { assert } from '../../shared/assert.ts';
import { type ErrorContext, KeeperError, ProtocolError } from '../../shared/errors.ts';
import { requireValidPath } from '../../shared/path.ts';
import {
  createModeFlags,
  hasTtl,
  isContainer,
  isSequential,
  type CreateMode,
} from '../../shared/protocol/create-mode.ts';
import type { CreateRequest, CreateTtlRequest } from '../../shared/protocol/create.ts';
import { type KeeperErrorName, keeperErrorName } from '../../shared/protocol/error-code.ts';
import type { MultiReadOp, MultiResult, MultiWriteOp } from '../../shared/protocol/multi.ts';
import type { Stat } from '../../shared/protocol/stat.ts';
import type { WatchRegistry } from './watch-registry.ts';

export interface CreateOptions {
  readonly data?: Uint8Array | null;
  readonly acl?: readonly Acl[];
  readonly mode?: CreateMode;
  /** Demanded by, and only allowed with, the two TTL modes. */
  readonly ttlMs?: number;
}

export type MultiWrite =
  | ({ readonly op: 'create'; readonly path: string } & CreateOptions)
  | { readonly op: 'delete' | 'check'; readonly path: string; readonly version?: number }
  | {
      readonly op: 'setData';
      readonly path: string;
      readonly data: Uint8Array | null;
      readonly version?: number;
    };

export type MultiWriteResult =
  /** Servers give a Stat for containers and TTL nodes only. */
  | { readonly op: 'create'; readonly path: string; readonly stat: Stat | undefined }
  | { readonly op: 'delete' | 'check' }
  | { readonly op: 'setData'; readonly stat: Stat };

export interface MultiRead {
  readonly op: 'getData' | 'getChildren';
  readonly path: string;
}

export type MultiReadResult =
  | { readonly op: 'getData'; readonly data: Uint8Array | null; readonly stat: Stat }
  | { readonly op: 'getChildren'; readonly children: readonly string[] }
  | { readonly op: 'error'; readonly error: KeeperError };

/** A multi of which nothing was applied, because one part failed. `code` and `path` are those of that part. */
export class MultiError extends KeeperError {
  readonly failedIndex: number;
  /** For each part: undefined for those before the failing one, RUNTIMEINCONSISTENCY for those behind it. */
  readonly codes: readonly (KeeperErrorName | undefined)[];

  constructor(
    code: KeeperErrorName,
    options: ErrorContext & {
      failedIndex: number;
      op: string;
      codes: readonly (KeeperErrorName | undefined)[];
    },
  ) {
    const { failedIndex, op, codes, ...context } = options;
    const where = `operation ${failedIndex + 1} of ${codes.length} (${op}${context.path === undefined ? '' : ` ${context.path}`})`;
    super(code, { ...context, message: `${code}: ${where} failed, so nothing was changed` });
    this.failedIndex = failedIndex;
    this.codes = codes;
  }
}

/** Throws ProtocolError BAD_PATH. A sequential node's path may end with a slash: the number follows. */
export function requireCreatePath(path: string, mode: CreateMode): void {
  if (!isSequential(mode)) {
    requireValidPath(path);
    return;
  }
  try {
    requireValidPath(`${path}1`);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ProtocolError('BAD_PATH', error.message.replace(`${path}1`, path), { path });
  }
}

type CreatePart =
  | { readonly op: 'create2' | 'createContainer'; readonly request: CreateRequest }
  | { readonly op: 'createTTL'; readonly request: CreateTtlRequest };

/** The wire form of one create, apart from its operation. Throws ProtocolError. */
export function createRequest(
  watches: WatchRegistry,
  path: string,
  { data = null, acl = OPEN_ACL_UNSAFE, mode = 'PERSISTENT', ttlMs }: CreateOptions,
): CreatePart {
  requireCreatePath(path, mode);
  // A number without a name below a chroot must not become the name of the chroot's sibling.
  const isNameless = path === '/' && isSequential(mode);
  const serverPath = isNameless ? watches.toServerPath('/').replace(/\/?$/, '/') : watches.toServerPath(path);
  const request = { path: serverPath, data, acl, flags: createModeFlags(mode) };
  if (hasTtl(mode)) {
    if (ttlMs === undefined || !Number.isSafeInteger(ttlMs)) {
      throw new ProtocolError('BAD_VALUE', `${mode} needs a time to live in whole milliseconds`, { path });
    }
    return { op: 'createTTL', request: { ...request, ttlMs: BigInt(ttlMs) } };
  }
  if (ttlMs !== undefined) throw new ProtocolError('BAD_VALUE', `${mode} takes no time to live`, { path });
  return isContainer(mode) ? { op: 'createContainer', request } : { op: 'create2', request };
}

export function multiWriteOp(watches: WatchRegistry, write: MultiWrite): MultiWriteOp {
  if (write.op === 'create') {
    const part = createRequest(watches, write.path, write);
    // Compat: within a multi a server goes by the flags and answers create2 as create; Java's client sends create.
    return part.op === 'create2' ? { op: 'create', request: part.request } : part;
  }
  requireValidPath(write.path);
  const path = watches.toServerPath(write.path);
  const { version = -1 } = write;
  if (write.op === 'setData') return { op: 'setData', request: { path, data: write.data, version } };
  return { op: write.op, request: { path, version } };
}

export function multiReadOp(watches: WatchRegistry, read: MultiRead): MultiReadOp {
  requireValidPath(read.path);
  return { op: read.op, request: { path: watches.toServerPath(read.path), watch: false } };
}

/** Throws MultiError when a part failed. */
export function multiWriteResults({
  watches,
  writes,
  results,
  context,
}: {
  watches: WatchRegistry;
  writes: readonly MultiWrite[];
  results: readonly MultiResult[];
  context: ErrorContext;
}): MultiWriteResult[] {
  const codes = results.map((result) =>
    result.op === 'error' && result.err !== 0 ? keeperErrorName(result.err) : undefined,
  );
  const failedIndex = codes.findIndex((code) => code !== undefined);
  const code = codes[failedIndex];
  const failed = writes[failedIndex];
  if (code !== undefined) {
    const path = failed === undefined ? {} : { path: failed.path };
    throw new MultiError(code, { ...context, ...path, failedIndex, op: failed?.op ?? 'unknown', codes });
  }
  return results.map((result) => writeResult(watches, result));
}

function writeResult(watches: WatchRegistry, result: MultiResult): MultiWriteResult {
  switch (result.op) {
    case 'create':
      return { op: 'create', path: watches.toClientPath(result.path), stat: undefined };
    case 'create2':
      return { op: 'create', path: watches.toClientPath(result.path), stat: result.stat };
    case 'setData':
      return { op: 'setData', stat: result.stat };
    case 'delete':
    case 'check':
      return { op: result.op };
    case 'getData':
    case 'getChildren':
    case 'error':
      throw new ProtocolError('BAD_VALUE', `a ${result.op} result in the reply to a multi that had none`);
  }
}

export function multiReadResults({
  reads,
  results,
  context,
}: {
  reads: readonly MultiRead[];
  results: readonly MultiResult[];
  context: ErrorContext;
}): MultiReadResult[] {
  if (results.length !== reads.length) {
    throw new ProtocolError('BAD_VALUE', `${results.length} results for ${reads.length} reads`);
  }
  return results.map((result, at) => {
    const read = reads[at];
    assert(read !== undefined, 'as many results as reads');
    switch (result.op) {
      case 'getData':
        return { op: 'getData', data: result.data, stat: result.stat };
      case 'getChildren':
        return { op: 'getChildren', children: result.children };
      case 'error':
        return {
          op: 'error',
          error: new KeeperError(keeperErrorName(result.err), { ...context, path: read.path }),
        };
      case 'create':
      case 'create2':
      case 'setData':
      case 'delete':
      case 'check':
        throw new ProtocolError('BAD_VALUE', `a ${result.op} result in the reply to a multiRead`);
    }
  });
}
