/**
 * The ZooKeeper client: every operation of the protocol as a typed call over one session. Requests are pipelined and answered
 * in order. Failures are KeeperError (what ZooKeeper has a number for), ConnectionError or ProtocolError (BAD_PATH and
 * FRAME_TOO_LARGE, before anything is sent), each with a code and where it happened; a call that its AbortSignal cancels
 * rejects with the signal's reason, and a write among those may have been applied.
 *
 * Watch semantics are those of Java's client, with two conveniences: listeners are functions and hear only events of their
 * paths (the session's course goes to `onState`), and persistent, recursive and one-shot watches of one path do not disturb
 * each other on servers before 3.9 (watch-registry.ts).
 */
import type { Acl } from '../../shared/acl.ts';
import { type ErrorContext, KeeperError } from '../../shared/errors.ts';
import { requireValidPath } from '../../shared/path.ts';
import { createContainer, create2, createTTL, type Create2Response } from '../../shared/protocol/create.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { getACL, type GetAclResponse } from '../../shared/protocol/get-acl.ts';
import { getAllChildrenNumber } from '../../shared/protocol/get-all-children-number.ts';
import { getChildren2, type GetChildren2Response } from '../../shared/protocol/get-children.ts';
import { getData, type GetDataResponse } from '../../shared/protocol/get-data.ts';
import { getEphemerals } from '../../shared/protocol/get-ephemerals.ts';
import { multi, multiRead } from '../../shared/protocol/multi.ts';
import { type ReconfigRequest, type ReconfigResponse, reconfig } from '../../shared/protocol/reconfig.ts';
import { setACL } from '../../shared/protocol/set-acl.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import type { WatchedPath } from '../../shared/protocol/operation.ts';
import type { Stat } from '../../shared/protocol/stat.ts';
import { sync } from '../../shared/protocol/sync.ts';
import { type ClientInfo, whoAmI } from '../../shared/protocol/who-am-i.ts';
import {
  type CreateOptions,
  type MultiRead,
  type MultiReadResult,
  type MultiWrite,
  type MultiWriteResult,
  createRequest,
  multiReadOp,
  multiReadResults,
  multiWriteOp,
  multiWriteResults,
} from './multi.ts';
import { type Call, ClientSession, type ConnectOptions, type StateChange } from './client-session.ts';
import type { ClientOptions } from './client-options.ts';
import { WatchCalls } from './watch-calls.ts';
import type { RequestedWatch } from './request-queue.ts';
import type { Credential, SessionFacts, SessionKey } from './session-types.ts';
import type { PersistentKind, RemovableWatches, WatchListener } from './watch-registry.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface ReadOptions extends CallOptions {
  /** Hears of the next change, once. */
  readonly watch?: WatchListener;
}

export interface VersionOptions extends CallOptions {
  /** The version that the node must have; any by default. */
  readonly version?: number;
}

/** Ends a subscription; calling it again does nothing. */
export interface Subscription {
  dispose(): void;
}

const ANY_VERSION = -1;
/** Lies outside every chroot. */
const CONFIG_PATH = '/zookeeper/config';

export class ZooKeeperClient {
  readonly #session: ClientSession;
  readonly #watches: WatchCalls;

  /** Throws ConnectionError BAD_CONNECT_STRING. Nothing is connected before {@link connect}. */
  constructor(options: ClientOptions) {
    this.#session = new ClientSession(options);
    this.#watches = new WatchCalls(this.#session);
  }

  // ---- the session

  /**
   * Resolves when a session is established. Rejects when every host was tried once in vain (the error of the last one; the
   * client is closed then) unless `keepTrying`, and when the session turns out expired or credentials are refused. Once
   * connected, the client reconnects by itself until it is closed or the session has expired.
   */
  connect(options: ConnectOptions = {}): Promise<void> {
    return this.#session.connect(options);
  }

  /** Ends the session after the requests already made, so that its ephemerals vanish at once. Never rejects. */
  close(): Promise<void> {
    return this.#session.close();
  }

  /** Drops the connection and leaves the session to expire, or to whoever takes it over by its {@link sessionKey}. */
  abandon(): void {
    this.#session.abandon();
  }

  get facts(): SessionFacts {
    return this.#session.facts;
  }

  /** What another client needs to take this session over; undefined before the first connection. */
  get sessionKey(): SessionKey | undefined {
    return this.#session.key;
  }

  onState(listener: (change: StateChange) => void): Subscription {
    return { dispose: this.#session.onState(listener) };
  }

  /** Every event from the server and of removed watches, whether or not anybody waits for it. */
  onWatchEvent(listener: WatchListener): Subscription {
    return { dispose: this.#session.onWatchEvent(listener) };
  }

  /** Proves an identity now and on every later connection. Rejects, and the session is over, when it is refused. */
  addAuth(credential: Credential): Promise<void> {
    return this.#session.addAuth(credential);
  }

  async whoAmI({ signal }: CallOptions = {}): Promise<readonly ClientInfo[]> {
    const { clientInfo } = await this.#session.call(whoAmI, undefined, { signal });
    return clientInfo;
  }

  // ---- nodes

  /** `path` in the result carries the sequence number, if the mode has one. Null data by default, open to everybody. */
  async create(
    path: string,
    { signal, ...options }: CreateOptions & CallOptions = {},
  ): Promise<Create2Response> {
    const part = createRequest(this.#session.watches, path, options);
    const call = { path, signal };
    const created = await (part.op === 'createTTL'
      ? this.#session.call(createTTL, part.request, call)
      : this.#session.call(part.op === 'createContainer' ? createContainer : create2, part.request, call));
    return { path: this.#session.watches.toClientPath(created.path), stat: created.stat };
  }

  async delete(path: string, { version = ANY_VERSION, signal }: VersionOptions = {}): Promise<void> {
    await this.#session.call(deleteNode, { path: this.#serverPath(path), version }, { path, signal });
  }

  /** Null when there is no such node; a watch waits for its creation then. */
  async exists(path: string, { watch, signal }: ReadOptions = {}): Promise<Stat | null> {
    const read = this.#read('exist', path, watch);
    try {
      return await this.#session.call(exists, read.request, { ...read.call, signal });
    } catch (error) {
      if (error instanceof KeeperError && error.code === 'NONODE') return null;
      throw error;
    }
  }

  async getData(path: string, { watch, signal }: ReadOptions = {}): Promise<GetDataResponse> {
    const read = this.#read('data', path, watch);
    return this.#session.call(getDataCopied, read.request, { ...read.call, signal });
  }

  async setData(
    path: string,
    data: Uint8Array | null,
    { version = ANY_VERSION, signal }: VersionOptions = {},
  ): Promise<Stat> {
    return this.#session.call(setData, { path: this.#serverPath(path), data, version }, { path, signal });
  }

  /** Without ADMIN on the node the hashes of digest ids are masked. */
  async getAcl(path: string, { signal }: CallOptions = {}): Promise<GetAclResponse> {
    return this.#session.call(getACL, { path: this.#serverPath(path) }, { path, signal });
  }

  /** `version` is compared with the node's `aversion`. */
  async setAcl(
    path: string,
    acl: readonly Acl[],
    { version = ANY_VERSION, signal }: VersionOptions = {},
  ): Promise<Stat> {
    return this.#session.call(setACL, { path: this.#serverPath(path), acl, version }, { path, signal });
  }

  /** The order of the names is the server's and means nothing. */
  async getChildren(path: string, { watch, signal }: ReadOptions = {}): Promise<GetChildren2Response> {
    const read = this.#read('child', path, watch);
    return this.#session.call(getChildren2, read.request, { ...read.call, signal });
  }

  /** Descendants of all depths. */
  async getAllChildrenNumber(path: string, { signal }: CallOptions = {}): Promise<number> {
    const request = { path: this.#serverPath(path) };
    const { totalNumber } = await this.#session.call(getAllChildrenNumber, request, { path, signal });
    return totalNumber;
  }

  /** This session's ephemeral nodes whose paths begin with `prefixPath`, a plain string prefix. */
  async getEphemerals(prefixPath = '/', { signal }: CallOptions = {}): Promise<readonly string[]> {
    const { watches } = this.#session;
    const request = { prefixPath: this.#serverPath(prefixPath) };
    const { ephemerals } = await this.#session.call(getEphemerals, request, { path: prefixPath, signal });
    return ephemerals.map((path) => watches.toClientPath(path));
  }

  /** Brings the server up to date with its leader: a read after it sees every write that was done before it. */
  async sync(path: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#session.call(sync, { path: this.#serverPath(path) }, { path, signal });
  }

  // ---- several at once

  /** Applies all writes or none; rejects with MultiError, which says which one failed. */
  async multi(writes: readonly MultiWrite[], { signal }: CallOptions = {}): Promise<MultiWriteResult[]> {
    const { watches } = this.#session;
    const parts = writes.map((write) => multiWriteOp(watches, write));
    const results = await this.#session.call(multi, parts, { signal });
    return multiWriteResults({ watches, writes, results, context: this.#context });
  }

  /** Reads in one request; each part fails on its own. */
  async multiRead(reads: readonly MultiRead[], { signal }: CallOptions = {}): Promise<MultiReadResult[]> {
    const parts = reads.map((read) => multiReadOp(this.#session.watches, read));
    const results = await this.#session.call(multiReadCopied, parts, { signal });
    return multiReadResults({ reads, results, context: this.#context });
  }

  // ---- watches

  /** Hears of `path` (and, recursively, of everything below it) until disposed; survives reconnects. */
  addWatch(
    path: string,
    mode: PersistentKind,
    listener: WatchListener,
    { signal }: CallOptions = {},
  ): Promise<Subscription> {
    return this.#watches.add({ path, mode, listener, signal });
  }

  /**
   * Removes everybody's watches of one type at `path`; their listeners hear DataWatchRemoved, ChildWatchRemoved or
   * PersistentWatchRemoved. Rejects with KeeperError NOWATCHER when there is none.
   */
  removeWatches(path: string, type: RemovableWatches = 'any'): Promise<void> {
    return this.#watches.removeAll(path, type);
  }

  /** Removes one listener from whatever it waits for at `path`. Nothing happens when it does not wait. */
  removeListener(path: string, listener: WatchListener): void {
    this.#watches.removeListener(path, listener);
  }

  // ---- the ensemble

  /** The text of the ensemble's configuration (PROTOCOL.md 2.15); empty on a standalone server. */
  async getConfig({ watch, signal }: ReadOptions = {}): Promise<GetDataResponse> {
    // Compat: outside of any chroot, so the listener is registered under the path that events will carry.
    const request = { path: CONFIG_PATH, watch: watch !== undefined };
    return this.#session.call(getDataCopied, request, {
      path: CONFIG_PATH,
      signal,
      ...(watch === undefined ? {} : { watch: { kind: 'data', path: CONFIG_PATH, listener: watch } }),
    });
  }

  /** Changes the ensemble's membership; needs a server with reconfigEnabled and, as a rule, the super user. */
  async reconfig(request: ReconfigRequest, { signal }: CallOptions = {}): Promise<ReconfigResponse> {
    const { data, stat } = await this.#session.call(reconfig, request, { path: CONFIG_PATH, signal });
    return { data: copyOf(data), stat };
  }

  // ---- small parts

  get #context(): ErrorContext {
    const { server } = this.#session.facts;
    return server === undefined ? {} : { server };
  }

  #serverPath(path: string): string {
    requireValidPath(path);
    return this.#session.watches.toServerPath(path);
  }

  /** A read's request: it asks for a watch unless one stands at its path that serves this listener too. */
  #read(
    kind: RequestedWatch['kind'],
    path: string,
    listener: WatchListener | undefined,
  ): { request: WatchedPath; call: Call } {
    const serverPath = this.#serverPath(path);
    if (listener === undefined) return { request: { path: serverPath, watch: false }, call: { path } };
    const needsServer = !this.#session.watches.isCovered(path);
    return {
      request: { path: serverPath, watch: needsServer },
      call: { path, watch: { kind, path, listener } },
    };
  }
}

/** Not `slice`, which on a Buffer copies nothing. */
function copyOf(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : new Uint8Array(bytes);
}

/** Frames are gone once a reply is decoded; what callers keep is copied out of them. */
const getDataCopied: typeof getData = {
  ...getData,
  decodeResponse(reader) {
    const { data, stat } = getData.decodeResponse(reader);
    return { data: copyOf(data), stat };
  },
};

const multiReadCopied: typeof multiRead = {
  ...multiRead,
  decodeResponse: (reader) =>
    multiRead
      .decodeResponse(reader)
      .map((result) => (result.op === 'getData' ? { ...result, data: copyOf(result.data) } : result)),
};
