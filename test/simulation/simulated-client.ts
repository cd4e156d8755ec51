/**
 * A client that speaks the real client protocol to whichever server it reaches, a few requests at a time, and checks every
 * answer against the one history: its writes are in it and in the order of real time, its reads are of the state that the
 * answer names, nothing goes back, and no change that it watched is seen before it is told, nor told when there was none.
 */
import { CONFIG_PATH } from '../../embedded-server/core/data-tree.ts';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { SESSION_NONE, type SessionId, sessionIdToHex } from '../../shared/ids.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { decodeConnectResponse, encodeConnectRequest } from '../../shared/protocol/connect.ts';
import { closeSession } from '../../shared/protocol/close-session.ts';
import { createModeFlags } from '../../shared/protocol/create-mode.ts';
import { create } from '../../shared/protocol/create.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { decodeReplyHeader } from '../../shared/protocol/header.ts';
import { multi } from '../../shared/protocol/multi.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import type { Operation } from '../../shared/protocol/operation.ts';
import { type ReconfigRequest, reconfig } from '../../shared/protocol/reconfig.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { setWatches } from '../../shared/protocol/set-watches.ts';
import { sync } from '../../shared/protocol/sync.ts';
import { decodeWatcherEvent } from '../../shared/protocol/watcher-event.ts';
import { type Zxid, ZXID_NONE, zxidToHex } from '../../shared/zxid.ts';
import type { Prng } from '../fuzz/prng.ts';
import type { VirtualClock } from './clock.ts';
import type { Coverage } from './coverage.ts';
import type { HistoryModel } from './history-model.ts';
import { demand } from './violation.ts';

/** A way to a server; `close` may be called again. */
export interface ClientSocket {
  /** Of the server at the other end. */
  readonly sid: number;
  send(bytes: Uint8Array): void;
  close(): void;
}

export interface ClientSocketEvents {
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onClosed: () => void;
}

export interface ClientWorld {
  readonly clock: VirtualClock;
  readonly prng: Prng;
  readonly history: HistoryModel;
  readonly coverage: Coverage;
  /** Dials some server. */
  connect(events: ClientSocketEvents): ClientSocket;
  /** The longest pause between an answer and the next request. */
  readonly thinkMsMax: number;
  /** A change of the ensemble to ask for; undefined for none just now. */
  pickReconfiguration(): ReconfigRequest | undefined;
  /** The newest write that anybody was told of. */
  lastAcknowledged: Zxid;
  /** Whether the leader of server `sid` is the last one that there was. */
  isUnderNewestLeader(sid: number): boolean;
}

interface Pending {
  readonly xid: number;
  readonly type: number;
  readonly path: string;
  readonly watch: boolean;
  /** What anybody had been told when the request was made. */
  readonly acknowledgedBefore: Zxid;
  /** How many leaders there had been. */
  readonly epochsBefore: number;
}

const SESSION_TIMEOUT_MS = 4000;
const KEYS = ['/a', '/b', '/c', '/d'];
/** Requests that wait for their answers. */
const PIPELINED_MAX = 3;
const XID_WATCH = -1;
const XID_PING = -2;
const XID_SET_WATCHES = -8;
const NO_PASSWORD = new Uint8Array(16);

export class SimulatedClient {
  readonly name: string;
  readonly #world: ClientWorld;
  #socket: ClientSocket | undefined;
  /** Of the connection; what belongs to a former one is void. */
  #generation = 0;
  #isEstablished = false;
  #sessionId: SessionId = SESSION_NONE;
  #password: Uint8Array = NO_PASSWORD;
  #lastZxid: Zxid = ZXID_NONE;
  #lastHeardMs = 0;
  #xid = 0;
  /** Requests without an answer, in their order. */
  #pending: Pending[] = [];
  /** The next request is made in a moment. */
  #isThinking = false;
  #isStopped = false;
  #silentUntilMs = -1;
  /** Which server it talked to last. */
  #sid = 0;
  /** Paths with a watch, and the zxid of the state that it was set on. */
  readonly #watches = new Map<string, Zxid>();
  acknowledgedWrites = 0;
  acknowledgedSinceMs = -1;

  constructor(name: string, world: ClientWorld) {
    this.name = name;
    this.#world = world;
  }

  get sessionId(): SessionId {
    return this.#sessionId;
  }

  start(): void {
    this.#connect();
  }

  /** Neither says anything nor takes notice of anything for a while, as a process that is stopped. */
  beSilent(durationMs: number): void {
    // Never sooner than before: what waits for the end of a silence stays in its order.
    this.#silentUntilMs = Math.max(this.#silentUntilMs, this.#world.clock.nowMs + durationMs);
  }

  /** Goes silent for good, without a word: its session must expire. */
  vanish(): void {
    this.#isStopped = true;
    this.#generation++;
    this.#isEstablished = false;
    this.#socket?.close();
  }

  #connect(): void {
    if (this.#isStopped) return;
    const { clock } = this.#world;
    const generation = ++this.#generation;
    const decoder = new FrameDecoder({
      frameBytesMax: 1 << 24,
      onFrame: (frame) => {
        if (generation === this.#generation) this.#onFrame(frame.slice());
      },
    });
    this.#isEstablished = false;
    this.#lastHeardMs = clock.nowMs;
    this.#socket = this.#world.connect({
      onBytes: (bytes) => {
        this.#whenAwake(generation, () => {
          decoder.push(bytes);
        });
      },
      onClosed: () => {
        this.#whenAwake(generation, () => {
          this.#onLost();
        });
      },
    });
    const writer = new JuteWriter();
    const at = writer.beginFrame();
    encodeConnectRequest(writer, {
      protocolVersion: 0,
      lastZxidSeen: this.#lastZxid,
      timeoutMs: SESSION_TIMEOUT_MS,
      sessionId: this.#sessionId,
      password: this.#password,
      readOnly: false,
    });
    writer.endFrame(at);
    this.#socket.send(writer.finish());
    this.#watchSilence();
  }

  /** Runs `run` as soon as the client takes notice of anything, if the connection is still the same by then. */
  #whenAwake(generation: number, run: () => void): void {
    const { clock } = this.#world;
    if (clock.nowMs <= this.#silentUntilMs) {
      clock.after(this.#silentUntilMs - clock.nowMs + 1, () => {
        this.#whenAwake(generation, run);
      });
    } else if (generation === this.#generation) run();
  }

  #after(delayMs: number, run: () => void): void {
    const generation = this.#generation;
    this.#world.clock.after(delayMs, () => {
      this.#whenAwake(generation, run);
    });
  }

  /** As a client does: leaves a server that says nothing for two thirds of the timeout, and pings at a third. */
  #watchSilence(): void {
    this.#after(SESSION_TIMEOUT_MS / 3, () => {
      if (this.#world.clock.nowMs - this.#lastHeardMs > (SESSION_TIMEOUT_MS * 2) / 3) {
        this.#onLost();
        return;
      }
      if (this.#isEstablished) this.#sendPing();
      this.#watchSilence();
    });
  }

  #onLost(): void {
    this.#generation++;
    this.#socket?.close();
    this.#isEstablished = false;
    this.#isThinking = false;
    this.#pending = [];
    this.#after(20 + this.#world.prng.below(200), () => {
      this.#connect();
    });
  }

  #forgetSession(): void {
    this.#sessionId = SESSION_NONE;
    this.#password = NO_PASSWORD;
    this.#watches.clear();
  }

  #sendPing(): void {
    const writer = new JuteWriter();
    const at = writer.beginFrame();
    writer.writeInt(XID_PING);
    writer.writeInt(OpCode.ping);
    writer.endFrame(at);
    this.#socket?.send(writer.finish());
  }

  #onFrame(frame: Uint8Array): void {
    this.#lastHeardMs = this.#world.clock.nowMs;
    const reader = new JuteReader(frame);
    if (!this.#isEstablished) {
      this.#onConnectResponse(reader);
      return;
    }
    const { xid, zxid, err } = decodeReplyHeader(reader);
    if (xid === XID_WATCH) this.#onWatch(decodeWatcherEvent(reader).path);
    else if (xid !== XID_PING && xid !== XID_SET_WATCHES) this.#onReply({ xid, zxid, err, reader });
  }

  #onConnectResponse(reader: JuteReader): void {
    const { coverage } = this.#world;
    const { sessionId, password } = decodeConnectResponse(reader);
    if (sessionId === SESSION_NONE) {
      coverage.count('session expired');
      this.#forgetSession();
      this.#onLost();
      return;
    }
    demand(
      this.#sessionId === SESSION_NONE || this.#sessionId === sessionId,
      'SessionOrder',
      () => `${this.name} asked for ${sessionIdToHex(this.#sessionId)} and got another session`,
    );
    const sid = this.#socket?.sid ?? 0;
    if (this.#sessionId === SESSION_NONE) coverage.count('session created');
    else if (this.#sid !== sid) coverage.count('session moved');
    this.#sid = sid;
    this.#isEstablished = true;
    this.#sessionId = sessionId;
    this.#password = password;
    if (this.#watches.size > 0) this.#setWatches();
    this.#next();
  }

  #setWatches(): void {
    this.#world.coverage.count('watches set again');
    this.#write(XID_SET_WATCHES, setWatches, {
      relativeZxid: this.#lastZxid,
      dataWatches: [...this.#watches.keys()],
      existWatches: [],
      childWatches: [],
    });
  }

  /** Makes the next request in a moment, unless enough wait for answers. */
  #next(): void {
    const isClosing = this.#pending.at(-1)?.type === OpCode.closeSession;
    if (this.#isThinking || isClosing || this.#pending.length >= PIPELINED_MAX) return;
    this.#isThinking = true;
    this.#after(this.#world.prng.below(this.#world.thinkMsMax), () => {
      this.#isThinking = false;
      this.#request();
      if (this.#world.prng.chance(0.5)) this.#next();
    });
  }

  #request(): void {
    const { prng } = this.#world;
    const change = this.#world.pickReconfiguration();
    if (change) {
      this.#send(reconfig, change, { path: CONFIG_PATH });
      return;
    }
    const path = prng.pick(KEYS);
    const data = Buffer.from(`${this.name}:${this.#xid}`);
    const acl = OPEN_ACL_UNSAFE;
    const choice = prng.below(100);
    if (choice < 25) this.#send(setData, { path, data, version: -1 }, { path });
    else if (choice < 35) {
      this.#send(create, { path, data, acl, flags: createModeFlags('PERSISTENT') }, { path });
    } else if (choice < 45) {
      const own = `/${this.name}-e`;
      this.#send(create, { path: own, data, acl, flags: createModeFlags('EPHEMERAL') }, { path: own });
    } else if (choice < 46) this.#send(closeSession, undefined, { path });
    else if (choice < 52) this.#send(deleteNode, { path, version: -1 }, { path });
    else if (choice < 60) {
      const ops = KEYS.slice(0, 2).map(
        (key) => ({ op: 'setData', request: { path: key, data, version: -1 } }) as const,
      );
      this.#send(multi, ops, { path });
    } else if (choice < 70) this.#send(sync, { path }, { path });
    else this.#send(getData, { path, watch: prng.chance(0.5) }, { path, watch: true });
  }

  #send<Request>(
    op: Pick<Operation<Request, never>, 'opCode' | 'encodeRequest'>,
    request: Request,
    { path, watch = false }: { path: string; watch?: boolean },
  ): void {
    const xid = ++this.#xid;
    const isWatch = watch && (request as { watch?: boolean }).watch === true;
    const acknowledgedBefore = this.#world.lastAcknowledged;
    const epochsBefore = this.#world.history.epochs;
    this.#pending.push({ xid, type: op.opCode, path, watch: isWatch, acknowledgedBefore, epochsBefore });
    this.#write(xid, op, request);
  }

  #write<Request>(
    xid: number,
    op: Pick<Operation<Request, never>, 'opCode' | 'encodeRequest'>,
    request: Request,
  ): void {
    const writer = new JuteWriter();
    const at = writer.beginFrame();
    writer.writeInt(xid);
    writer.writeInt(op.opCode);
    op.encodeRequest(writer, request);
    writer.endFrame(at);
    this.#socket?.send(writer.finish());
  }

  #onWatch(path: string): void {
    const watchedAt = this.#watches.get(path);
    this.#watches.delete(path);
    this.#world.coverage.count('watch fired');
    demand(
      watchedAt !== undefined && this.#world.history.nextChange(path, watchedAt) !== undefined,
      'WatchOrder',
      () => `${this.name} is told of a change of ${path} that it does not watch, or that never was`,
    );
  }

  #onReply({ xid, zxid, err, reader }: { xid: number; zxid: Zxid; err: number; reader: JuteReader }): void {
    const pending = this.#pending.shift();
    demand(
      pending?.xid === xid,
      'SessionOrder',
      () => `${this.name} gets the answer to request ${xid} out of its order`,
    );
    demand(
      zxid >= this.#lastZxid,
      'SessionOrder',
      () => `${this.name} sees ${zxidToHex(zxid)} behind ${zxidToHex(this.#lastZxid)}`,
    );
    this.#lastZxid = zxid;
    if (pending.type === OpCode.getData) this.#onRead(pending, zxid, err, reader);
    else if (pending.type === OpCode.sync) this.#onSynced(pending, zxid);
    else this.#onWritten(pending, zxid, err);
    if (pending.type === OpCode.closeSession && err === ErrorCode.OK) this.#onClosed();
    else this.#next();
  }

  #onClosed(): void {
    this.#world.coverage.count('session closed by its client');
    this.#forgetSession();
    this.#onLost();
  }

  #onRead(pending: Pending, zxid: Zxid, err: number, reader: JuteReader): void {
    const expected = this.#world.history.valueAt(pending.path, zxid);
    const seen =
      err === ErrorCode.OK ? Buffer.from(getData.decodeResponse(reader).data ?? []).toString() : undefined;
    demand(
      seen === expected,
      'SessionOrder',
      () => `${this.name} reads ${seen} from ${pending.path} at ${zxidToHex(zxid)}, which was ${expected}`,
    );
    const watchedAt = this.#watches.get(pending.path);
    if (watchedAt !== undefined) {
      const changedAt = this.#world.history.nextChange(pending.path, watchedAt);
      demand(
        changedAt === undefined || changedAt > zxid,
        'WatchOrder',
        () => `${this.name} sees ${pending.path} as of ${zxidToHex(zxid)} before its watch`,
      );
    }
    if (pending.watch && err === ErrorCode.OK) this.#watches.set(pending.path, zxid);
  }

  /** Whoever is in touch with the leader knows by now what was acknowledged before; a former leader cannot know. */
  #onSynced({ acknowledgedBefore, epochsBefore }: Pending, zxid: Zxid): void {
    const { history } = this.#world;
    if (history.epochs !== epochsBefore || !this.#world.isUnderNewestLeader(this.#sid)) return;
    demand(
      zxid >= acknowledgedBefore,
      'LinearizableWrites',
      () =>
        `${this.name} is at ${zxidToHex(zxid)} behind a sync, ${zxidToHex(acknowledgedBefore)} was acknowledged`,
    );
  }

  #onWritten(pending: Pending, zxid: Zxid, err: number): void {
    const { history } = this.#world;
    const delivered = history.get(zxid);
    const header = delivered?.entry.header;
    demand(
      header?.clientId === this.#sessionId && header.cxid === pending.xid,
      'LinearizableWrites',
      () => `${this.name} is told that request ${pending.xid} is ${zxidToHex(zxid)}, which it is not`,
    );
    demand(
      zxid > pending.acknowledgedBefore,
      'LinearizableWrites',
      () => `${zxidToHex(zxid)} was asked for behind the answer to ${zxidToHex(pending.acknowledgedBefore)}`,
    );
    const { txn } = delivered!.entry;
    demand(
      err === (txn.op === 'error' ? txn.err : ErrorCode.OK),
      'LinearizableWrites',
      () => `${this.name} is told that request ${pending.xid} ended with ${err}, which it did not`,
    );
    if (pending.type === OpCode.reconfig) {
      this.#world.coverage.count(err === ErrorCode.OK ? 'reconfigured' : 'reconfiguration refused');
    }
    if (zxid > this.#world.lastAcknowledged) this.#world.lastAcknowledged = zxid;
    if (err === ErrorCode.OK) this.acknowledgedWrites++;
    this.acknowledgedSinceMs = this.#world.clock.nowMs;
  }
}
