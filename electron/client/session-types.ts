/** The vocabulary of the session core: its states, what is told to it, and what it wants done. */
import type { AppError, ConnectionError } from '../../shared/errors.ts';
import type { SessionId } from '../../shared/ids.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { HostPort } from './connect-string.ts';
import type { RequestOutcome, RequestLimits, SessionRequest } from './request-queue.ts';
import type { WatchDelivery } from './watch-registry.ts';

export const SESSION_STATES = [
  /** Not started. */
  'idle',
  /** The transport is being opened. */
  'connecting',
  /** The ConnectRequest is on its way. */
  'handshaking',
  'connected',
  /** Connected to a server that has lost its quorum; it answers reads only. */
  'connectedReadOnly',
  /** Between two attempts; the session, if there is one, may still be alive. */
  'suspended',
  /** closeSession is on its way. */
  'closing',
  /** Terminal: a server said that the session is over, or none was heard for 4/3 of its timeout. */
  'expired',
  /** Terminal: a server refused credentials. */
  'authFailed',
  /** Terminal: closed by its owner. */
  'closed',
] as const;

export type SessionState = (typeof SESSION_STATES)[number];

export function isTerminal(state: SessionState): boolean {
  return state === 'expired' || state === 'authFailed' || state === 'closed';
}

/** Whether requests travel in this state. */
export function isEstablished(state: SessionState): boolean {
  return state === 'connected' || state === 'connectedReadOnly' || state === 'closing';
}

/** An identity to prove on every connection; for `digest` the bytes of `user:password`. */
export interface Credential {
  readonly scheme: string;
  readonly auth: Uint8Array;
}

/** An identity that the present server took; for `digest` the user's name. */
export interface AuthenticatedId {
  readonly scheme: string;
  readonly user: string;
}

/** What is known of a session at this moment. */
export interface SessionFacts {
  readonly state: SessionState;
  /** `host:port` of the server connected to, or being tried. */
  readonly server: string | undefined;
  readonly sessionId: SessionId | undefined;
  readonly negotiatedTimeoutMs: number | undefined;
  /** What this client has seen; a server that is behind it refuses the session. */
  readonly lastZxidSeen: Zxid;
  /** The newest that the server mentioned, also in its answers to pings. */
  readonly latestServerZxid: Zxid;
  readonly pingLatencyMs: number | undefined;
  readonly isReadOnly: boolean;
  readonly watchCount: number;
  /** Identities that the present server took; all of them are proved anew after a reconnect. */
  readonly authenticated: readonly AuthenticatedId[];
  readonly outstandingCount: number;
}

/** A session to take over instead of asking for a new one. */
export interface SessionKey {
  readonly sessionId: SessionId;
  readonly password: Uint8Array;
}

export interface SessionOptions extends RequestLimits {
  /** In the order in which they are tried. */
  readonly hosts: readonly HostPort[];
  readonly chroot: string;
  /** What is asked for; the server clamps it. */
  readonly sessionTimeoutMs: number;
  /** Whether a server without a quorum will do. */
  readonly canBeReadOnly: boolean;
  /** The largest frame taken from a server. */
  readonly frameBytesMax: number;
  /** Time for one host to accept and answer; by default the session timeout divided by the number of hosts. */
  readonly connectTimeoutMs: number | undefined;
  /** A reconnect waits a random time up to this, so that clients of a failed server do not return all at once. */
  readonly reconnectDelayMsMax: number;
  /** The pause after every host was tried in vain. */
  readonly roundDelayMs: number;
  readonly resume: SessionKey | undefined;
}

/** Time and chance, drawn by the driver for each step. */
export interface Moment {
  /** A clock that never goes back. */
  readonly nowMs: number;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

/** `connection` numbers the connections; what comes late from an earlier one is ignored. */
export type SessionEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened'; readonly connection: number }
  | { readonly type: 'received'; readonly connection: number; readonly chunk: Uint8Array }
  | { readonly type: 'lost'; readonly connection: number; readonly error: ConnectionError }
  /** The time of {@link SessionCore.deadlineMs} has come. Harmless when early. */
  | { readonly type: 'tick' }
  | { readonly type: 'request'; readonly request: SessionRequest }
  | { readonly type: 'cancel'; readonly request: SessionRequest }
  | {
      readonly type: 'addAuth';
      readonly credential: Credential;
      readonly settle: (outcome: RequestOutcome) => void;
    }
  /** The answer to a `probe` effect: that host serves reads and writes. */
  | { readonly type: 'readWriteFound'; readonly host: HostPort }
  | { readonly type: 'close' }
  /** Close without ending the session: somebody else may take it over until it expires. */
  | { readonly type: 'abandon' };

export type SessionEffect =
  | { readonly type: 'open'; readonly connection: number; readonly host: HostPort }
  | { readonly type: 'send'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly type: 'disconnect'; readonly connection: number }
  | {
      readonly type: 'settle';
      readonly settle: (outcome: RequestOutcome) => void;
      readonly outcome: RequestOutcome;
    }
  | { readonly type: 'watch'; readonly delivery: WatchDelivery }
  /** An attempt on one host failed; others follow. */
  | { readonly type: 'attemptFailed'; readonly error: ConnectionError }
  /** Ask a host with the four-letter word `isro` whether it serves writes. */
  | { readonly type: 'probe'; readonly host: HostPort }
  | { readonly type: 'state'; readonly state: SessionState; readonly error: AppError | undefined };
