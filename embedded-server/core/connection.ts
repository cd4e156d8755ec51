/**
 * One client connection as the core sees it: who is at the other end, which session it serves, what waits for an answer,
 * and the bytes on their way out (ZooKeeper's ServerCnxn). Only its `becomeX` change its state.
 *
 * ```
 *   connecting ──ConnectRequest──► establishing ──session is there──► established
 *        └───────────────┴──────────────── closing (answers are dropped) ◄──┘
 * ```
 */
import type { Id } from '../../shared/acl.ts';
import { assert } from '../../shared/assert.ts';
import type { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Expiring } from './expiry-buckets.ts';
import { Fifo } from './fifo.ts';
import type { Session } from './session-tracker.ts';

/** One request on its way through the server: who asks, what, and where its undecoded body begins. */
export interface Request {
  readonly connection: Connection;
  readonly xid: number;
  /** An OpCode, or any number that the client sent. */
  readonly type: number;
  /** At the body; reads decode it when it is their turn. */
  readonly body: JuteReader;
  readonly arrivedMs: number;
  /** What its answer has to wait for; undefined for a read, which needs only its turn. */
  readonly awaits: 'commit' | 'sync' | undefined;
}

export type ConnectionState = 'connecting' | 'establishing' | 'established' | 'closing';

export class Connection implements Expiring {
  readonly connectionId: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly establishedWallMs: number;
  #state: ConnectionState = 'connecting';
  #session: Session | undefined;
  /** As negotiated for this connection. */
  sessionTimeoutMs = 0;
  /** Everybody who authenticated here; `ip` from the first moment on. */
  readonly ids: Id[];
  /** Requests without an answer yet, in their order. */
  readonly queue = new Fifo<Request>();
  /** Frames that came while the session was being established. */
  heldFrames: Uint8Array[] = [];
  /** Clients from before 3.4 neither send nor understand the readOnly flag. */
  knowsReadOnly = false;
  isPaused = false;
  isCommand = false;
  /** Member of the queue of idle connections. */
  bucketMs: number | undefined;
  readonly stats = new ConnectionStats();
  readonly #out = new JuteWriter();

  constructor({
    connectionId,
    remoteAddress,
    remotePort,
    wallMs,
  }: {
    connectionId: number;
    remoteAddress: string;
    remotePort: number;
    wallMs: number;
  }) {
    this.connectionId = connectionId;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.establishedWallMs = wallMs;
    this.ids = [{ scheme: 'ip', id: remoteAddress }];
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The session that it serves, or that is being made for it. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** `session` is undefined while somebody else decides whether there is one. */
  becomeEstablishing(session: Session | undefined): void {
    assert(this.#state === 'connecting', `a connection that is ${this.#state} asks for a session`);
    this.#state = 'establishing';
    this.#session = session;
  }

  becomeEstablished(session: Session): void {
    const isExpected = this.#state === 'connecting' || this.#state === 'establishing';
    assert(isExpected, `a connection that is ${this.#state} cannot be established`);
    this.#state = 'established';
    this.#session = session;
  }

  becomeClosing(): void {
    assert(this.#state !== 'closing', 'a connection closes once');
    this.#state = 'closing';
    this.heldFrames = [];
  }

  get out(): JuteWriter {
    return this.#out;
  }

  /** What was written since the last call. */
  takeOutput(): Uint8Array {
    return this.#out.take();
  }

  addId(id: Id): void {
    if (!this.ids.some((known) => known.scheme === id.scheme && known.id === id.id)) this.ids.push(id);
  }
}

/** The counters that `cons` shows. */
export class ConnectionStats {
  packetsReceived = 0;
  packetsSent = 0;
  /** The op code of the last answer. */
  lastType: number | undefined;
  lastXid = -1;
  lastZxid: bigint = -1n;
  lastResponseMs = 0;
  lastLatencyMs = 0;
  latencyMsMin = Number.MAX_SAFE_INTEGER;
  latencyMsMax = 0;
  latencyMsTotal = 0;
  responses = 0;

  onResponse(request: Request, zxid: Zxid, latencyMs: number, elapsedMs: number): void {
    if (request.xid >= 0) this.lastXid = request.xid;
    this.lastZxid = zxid;
    this.lastType = request.type;
    this.lastResponseMs = elapsedMs;
    this.lastLatencyMs = latencyMs;
    if (latencyMs < this.latencyMsMin) this.latencyMsMin = latencyMs;
    if (latencyMs > this.latencyMsMax) this.latencyMsMax = latencyMs;
    this.latencyMsTotal += latencyMs;
    this.responses++;
  }

  reset(): void {
    Object.assign(this, new ConnectionStats());
  }
}
