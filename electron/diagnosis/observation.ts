/**
 * What sources tell the diagnosis: one observation for each thing seen, with the time when it was seen on Zabra's own
 * clock (`atMs`, which never goes back). Times that somebody else's clock gave have other names. Pure.
 */
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import type { ServerRole } from '../../shared/api/common.ts';
import type { Excess, Standing } from '../../shared/api/sentences.ts';
import type { DumpSession } from '../services/cluster/four-letter-words/dump.ts';
import type { ConsConnection } from '../services/cluster/four-letter-words/cons.ts';

export type PollAnswer =
  | {
      readonly word: 'mntr';
      readonly role: ServerRole | undefined;
      readonly metrics: Readonly<Record<string, string>>;
    }
  | { readonly word: 'srvr'; readonly role: ServerRole | undefined; readonly zxid: bigint | undefined }
  | { readonly word: 'cons'; readonly connections: readonly ConsConnection[] }
  | {
      readonly word: 'dump';
      readonly sessions: ReadonlyMap<string, DumpSession>;
      readonly ephemeralCount: number;
      readonly connections: ReadonlySet<string> | undefined;
    }
  | {
      readonly word: 'conf';
      readonly sid: number | undefined;
      readonly values: ReadonlyMap<string, string>;
    };

/** A transaction, as a log on disk has it. */
export interface CommittedFact {
  readonly zxid: bigint;
  readonly sessionId: string;
  readonly cxid: number;
  /** Of the leader's clock. */
  readonly timeMs: number;
  readonly change: CommittedChange;
}

export type CommittedChange =
  | { readonly op: 'createSession'; readonly timeoutMs: number }
  | { readonly op: 'closeSession'; readonly ephemerals: readonly string[] | null }
  | { readonly op: 'setACL'; readonly path: string; readonly adminIds: readonly string[] }
  | { readonly op: 'reconfig' }
  /** Anything else that a client wrote. */
  | { readonly op: 'write' }
  | { readonly op: 'error'; readonly errorNumber: number };

/** What a line of a server's log says, as far as a diagnosis needs it. */
export type LogMark =
  | { readonly mark: 'session-expiring'; readonly sessionId: string }
  | { readonly mark: 'session-refused'; readonly sessionId: string; readonly address: string }
  | { readonly mark: 'client-hung-up'; readonly sessionId: string }
  | { readonly mark: 'fsync-slow'; readonly durationMs: number }
  | { readonly mark: 'disk-full' }
  | { readonly mark: 'too-many-connections' }
  | { readonly mark: 'frame-too-large'; readonly bytes: number }
  | { readonly mark: 'quota-exceeded'; readonly path: string }
  | { readonly mark: 'zxid-rollover' };

export interface QuotaUse {
  readonly path: string;
  readonly excess: Excess;
  readonly isHard: boolean;
}

export type Observation = { readonly atMs: number } & (
  | {
      /** `server` is `host:port` of its client port. */
      readonly kind: 'polled';
      readonly server: string;
      /** When the question was sent. */
      readonly sentMs: number;
      readonly standing: Standing;
      readonly answer: PollAnswer | undefined;
    }
  | {
      /** Whoever answers at `server` is this one. */
      readonly kind: 'identified';
      readonly server: string;
      readonly sid: number;
    }
  | {
      /** The ensemble's configuration changed, or was read for the first time. */
      readonly kind: 'configured';
      readonly version: string;
      readonly participants: readonly number[];
      readonly observers: readonly number[];
    }
  | { readonly kind: 'told'; readonly event: ServerEventDto }
  | {
      readonly kind: 'logged';
      readonly sid: number | undefined;
      readonly source: string;
      /** Of the server's clock. */
      readonly lineMs: number | undefined;
      readonly line: LogMark;
    }
  | {
      readonly kind: 'committed';
      readonly sid: number | undefined;
      readonly source: string;
      readonly fact: CommittedFact;
    }
  | {
      /** The wall clock of a server, as far as its AdminServer tells, to a second, or the newest line of its log. */
      readonly kind: 'clock-read';
      readonly sid: number;
      readonly serverMs: number;
      /** The log. */
      readonly file?: string;
    }
  | {
      readonly kind: 'disk-space';
      readonly sid: number | undefined;
      readonly source: string;
      readonly freeBytes: number;
    }
  | { readonly kind: 'quotas-exceeded'; readonly exceeded: readonly QuotaUse[] }
  /** A person had Zabra end this session in its client's name. */
  | { readonly kind: 'ended-here'; readonly sessionId: string; readonly server: string }
  /** Zabra itself did not run for so long, up to now. */
  | { readonly kind: 'own-stall'; readonly durationMs: number }
);
export type ObservationOf<Kind extends Observation['kind']> = Extract<Observation, { kind: Kind }>;
