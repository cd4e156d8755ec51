/** What the admin surface may see of a server: the core, and the few facts that only its driver knows. */
import type { Now } from '../core/effects.ts';
import type { Summary } from '../core/server-stats.ts';
import type { StandaloneServer } from '../core/standalone-server.ts';

/** The disk of a server. */
export interface StorageView {
  /** With its `version-2`, as the following one. */
  readonly dataFolder: string;
  readonly dataBytes: number;
  readonly logFolder: string;
  readonly logBytes: number;
  readonly fsyncMs: Summary;
  readonly snapshotMs: Summary;
  /** How long it took to find and load what the server began with. */
  readonly snapshotLoadMs: number;
  /** Transactions that the log had behind the snapshot; undefined when the folder was new. */
  readonly replayedCount: number | undefined;
  readonly replayMs: number | undefined;
}

export interface AdminView {
  readonly server: StandaloneServer;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly clientPort: number;
  readonly rejectedConnections: number;
  /** Undefined when everything is kept in memory. */
  readonly storage: StorageView | undefined;
  readonly now: Now;
}
