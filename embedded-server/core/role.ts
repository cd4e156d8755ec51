/** What the roles of a quorum server have in common: the rooms that they work in, and how one ends. */
import type { Sid } from '../../shared/ids.ts';
import type { QuorumMessage } from '../quorum-protocol/stream-decoder.ts';
import type { Chronicle } from './chronicle.ts';
import type { ClientRooms } from './client-rooms.ts';
import type { LoggedTxn } from './committed-log.ts';
import type { ServerConfig } from './config.ts';
import type { Now } from './effects.ts';
import type { Membership } from './membership.ts';
import type { Outbox } from './outbox.ts';
import type { LinkId } from './quorum-effects.ts';
import type { QuorumOutbox } from './quorum-outbox.ts';
import type { Replica } from './replica.ts';
import type { QuorumStats } from './quorum-stats.ts';
import type { SessionIds } from './session-ids.ts';
import type { StorageQueue } from './storage-queue.ts';
import type { ZabState } from './zab-state.ts';

export interface QuorumLimits {
  /** Ticks that a learner has to connect to its leader and to catch up. */
  readonly initLimitTicks: number;
  /** Ticks that a learner may lag behind, or be silent, later on. */
  readonly syncLimitTicks: number;
  /** Transactions kept at hand for learners that are behind: Apache's commitLogCount, 500. */
  readonly committedMax: number;
  /** Transactions of one epoch: ZXID_COUNTER_MAX, or fewer to see what happens then. */
  readonly txnsPerEpochMax: number;
}

/** What every role is lent. */
export interface RoleRooms {
  readonly sid: Sid;
  readonly config: ServerConfig;
  readonly membership: Membership;
  readonly limits: QuorumLimits;
  readonly replica: Replica;
  readonly storage: StorageQueue;
  readonly links: QuorumOutbox;
  readonly clients: ClientRooms;
  readonly outbox: Outbox;
  readonly sessionIds: SessionIds;
  readonly chronicle: Chronicle;
  readonly stats: QuorumStats;
  /** Of the event being handled. */
  readonly clock: () => Now;
  /** A number for a connection that is dialled here. */
  readonly newLinkId: () => LinkId;
  /** The leader of `epoch` is established, as far as this server is concerned. */
  readonly onEpochEstablished: (epoch: number) => void;
}

export interface Role {
  readonly zabState: ZabState;
  /** Why this role is over, undefined while it is not. Whoever runs it then calls {@link end}. */
  readonly endReason: string | undefined;
  /** Who leads next, where a reconfiguration says so and nobody needs to be elected. */
  readonly successor: Sid | undefined;
  readonly nextTickMs: number;
  onLinkOpened(linkId: LinkId): void;
  onLinkMessage(linkId: LinkId, message: QuorumMessage): void;
  onLinkClosed(linkId: LinkId): void;
  tick(): void;
  /** Closes all links. Returns what was handed to the log and is not applied, in its order. */
  end(): LoggedTxn[];
}
