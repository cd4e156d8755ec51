/**
 * When a session must act (PROTOCOL.md 2.11; T is the negotiated timeout): ping after T/3 without sending, give a silent
 * connection up after 2T/3, take the session for expired after 4T/3 without hearing any server (as Java's client does since
 * 3.9.3). Pure: it is told the time.
 */
import type { SessionOptions, SessionState } from './session-types.ts';

/** What is due, the most urgent first. */
type Due = 'expiry' | 'attempt' | 'connectTimeout' | 'readTimeout' | 'ping' | 'probe';

/** Java's client pings at least this often, however long the timeout. */
const PING_INTERVAL_MS_MAX = 10_000;
const PROBE_DELAY_MS_MIN = 100;
const PROBE_DELAY_MS_MAX = 60_000;

type TimerOptions = Pick<SessionOptions, 'sessionTimeoutMs' | 'connectTimeoutMs'> & {
  readonly hosts: readonly unknown[];
};

export class SessionTimers {
  readonly #options: TimerOptions;
  #negotiatedTimeoutMs: number | undefined;
  #lastSentMs = 0;
  #lastHeardMs = 0;
  #connectDeadlineMs = 0;
  #attemptAtMs = 0;
  #probeAtMs = 0;
  #probeDelayMs = PROBE_DELAY_MS_MIN;

  constructor(options: TimerOptions) {
    this.#options = options;
  }

  get negotiatedTimeoutMs(): number | undefined {
    return this.#negotiatedTimeoutMs;
  }

  get #timeoutMs(): number {
    return this.#negotiatedTimeoutMs ?? this.#options.sessionTimeoutMs;
  }

  onConnecting(nowMs: number): void {
    const limitMs = this.#options.connectTimeoutMs ?? this.#timeoutMs / this.#options.hosts.length;
    this.#connectDeadlineMs = nowMs + limitMs;
  }

  onConnected(negotiatedTimeoutMs: number, nowMs: number): void {
    this.#negotiatedTimeoutMs = negotiatedTimeoutMs;
    this.#lastSentMs = nowMs;
    this.#lastHeardMs = nowMs;
    this.#probeDelayMs = PROBE_DELAY_MS_MIN;
    this.#probeAtMs = nowMs + this.#probeDelayMs;
  }

  onDisconnected({ nowMs, delayMs }: { nowMs: number; delayMs: number }): void {
    this.#attemptAtMs = nowMs + delayMs;
  }

  reconnectNow(nowMs: number): void {
    this.#attemptAtMs = nowMs;
  }

  onSent(nowMs: number): void {
    this.#lastSentMs = nowMs;
  }

  onHeard(nowMs: number): void {
    this.#lastHeardMs = nowMs;
  }

  onProbe(nowMs: number): void {
    this.#probeDelayMs = Math.min(this.#probeDelayMs * 2, PROBE_DELAY_MS_MAX);
    this.#probeAtMs = nowMs + this.#probeDelayMs;
  }

  /** The earliest time at which {@link due} has an answer. */
  deadlineMs(state: SessionState): number | undefined {
    const times = this.#schedule(state).map(([, atMs]) => atMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  due(state: SessionState, nowMs: number): Due | undefined {
    return this.#schedule(state).find(([, atMs]) => atMs <= nowMs)?.[0];
  }

  #schedule(state: SessionState): (readonly [Due, number])[] {
    switch (state) {
      case 'suspended':
        return [...this.#expiry(), ['attempt', this.#attemptAtMs]];
      case 'connecting':
      case 'handshaking':
        return [...this.#expiry(), ['connectTimeout', this.#connectDeadlineMs]];
      case 'connected':
      case 'closing':
        return this.#keepAlive();
      case 'connectedReadOnly':
        return [...this.#keepAlive(), ['probe', this.#probeAtMs]];
      case 'idle':
      case 'expired':
      case 'authFailed':
      case 'closed':
        return [];
    }
  }

  #keepAlive(): (readonly [Due, number])[] {
    const pingIntervalMs = Math.min(this.#timeoutMs / 3, PING_INTERVAL_MS_MAX);
    return [
      ['readTimeout', this.#lastHeardMs + (this.#timeoutMs * 2) / 3],
      ['ping', this.#lastSentMs + pingIntervalMs],
    ];
  }

  /** Only a session that was established can expire. */
  #expiry(): (readonly [Due, number])[] {
    if (this.#negotiatedTimeoutMs === undefined) return [];
    return [['expiry', this.#lastHeardMs + (this.#negotiatedTimeoutMs * 4) / 3]];
  }
}
