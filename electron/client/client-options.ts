/** What a client can be told when it is made, and the values that hold when it is not. */
import { JUTE_MAXBUFFER_DEFAULT } from '../../shared/jute/frame-decoder.ts';
import type { Clock } from './session-driver.ts';
import type { Credential, SessionKey } from './session-types.ts';
import type { Transport } from './transport.ts';

export interface ClientOptions {
  /** `host:port,host:port/chroot` */
  readonly connectString: string;
  readonly sessionTimeoutMs?: number;
  /** Proved on every connection before anything else is sent. */
  readonly credentials?: readonly Credential[];
  /** Whether a server that has lost its quorum will do; the client then looks for one that has not. */
  readonly canBeReadOnly?: boolean;
  /** Takes over a session instead of asking for a new one. */
  readonly resume?: SessionKey;
  /** Time for one host to accept and answer; by default the session timeout divided by the number of hosts. */
  readonly connectTimeoutMs?: number;
  /**
   * The largest frame taken from a server. Larger than the 1 MiB of Java's client, because the list of 100,000 children
   * exceeds that; what a server sends beyond it costs the connection.
   */
  readonly frameBytesMax?: number;
  /**
   * The largest request, which is refused before it is sent: a server answers one above its own `jute.maxbuffer` by closing
   * the connection without a word.
   */
  readonly requestBytesMax?: number;
  /** Requests on the wire without a reply; further ones wait. */
  readonly outstandingMax?: number;
  /** Requests that wait; a further one fails with OUTSTANDING_LIMIT. */
  readonly queuedMax?: number;
  readonly queuedBytesMax?: number;
  readonly reconnectDelayMsMax?: number;
  readonly roundDelayMs?: number;
  readonly transport?: Transport;
  readonly clock?: Clock;
}

const MIB = 1024 * 1024;

export const CLIENT_DEFAULTS = {
  sessionTimeoutMs: 30_000,
  canBeReadOnly: false,
  frameBytesMax: 16 * MIB,
  requestBytesMax: JUTE_MAXBUFFER_DEFAULT,
  outstandingMax: 1000,
  queuedMax: 10_000,
  queuedBytesMax: 64 * MIB,
  reconnectDelayMsMax: 1000,
  roundDelayMs: 1000,
} as const;
