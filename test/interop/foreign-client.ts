/**
 * Other people's ZooKeeper clients behind one interface, so that one suite asks the same of each. Every client runs in a
 * process of its own: it can be killed, and nothing of ours is between it and the server.
 */

/** One event as the client under test reported it. */
export interface ForeignEvent {
  /** ZooKeeper's name: NodeCreated, NodeDeleted, NodeDataChanged, NodeChildrenChanged. */
  readonly type: string;
  readonly path: string;
}

export type ForeignMode = 'PERSISTENT' | 'EPHEMERAL' | 'EPHEMERAL_SEQUENTIAL';

/** What a client answers instead of a result. `code` is ZooKeeper's name of the error. */
export class ForeignError extends Error {
  readonly code: string;

  constructor(code: string, path: string) {
    super(`${code} for ${path}`);
    this.code = code;
  }
}

export interface ForeignClient {
  /** Resolves to the path with its sequence number, if it got one. */
  create(path: string, data: string, mode: ForeignMode): Promise<string>;
  get(path: string): Promise<string>;
  set(path: string, data: string): Promise<void>;
  delete(path: string): Promise<void>;
  list(path: string): Promise<readonly string[]>;
  /** Reads the node and leaves a watch on it. */
  watchData(path: string): Promise<void>;
  /** Lists the children and leaves a watch on them. */
  watchChildren(path: string): Promise<void>;
  /** `0x…` */
  sessionId(): Promise<string>;
  /** Events in their order, those of the session left out. */
  readonly events: readonly ForeignEvent[];
  /** How often the client has said that it is connected. */
  readonly connectCount: number;
  /** A lock of the client's own library, where it has one. */
  readonly ownLock?: { acquire(path: string): Promise<void>; release(path: string): Promise<void> };
  /** Ends session and process in good order. */
  close(): Promise<void>;
  /** SIGKILL: the session is left to expire. */
  kill(): Promise<void>;
}

export interface ForeignTool {
  readonly name: string;
  /** What is missing to run it on this machine, and where to get it; undefined when nothing is. */
  readonly missing: () => string | undefined;
  readonly start: (options: { connectString: string; sessionTimeoutMs: number }) => Promise<ForeignClient>;
}
