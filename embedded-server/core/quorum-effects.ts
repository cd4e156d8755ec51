/**
 * The border of a quorum server's core: events in, effects out, as in effects.ts. Storage is one ordered queue: whatever
 * is handed to `store` is carried out in that order, and everything up to the id that `stored` names is durable.
 */
import type { Sid } from '../../shared/ids.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Notification } from '../quorum-protocol/notification.ts';
import type { QuorumMessage } from '../quorum-protocol/stream-decoder.ts';
import type { CommittedLog } from './committed-log.ts';
import type { Database } from './database.ts';
import type { ClientEffect, ClientEvent } from './effects.ts';
import type { EnsembleServer } from './ensemble-config.ts';

/** Connections of the quorum port: those that learners opened here have positive numbers, the own one a negative. */
export type LinkId = number;

/** What is on disk, read back. */
export interface RestoredData {
  readonly database: Database;
  readonly history: CommittedLog;
}

export type StorageOperation =
  | { readonly op: 'append'; readonly zxid: Zxid; readonly entry: Uint8Array }
  /**
   * Forget everything behind `zxid`, snapshots too, and report what is left with `stored`. Where no snapshot and the log
   * behind it lead up to `zxid`, change nothing and report nothing.
   */
  | { readonly op: 'truncate'; readonly zxid: Zxid }
  /** Write the body of a snapshot that stands for everything up to `zxid`; what the log holds up to there is void. */
  | { readonly op: 'snapshot'; readonly zxid: Zxid; readonly body: Uint8Array }
  | { readonly op: 'acceptedEpoch' | 'currentEpoch'; readonly epoch: number }
  /** The text of a configuration: the one that holds, or one that is about to. */
  | { readonly op: 'committedConfig' | 'lastSeenConfig'; readonly text: string };

export type QuorumEvent =
  | ClientEvent
  | { readonly kind: 'notificationArrived'; readonly from: Sid; readonly notification: Notification }
  /** A connection between the election ports came up, whoever dialled it. */
  | { readonly kind: 'peerConnected'; readonly sid: Sid }
  /** A learner connected to the quorum port, or the own dial of `connectLeader` succeeded. */
  | { readonly kind: 'linkOpened'; readonly linkId: LinkId }
  | { readonly kind: 'linkMessage'; readonly linkId: LinkId; readonly message: QuorumMessage }
  /** Also of a dial that failed. */
  | { readonly kind: 'linkClosed'; readonly linkId: LinkId }
  /** Everything up to and including `storageId` is durable. Each `truncate` is reported by itself. */
  | { readonly kind: 'stored'; readonly storageId: number; readonly reloaded?: RestoredData }
  | { readonly kind: 'tick' };

export type QuorumEffect =
  | ClientEffect
  | { readonly kind: 'store'; readonly storageId: number; readonly operation: StorageOperation }
  /** Send to a peer's election port, dialling it first if need be; a newer one takes the place of what waits. */
  | { readonly kind: 'notify'; readonly to: Sid; readonly notification: Notification }
  /** Who is in the ensemble has changed, or where: everybody to dial from now on. */
  | { readonly kind: 'membership'; readonly servers: ReadonlyMap<Sid, EnsembleServer> }
  | { readonly kind: 'connectLeader'; readonly linkId: LinkId; readonly sid: Sid }
  | { readonly kind: 'sendLink'; readonly linkId: LinkId; readonly bytes: Uint8Array }
  /** Close once everything sent so far is out. */
  | { readonly kind: 'closeLink'; readonly linkId: LinkId };
