/**
 * The border of the core: what happens to a server (events) and what it wants done (effects). Whoever runs a core gives
 * it one event at a time and carries out the effects in their order; completions come back as events.
 */
import type { Zxid } from '../../shared/zxid.ts';

/** Both clocks at the moment of an event, in whole milliseconds. */
export interface Now {
  /** Never goes back; what timeouts are measured with. */
  readonly elapsedMs: number;
  /** Since 1970; what znodes carry. */
  readonly wallMs: number;
}

export type ClientEvent =
  | {
      readonly kind: 'connectionOpened';
      readonly connectionId: number;
      readonly remoteAddress: string;
      readonly remotePort: number;
    }
  /** Frames of one connection that came together. The core may keep views into them until they are answered. */
  | { readonly kind: 'framesArrived'; readonly connectionId: number; readonly frames: readonly Uint8Array[] }
  /** A four-letter word came instead of a session; admin/ answers it, the core only counts. */
  | { readonly kind: 'commandArrived'; readonly connectionId: number }
  | { readonly kind: 'commandAnswered'; readonly connectionId: number }
  | { readonly kind: 'connectionClosed'; readonly connectionId: number };

export type ServerEvent =
  /** The first event of all. */
  | { readonly kind: 'started' }
  | ClientEvent
  /** Everything handed to `persist` up to and including `zxid` is durable. */
  | { readonly kind: 'persisted'; readonly zxid: Zxid }
  /** Time passed; nothing else happened. */
  | { readonly kind: 'tick' };

export type ClientEffect =
  | { readonly kind: 'send'; readonly connectionId: number; readonly bytes: Uint8Array }
  /** Close once everything sent so far is out. */
  | { readonly kind: 'close'; readonly connectionId: number }
  /** Stop, or go on, reading from a connection. */
  | { readonly kind: 'pauseReads' | 'resumeReads'; readonly connectionId: number }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly message: string };

export type ServerEffect =
  | ClientEffect
  /** Append to the log and report `persisted`. Comes before every send that depends on it. */
  | { readonly kind: 'persist'; readonly zxid: Zxid; readonly entry: Uint8Array };
