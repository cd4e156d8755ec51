/**
 * Writes replies straight into the output buffer of their connection, keeps both sets of statistics, and tells the
 * outbox whose output has to be sent at the end of a step. A reply is `begin`, the body written to `connection.out`, `end`.
 */
import type { JuteWriter } from '../../shared/jute/writer.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { type Zxid, ZXID_NONE } from '../../shared/zxid.ts';
import type { Connection, Request } from './connection.ts';
import type { Now } from './effects.ts';
import type { Outbox } from './outbox.ts';
import type { ServerStats } from './server-stats.ts';

export class Replies {
  readonly #stats: ServerStats;
  readonly #outbox: Outbox;
  #now: Now = { elapsedMs: 0, wallMs: 0 };

  constructor(stats: ServerStats, outbox: Outbox) {
    this.#stats = stats;
    this.#outbox = outbox;
  }

  /** The time of the step under way. */
  startStep(now: Now): void {
    this.#now = now;
  }

  get now(): Now {
    return this.#now;
  }

  #writerOf(connection: Connection): JuteWriter {
    if (connection.out.length === 0) this.#outbox.markDirty(connection);
    return connection.out;
  }

  /** Writes the header of a reply; the result goes to {@link end}. */
  begin(connection: Connection, xid: number, zxid: Zxid, err: number): number {
    const writer = this.#writerOf(connection);
    const at = writer.beginFrame();
    writer.writeInt(xid);
    writer.writeLong(zxid);
    writer.writeInt(err);
    return at;
  }

  end(request: Request, zxid: Zxid, at: number): void {
    const { connection } = request;
    this.#endFrame(connection, at);
    this.#stats.onResponseBytes(connection.out.length - at - 4);
    this.countResponse(request, zxid);
  }

  /** A reply without a body. */
  empty(request: Request, zxid: Zxid, err: number): void {
    this.end(request, zxid, this.begin(request.connection, request.xid, zxid, err));
  }

  /** The answer to auth and SASL packets: no zxid, and not counted among the operations. */
  plain(connection: Connection, xid: number, err: number, writeBody?: (writer: JuteWriter) => void): void {
    const at = this.begin(connection, xid, ZXID_NONE, err);
    writeBody?.(connection.out);
    this.#endFrame(connection, at);
  }

  /** A frame without a reply header: the ConnectResponse. */
  headless(connection: Connection, writeBody: (writer: JuteWriter) => void): void {
    const at = this.#writerOf(connection).beginFrame();
    writeBody(connection.out);
    this.#endFrame(connection, at);
  }

  /** A whole frame that somebody encoded before. */
  frame(connection: Connection, frame: Uint8Array): void {
    this.#writerOf(connection).writeRaw(frame);
    connection.stats.packetsSent++;
    this.#stats.packetsSent++;
  }

  #endFrame(connection: Connection, at: number): void {
    connection.out.endFrame(at);
    connection.stats.packetsSent++;
    this.#stats.packetsSent++;
  }

  /** Of itself only for the createSession that a ConnectResponse answers. */
  countResponse(request: Request, zxid: Zxid): void {
    const latencyMs = Math.max(0, this.#now.elapsedMs - request.arrivedMs);
    this.#stats.latencyMs.add(latencyMs);
    if (request.awaits === 'commit') this.#stats.updateLatencyMs.add(latencyMs);
    else if (request.type !== OpCode.ping) this.#stats.readLatencyMs.add(latencyMs);
    request.connection.stats.onResponse(request, zxid, latencyMs, this.#now.elapsedMs);
  }
}
