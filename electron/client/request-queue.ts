/**
 * The requests of a session on their way: queued, then sent and pending until their replies, which come in order
 * (PROTOCOL.md 2.1). Owns the numbering by xid and the bounds. Pure.
 *
 * Back-pressure: at most `outstandingMax` requests are on the wire; further ones wait in the queue, and when that is full as
 * well a new one is refused, so that a caller that runs ahead of its server hears of it and memory stays bounded.
 */
import type { JuteReader } from '../../shared/jute/reader.ts';
import type { JuteWriter } from '../../shared/jute/writer.ts';
import type { AppError } from '../../shared/errors.ts';
import { encodeRequestHeader } from '../../shared/protocol/header.ts';
import type { OpCode } from '../../shared/protocol/op-code.ts';
import type { WatchListener } from './watch-registry.ts';

export type RequestOutcome = { readonly isOk: true } | { readonly isOk: false; readonly error: AppError };

/** A one-shot watch that comes with a read, to be registered when the reply is there. */
export interface RequestedWatch {
  readonly kind: 'data' | 'exist' | 'child';
  readonly path: string;
  readonly listener: WatchListener;
}

export interface SessionRequest {
  readonly opCode: OpCode;
  /** The request record, encoded. */
  readonly body: Uint8Array;
  /** The path that the caller named, for errors. */
  readonly path?: string;
  readonly watch?: RequestedWatch;
  /** Set for packets whose xid is not a number of the sequence (setWatches: -8). */
  readonly specialXid?: number;
  /** Takes the response record in; must copy what it keeps, since the frame is gone afterwards. Throws ProtocolError. */
  readonly decode: (reader: JuteReader) => void;
  /** Called once, by the driver, after `decode` if there is a response. */
  readonly settle: (outcome: RequestOutcome) => void;
}

export interface RequestLimits {
  /** Requests on the wire without a reply. */
  readonly outstandingMax: number;
  /** Requests that wait for their turn. */
  readonly queuedMax: number;
  /** Bytes of the bodies that wait for their turn. */
  readonly queuedBytesMax: number;
}

interface Pending {
  readonly request: SessionRequest;
  readonly xid: number;
}

const XID_MAX = 0x7fff_ffff;

export class RequestQueue {
  readonly #limits: RequestLimits;
  #queued: SessionRequest[] = [];
  #queuedBytes = 0;
  #pending: Pending[] = [];
  /** Index of the oldest entry of #pending that has no reply; what is before it is cut off now and then. */
  #head = 0;
  readonly #cancelled = new Set<SessionRequest>();
  #nextXid: number;

  constructor(limits: RequestLimits, firstXid = 1) {
    this.#limits = limits;
    this.#nextXid = firstXid;
  }

  get outstandingCount(): number {
    return this.#pending.length - this.#head;
  }

  get queuedCount(): number {
    return this.#queued.length;
  }

  /** False, and nothing is kept, when the queue is full. */
  enqueue(request: SessionRequest): boolean {
    const isFull = this.#queued.length >= this.#limits.queuedMax;
    if (isFull || this.#queuedBytes + request.body.length > this.#limits.queuedBytesMax) return false;
    this.#push(request);
    return true;
  }

  /** As {@link enqueue}, for the session's own packets, which no limit may refuse. */
  enqueueAlways(request: SessionRequest): void {
    this.#push(request);
  }

  /** Writes what the window allows as frames; returns whether there was anything. */
  pump(writer: JuteWriter): boolean {
    const count = Math.min(this.#limits.outstandingMax - this.outstandingCount, this.#queued.length);
    if (count <= 0) return false;
    for (const request of this.#queued.splice(0, count)) {
      this.#queuedBytes -= request.body.length;
      this.#write(writer, request);
    }
    return true;
  }

  /** Writes a packet that goes before everything queued (setWatches on a new connection). */
  writeNow(writer: JuteWriter, request: SessionRequest): void {
    this.#write(writer, request);
  }

  /**
   * The request that a reply with `xid` answers, which must be the oldest one pending; undefined when it is not. The reply of
   * a cancelled request still takes its place in the order: `isCancelled` says to drop it.
   */
  takeAnswered(xid: number): { request: SessionRequest; isCancelled: boolean } | undefined {
    const oldest = this.#pending[this.#head];
    if (oldest?.xid !== xid) return undefined;
    this.#head++;
    if (this.#head >= 1024 || this.#head === this.#pending.length) {
      this.#pending = this.#pending.slice(this.#head);
      this.#head = 0;
    }
    return { request: oldest.request, isCancelled: this.#cancelled.delete(oldest.request) };
  }

  /** A request that is not sent is forgotten; of one that is, the reply will be dropped. */
  cancel(request: SessionRequest): void {
    const at = this.#queued.indexOf(request);
    if (at !== -1) {
      this.#queued.splice(at, 1);
      this.#queuedBytes -= request.body.length;
    } else if (this.#pending.some((pending) => pending.request === request)) {
      this.#cancelled.add(request);
    }
  }

  /** Empties everything and returns the requests that nobody cancelled, the oldest first. */
  drain(): SessionRequest[] {
    const requests = [...this.#pending.slice(this.#head).map(({ request }) => request), ...this.#queued];
    const open = requests.filter((request) => !this.#cancelled.has(request));
    this.#pending = [];
    this.#head = 0;
    this.#queued = [];
    this.#queuedBytes = 0;
    this.#cancelled.clear();
    return open;
  }

  #push(request: SessionRequest): void {
    this.#queued.push(request);
    this.#queuedBytes += request.body.length;
  }

  #write(writer: JuteWriter, request: SessionRequest): void {
    const xid = request.specialXid ?? this.#takeXid();
    const frame = writer.beginFrame();
    encodeRequestHeader(writer, { xid, type: request.opCode });
    writer.writeRaw(request.body);
    writer.endFrame(frame);
    this.#pending.push({ request, xid });
  }

  /** Compat: numbers start at 1 and go back to 1 before they turn negative, as in Java's client since 3.5. */
  #takeXid(): number {
    const xid = this.#nextXid;
    this.#nextXid = xid === XID_MAX ? 1 : xid + 1;
    return xid;
  }
}
