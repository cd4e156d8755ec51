/** A transport and a clock without sockets and time, for the tests of the driver and the client. */
import type { HostPort } from '../../../../electron/client/connect-string.ts';
import type { Clock } from '../../../../electron/client/session-driver.ts';
import type { Connection, ConnectionListener, Transport } from '../../../../electron/client/transport.ts';
import { FrameDecoder } from '../../../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import {
  type RequestHeader,
  decodeRequestHeader,
  encodeReplyHeader,
} from '../../../../shared/protocol/header.ts';
import type { JuteWriter } from '../../../../shared/jute/writer.ts';
import { encodeConnectResponse } from '../../../../shared/protocol/connect.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import { PASSWORD, SESSION_ID, frame } from './core-bench.ts';

export class FakeConnection implements Connection {
  readonly host: HostPort;
  readonly listener: ConnectionListener;
  /** Each element is one write. */
  readonly writes: Uint8Array[] = [];
  isClosed = false;

  constructor(host: HostPort, listener: ConnectionListener) {
    this.host = host;
    this.listener = listener;
  }

  send(bytes: Uint8Array): void {
    this.writes.push(bytes);
  }

  close(): void {
    this.isClosed = true;
  }

  /** Takes the connection to an established session. */
  accept(timeoutMs = 3_000): void {
    this.listener.onOpen();
    this.listener.onChunk(
      frame((writer) => {
        encodeConnectResponse(writer, {
          protocolVersion: 0,
          timeoutMs,
          sessionId: SESSION_ID,
          password: PASSWORD,
          readOnly: false,
        });
      }),
    );
  }

  reply(
    { xid, zxid = 0n, err = 0 }: { xid: number; zxid?: bigint; err?: number },
    encodeBody: (writer: JuteWriter) => void = () => undefined,
  ): void {
    this.listener.onChunk(
      frame((writer) => {
        encodeReplyHeader(writer, { xid, zxid: toZxid(zxid), err });
        if (err === 0) encodeBody(writer);
      }),
    );
  }

  /** The requests sent so far, without the ConnectRequest. */
  requests(): (RequestHeader & { body: JuteReader })[] {
    const requests: (RequestHeader & { body: JuteReader })[] = [];
    let isFirst = true;
    const decoder = new FrameDecoder({
      frameBytesMax: 1 << 24,
      onFrame: (bytes) => {
        const body = new JuteReader(bytes.slice());
        if (!isFirst) requests.push({ ...decodeRequestHeader(body), body });
        isFirst = false;
      },
    });
    for (const bytes of this.writes) decoder.push(bytes);
    return requests;
  }
}

export class FakeTransport implements Transport {
  readonly connections: FakeConnection[] = [];

  open(host: HostPort, listener: ConnectionListener): Connection {
    const connection = new FakeConnection(host, listener);
    this.connections.push(connection);
    return connection;
  }

  get latest(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error('nothing was opened yet');
    return connection;
  }
}

export class FakeClock implements Clock {
  #nowMs = 5_000;
  readonly #timers = new Map<number, { atMs: number; callback: () => void }>();
  #deferred: (() => void)[] = [];
  #nextTimer = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  random(): number {
    return 0;
  }

  startTimer(callback: () => void, delayMs: number): () => void {
    const timer = this.#nextTimer++;
    this.#timers.set(timer, { atMs: this.#nowMs + delayMs, callback });
    return () => this.#timers.delete(timer);
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  /** Timers that have not fired and were not cancelled. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Ends the turn: what was deferred runs. */
  endTurn(): void {
    for (const callback of this.#deferred.splice(0)) callback();
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [timer, { atMs, callback }] of [...this.#timers]) {
      if (atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      callback();
    }
    this.endTurn();
  }
}
