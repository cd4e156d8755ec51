/**
 * Drives a server's core without a socket: clients that send records and read frames, a clock that moves when told to, and
 * a log that is durable at once or, after `holdLog`, when told to.
 */
import { createHash } from 'node:crypto';

import type { Chronicle } from '../../../embedded-server/core/chronicle.ts';
import { parseConfig } from '../../../embedded-server/core/config.ts';
import type { Database } from '../../../embedded-server/core/database.ts';
import type { ServerEffect, ServerEvent } from '../../../embedded-server/core/effects.ts';
import { StandaloneServer } from '../../../embedded-server/core/standalone-server.ts';
import { assert } from '../../../shared/assert.ts';
import { type Acl, OPEN_ACL_UNSAFE } from '../../../shared/acl.ts';
import { SESSION_NONE, type SessionId } from '../../../shared/ids.ts';
import { FrameDecoder } from '../../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../../shared/jute/reader.ts';
import { encodeUtf8 } from '../../../shared/jute/utf8.ts';
import { JuteWriter } from '../../../shared/jute/writer.ts';
import {
  type ConnectResponse,
  decodeConnectResponse,
  encodeConnectRequest,
} from '../../../shared/protocol/connect.ts';
import { type CreateMode, createModeFlags } from '../../../shared/protocol/create-mode.ts';
import type { CreateRequest } from '../../../shared/protocol/create.ts';
import { type ReplyHeader, decodeReplyHeader } from '../../../shared/protocol/header.ts';
import type { Operation } from '../../../shared/protocol/operation.ts';
import { type WatcherEvent, decodeWatcherEvent } from '../../../shared/protocol/watcher-event.ts';
import { type Zxid, ZXID_NONE } from '../../../shared/zxid.ts';

/** The half of an operation that sending needs. */
type RequestCodec<Request> = Pick<Operation<Request, never>, 'opCode' | 'encodeRequest'>;

export interface Reply {
  readonly header: ReplyHeader;
  readonly body: JuteReader;
}

export class ServerHarness {
  readonly server: StandaloneServer;
  readonly logLines: string[] = [];
  readonly persisted: Uint8Array[] = [];
  readonly #clients = new Map<number, HarnessClient>();
  #elapsedMs = 1000;
  #isLogHeld = false;
  #toPersist: Zxid | undefined;
  #nextConnectionId = 1;

  /** `database` is what was read back from a disk. */
  constructor(config: Readonly<Record<string, string>> = {}, database?: Database, chronicle?: Chronicle) {
    this.server = new StandaloneServer(parseConfig({ tickTime: '2000', ...config }), {
      sha1: (bytes) => createHash('sha1').update(bytes).digest(),
      now: this.now,
      ...(database && { database }),
      ...(chronicle && { chronicle }),
    });
  }

  get now(): { elapsedMs: number; wallMs: number } {
    return { elapsedMs: this.#elapsedMs, wallMs: 1_700_000_000_000 + this.#elapsedMs };
  }

  step(event: ServerEvent): void {
    for (const effect of this.server.step(event, this.now)) this.#run(effect);
    if (!this.#isLogHeld) this.#flushLog();
  }

  #run(effect: ServerEffect): void {
    switch (effect.kind) {
      case 'persist':
        this.persisted.push(effect.entry);
        this.#toPersist = effect.zxid;
        break;
      case 'send':
        this.client(effect.connectionId).receive(effect.bytes);
        break;
      case 'close':
        this.client(effect.connectionId).isClosed = true;
        this.step({ kind: 'connectionClosed', connectionId: effect.connectionId });
        break;
      case 'pauseReads':
        this.client(effect.connectionId).isPaused = true;
        break;
      case 'resumeReads':
        this.client(effect.connectionId).isPaused = false;
        break;
      case 'log':
        this.logLines.push(effect.message);
        break;
    }
  }

  #flushLog(): void {
    const zxid = this.#toPersist;
    this.#toPersist = undefined;
    if (zxid !== undefined) this.step({ kind: 'persisted', zxid });
  }

  /** From now on nothing becomes durable until {@link releaseLog}. */
  holdLog(): void {
    this.#isLogHeld = true;
  }

  releaseLog(): void {
    this.#isLogHeld = false;
    this.#flushLog();
  }

  /** Moves the clock in steps of `stepMs` with a tick at each, as a driver's timer would. */
  advance(ms: number, stepMs = 100): void {
    const end = this.#elapsedMs + ms;
    while (this.#elapsedMs < end) {
      this.#elapsedMs = Math.min(end, this.#elapsedMs + stepMs);
      this.step({ kind: 'tick' });
    }
  }

  client(connectionId: number): HarnessClient {
    const client = this.#clients.get(connectionId);
    assert(client !== undefined, `no client ${connectionId}`);
    return client;
  }

  open(remoteAddress = '127.0.0.1'): HarnessClient {
    const connectionId = this.#nextConnectionId++;
    const client = new HarnessClient(this, connectionId);
    this.#clients.set(connectionId, client);
    this.step({ kind: 'connectionOpened', connectionId, remoteAddress, remotePort: 40_000 + connectionId });
    return client;
  }

  /** A client with a session. */
  connect(options: { timeoutMs?: number; remoteAddress?: string } = {}): HarnessClient {
    const client = this.open(options.remoteAddress);
    client.establish(options);
    return client;
  }
}

export class HarnessClient {
  readonly connectionId: number;
  readonly frames: Uint8Array[] = [];
  isClosed = false;
  isPaused = false;
  sessionId: SessionId = SESSION_NONE;
  password = new Uint8Array(16);
  readonly #harness: ServerHarness;
  readonly #decoder: FrameDecoder;
  #xid = 0;

  constructor(harness: ServerHarness, connectionId: number) {
    this.#harness = harness;
    this.connectionId = connectionId;
    this.#decoder = new FrameDecoder({
      frameBytesMax: 1 << 26,
      onFrame: (frame) => this.frames.push(frame.slice()),
    });
  }

  receive(bytes: Uint8Array): void {
    this.#decoder.push(bytes);
  }

  sendFrame(...frames: Uint8Array[]): void {
    this.#harness.step({ kind: 'framesArrived', connectionId: this.connectionId, frames });
  }

  sendConnect({
    timeoutMs = 10_000,
    sessionId = SESSION_NONE,
    password = new Uint8Array(16),
    lastZxidSeen = ZXID_NONE,
    isBefore34 = false,
  } = {}): void {
    const writer = new JuteWriter();
    encodeConnectRequest(writer, {
      protocolVersion: 0,
      lastZxidSeen,
      timeoutMs,
      sessionId,
      password,
      readOnly: isBefore34 ? undefined : false,
    });
    this.sendFrame(writer.finish());
  }

  readConnect(): ConnectResponse {
    const response = decodeConnectResponse(new JuteReader(this.nextFrame()));
    this.sessionId = response.sessionId;
    this.password = response.password.slice();
    return response;
  }

  establish(
    options: { timeoutMs?: number; sessionId?: SessionId; password?: Uint8Array<ArrayBuffer> } = {},
  ): ConnectResponse {
    this.sendConnect(options);
    return this.readConnect();
  }

  nextFrame(): Uint8Array {
    const frame = this.frames.shift();
    assert(frame !== undefined, 'the server sent nothing more');
    return frame;
  }

  /** Encodes a request without sending it. */
  encode<Request>(op: RequestCodec<Request>, request: Request, xid = ++this.#xid): Uint8Array {
    const writer = new JuteWriter();
    writer.writeInt(xid);
    writer.writeInt(op.opCode);
    op.encodeRequest(writer, request);
    return writer.finish();
  }

  send<Request>(op: RequestCodec<Request>, request: Request, xid?: number): void {
    this.sendFrame(this.encode(op, request, xid));
  }

  next(): Reply {
    const body = new JuteReader(this.nextFrame());
    return { header: decodeReplyHeader(body), body };
  }

  nextEvent(): WatcherEvent {
    const { header, body } = this.next();
    assert(header.xid === -1, `a reply to ${header.xid} came in place of a notification`);
    return decodeWatcherEvent(body);
  }

  /** Sends, and demands success. */
  call<Request, Response>(op: Operation<Request, Response>, request: Request): Response {
    this.send(op, request);
    const { header, body } = this.next();
    assert(header.err === 0, `${op.name} failed with ${header.err}`);
    return op.decodeResponse(body);
  }

  /** Sends, and returns the error, 0 for none. */
  errorOf<Request>(op: RequestCodec<Request>, request: Request): number {
    this.send(op, request);
    return this.next().header.err;
  }
}

/** A create request with what matters of it. */
export function creation(
  path: string,
  {
    mode = 'PERSISTENT',
    acl = OPEN_ACL_UNSAFE,
    data = 'data',
  }: { mode?: CreateMode; acl?: readonly Acl[]; data?: string | null } = {},
): CreateRequest {
  return { path, acl, data: data === null ? null : encodeUtf8(data), flags: createModeFlags(mode) };
}
