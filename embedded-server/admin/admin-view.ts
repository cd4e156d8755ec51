/** What the admin surface may see of a server: the core, and the few facts that only its driver knows. */
import type { Sid } from '../../shared/ids.ts';
import type { ServerConfig } from '../core/config.ts';
import type { Connections } from '../core/connections.ts';
import type { Database } from '../core/database.ts';
import type { Now } from '../core/effects.ts';
import type { EnsembleConfig } from '../core/ensemble-config.ts';
import type { LeaderFacts } from '../core/leader.ts';
import type { LearnerFacts } from '../core/learner-link.ts';
import type { QuorumStats } from '../core/quorum-stats.ts';
import type { ServerStats } from '../core/server-stats.ts';
import type { SessionTracker } from '../core/session-tracker.ts';
import type { Summary } from '../core/summary.ts';
import type { Watches } from '../core/watches.ts';
import type { ZabState } from '../core/zab-state.ts';
import type { PeerState } from '../quorum-protocol/notification.ts';

/** What every server has, with an ensemble or without. */
export interface ServerView {
  readonly config: ServerConfig;
  readonly startedAt: Now;
  readonly database: Database;
  readonly stats: ServerStats;
  readonly watches: Watches;
  readonly connections: Connections;
  readonly outstanding: number;
  /** Where sessions are decided, which is not at a learner. */
  readonly sessions: SessionTracker | undefined;
}

/** A learner as its leader sees it, and the connection to it. */
export interface LearnerView extends LearnerFacts {
  /** `host:port`; undefined when the connection is gone. */
  readonly address: string | undefined;
  readonly unsentBytes: number;
}

/** A server's part in its ensemble. */
export interface QuorumView {
  readonly sid: Sid;
  readonly peerState: PeerState;
  readonly zabState: ZabState;
  readonly isServing: boolean;
  readonly isReadOnly: boolean;
  readonly leader: Sid;
  readonly stats: QuorumStats;
  /** Of a leader. */
  readonly leaderFacts: LeaderFacts | undefined;
  /** Those connected, of a leader. */
  readonly learners: readonly LearnerView[];
  /** Bytes; -1 when there is none. */
  readonly proposals: {
    readonly count: number;
    readonly last: number;
    readonly min: number;
    readonly max: number;
  };
  readonly ensemble: EnsembleConfig;
  readonly initLimitTicks: number;
  readonly syncLimitTicks: number;
}

/** The disk of a server. */
export interface StorageView {
  /** With its `version-2`, as the following one. */
  readonly dataFolder: string;
  readonly dataBytes: number;
  readonly logFolder: string;
  readonly logBytes: number;
  readonly fsyncMs: Summary;
  /** Transactions that went to disk with one fsync. */
  readonly batchSizes: Summary;
  readonly snapshotMs: Summary;
  readonly slowFsyncs: number;
  /** The newest on disk; undefined when there is none. */
  readonly lastSnapshot: { readonly zxid: bigint; readonly wallMs: number } | undefined;
  /** How long it took to find and load what the server began with. */
  readonly snapshotLoadMs: number;
  /** Transactions that the log had behind the snapshot; undefined when the folder was new. */
  readonly replayedCount: number | undefined;
  readonly replayMs: number | undefined;
}

export interface AdminView {
  readonly server: ServerView;
  /** Undefined of a server without an ensemble. */
  readonly quorum: QuorumView | undefined;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly clientPort: number;
  readonly rejectedConnections: number;
  /** A number that can be set and asked for; nothing here depends on it. */
  readonly traceMask: { value: bigint };
  /** Undefined when everything is kept in memory. */
  readonly storage: StorageView | undefined;
  readonly now: Now;
}
