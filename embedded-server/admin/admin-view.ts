/** What the admin surface may see of a server: the core, and the few facts that only its driver knows. */
import type { Sid } from '../../shared/ids.ts';
import type { ServerConfig } from '../core/config.ts';
import type { Connections } from '../core/connections.ts';
import type { Database } from '../core/database.ts';
import type { Now } from '../core/effects.ts';
import type { LearnerFacts } from '../core/learner-link.ts';
import type { ServerStats, Summary } from '../core/server-stats.ts';
import type { SessionTracker } from '../core/session-tracker.ts';
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

/** A server's part in its ensemble. */
export interface QuorumView {
  readonly sid: Sid;
  readonly peerState: PeerState;
  readonly zabState: ZabState;
  readonly isServing: boolean;
  readonly leader: Sid;
  /** Those connected, of a leader. */
  readonly learners: readonly LearnerFacts[];
  /** Bytes; -1 when there is none. */
  readonly proposals: {
    readonly count: number;
    readonly last: number;
    readonly min: number;
    readonly max: number;
  };
  readonly quorumSize: number;
  readonly initLimitTicks: number;
  readonly syncLimitTicks: number;
  readonly electionPort: number;
  readonly quorumPort: number;
  readonly role: 'participant' | 'observer';
  readonly configText: string;
}

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
  readonly server: ServerView;
  /** Undefined of a server without an ensemble. */
  readonly quorum: QuorumView | undefined;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly clientPort: number;
  readonly rejectedConnections: number;
  /** Undefined when everything is kept in memory. */
  readonly storage: StorageView | undefined;
  readonly now: Now;
}
