/** What is known of one session: its connections, signs of life, and how it ended. Facts only. Pure. */
import type { Heard } from '../../shared/api/diagnosis.ts';
import type { Sentence } from '../../shared/api/sentences.ts';

export interface SessionConnection {
  readonly server: string;
  readonly sid: number | undefined;
  readonly address: string;
  /** Who told of it first. */
  readonly source: Sentence;
  readonly fromMs: number;
  /** When `cons` had it last. */
  seenMs: number;
  /** Last known to be there. */
  presentMs: number;
  /** Between these something was heard on it for the last time, as far as its server was asked. */
  heard: { readonly fromMs: number; readonly toMs: number };
  /** Found gone, or told to be. */
  endedMs: number | undefined;
  endReason: string | undefined;
  /** Packets of its client that the server had counted when it was last asked. */
  received: number | undefined;
}

export interface SessionRecord {
  readonly sessionId: string;
  createdMs: number | undefined;
  timeoutMs: number | undefined;
  readonly connections: SessionConnection[];
  /** A client came back for it in vain. */
  readonly refusals: SessionRefusal[];
  /** Signs of life, the newest. */
  readonly heard: Heard[];
  /** By the leader. Times of its clock. */
  expiry: SessionExpiry | undefined;
  /** A server's log says that its client hung up. */
  hungUp: { readonly atMs: number; readonly source: Sentence } | undefined;
  /** Its newest write, by the number that its client gave it: a connection counts upwards. */
  lastWrite: { readonly cxid: number; readonly atMs: number } | undefined;
  /** Zabra ended it in its client's name, at this server. */
  endedHere: { readonly atMs: number; readonly server: string } | undefined;
  /** The number of the closeSession, where a transaction log shows it. */
  closeCxid: number | undefined;
  /** As somebody told who knows: a server's events, or a transaction log. */
  end: SessionEnd | undefined;
  /** By server: when it last listed the session. */
  readonly listedMs: Map<string, number>;
  /** A server that had listed it did not any more. */
  vanished: Vanishing | undefined;
}

export interface SessionRefusal {
  readonly atMs: number;
  readonly sid: number | undefined;
  readonly source: Sentence;
  /** Nobody named the session. */
  readonly isPresumed?: true;
}

/** A session ended between two questions. */
export interface Vanishing {
  readonly fromMs: number;
  readonly toMs: number;
  readonly source: Sentence;
  /** Whether the leader let a session expire then; undefined where it did not count. */
  hasExpired: boolean | undefined;
}

export interface SessionExpiry {
  readonly atMs: number;
  readonly lastHeardMs: number | undefined;
  /** The end of the tick in which it was due. */
  readonly bucketMs: number | undefined;
  readonly source: Sentence;
}

export interface SessionEnd {
  readonly atMs: number;
  readonly byClient: boolean;
  readonly zxid: string | undefined;
  readonly ephemerals: readonly string[] | undefined;
  /** Where there were more than are named. */
  readonly ephemeralCount: number | undefined;
  readonly source: Sentence;
  /** Of an end that nobody told (session-end.ts): when a server still listed it, and whether its client had left before. */
  readonly presumed?: { readonly listedMs: number; readonly hadLeft: boolean };
}

export function newRecord(sessionId: string): SessionRecord {
  return {
    sessionId,
    createdMs: undefined,
    timeoutMs: undefined,
    connections: [],
    refusals: [],
    heard: [],
    expiry: undefined,
    hungUp: undefined,
    lastWrite: undefined,
    endedHere: undefined,
    closeCxid: undefined,
    end: undefined,
    listedMs: new Map(),
    vanished: undefined,
  };
}
