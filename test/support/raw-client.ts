/**
 * A client that is nothing but a socket and frames, for what no real client would send: bad op codes, malformed bodies, a
 * session's wrong password, the ConnectRequest of an old client. Frames that arrive are kept in order until asked for.
 */
import { once } from 'node:events';
import net from 'node:net';
import { SESSION_NONE, type SessionId } from '../../shared/ids.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import {
  type ConnectResponse,
  decodeConnectResponse,
  encodeConnectRequest,
} from '../../shared/protocol/connect.ts';
import { type ReplyHeader, decodeReplyHeader, encodeRequestHeader } from '../../shared/protocol/header.ts';
import type { Operation } from '../../shared/protocol/operation.ts';
import { ZXID_NONE, type Zxid } from '../../shared/zxid.ts';
import { waitFor, within } from './wait.ts';

const FRAME_BYTES_MAX = 64 * 1024 * 1024;

export interface RawHandshake {
  readonly timeoutMs?: number;
  readonly sessionId?: SessionId;
  readonly password?: Uint8Array;
  readonly lastZxidSeen?: Zxid;
  /** Undefined sends none, as clients before 3.4 do. */
  readonly readOnly?: boolean | undefined;
}

export interface RawReply extends ReplyHeader {
  readonly body: JuteReader;
}

export class RawClient {
  readonly #socket: net.Socket;
  readonly #frames: Uint8Array[] = [];
  #isClosed = false;
  /** Resolves when the server (or `destroy`) has ended the connection. */
  readonly closed: Promise<void>;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    const decoder = new FrameDecoder({
      frameBytesMax: FRAME_BYTES_MAX,
      onFrame: (frame) => this.#frames.push(new Uint8Array(frame)),
    });
    socket.on('data', (chunk) => {
      decoder.push(chunk);
    });
    // A reset is one way of being closed.
    socket.on('error', () => undefined);
    this.closed = once(socket, 'close').then(() => {
      this.#isClosed = true;
    });
  }

  static async open({ host, port }: { host: string; port: number }): Promise<RawClient> {
    const socket = net.connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Opens a connection and a session on it. */
  static async connect(
    server: { host: string; port: number },
    handshake: RawHandshake = {},
  ): Promise<RawClient> {
    const client = await RawClient.open(server);
    await client.handshake(handshake);
    return client;
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  sendFrame(encode: (writer: JuteWriter) => void): void {
    const writer = new JuteWriter();
    const frame = writer.beginFrame();
    encode(writer);
    writer.endFrame(frame);
    this.sendBytes(writer.finish());
  }

  sendHandshake(handshake: RawHandshake = {}): void {
    this.sendFrame((writer) => {
      encodeConnectRequest(writer, {
        protocolVersion: 0,
        lastZxidSeen: handshake.lastZxidSeen ?? ZXID_NONE,
        timeoutMs: handshake.timeoutMs ?? 10_000,
        sessionId: handshake.sessionId ?? SESSION_NONE,
        password: handshake.password ?? new Uint8Array(16),
        readOnly: 'readOnly' in handshake ? handshake.readOnly : false,
      });
    });
  }

  /** The server's answer, and how many bytes it takes. */
  async handshake(handshake: RawHandshake = {}): Promise<ConnectResponse & { bytes: number }> {
    this.sendHandshake(handshake);
    const frame = await this.nextFrame();
    return { ...decodeConnectResponse(new JuteReader(frame)), bytes: frame.length };
  }

  /** Sends a request with any header; `encode` writes the body. */
  send(
    { xid, type }: { xid: number; type: number },
    encode: (writer: JuteWriter) => void = () => undefined,
  ): void {
    this.sendFrame((writer) => {
      encodeRequestHeader(writer, { xid, type });
      encode(writer);
    });
  }

  /** Sends a well-formed request and resolves with the next frame, whatever it is. */
  async request<Request>(
    xid: number,
    operation: Operation<Request, unknown> | Pick<Operation<Request, never>, 'opCode' | 'encodeRequest'>,
    request: Request,
  ): Promise<RawReply> {
    this.send({ xid, type: operation.opCode }, (writer) => {
      operation.encodeRequest(writer, request);
    });
    return this.nextReply();
  }

  async nextFrame(): Promise<Uint8Array> {
    const frame = await waitFor('a frame arrives', () => this.#frames.shift() ?? (this.#isClosed && 'none'));
    if (frame === 'none') throw new Error('the server has closed the connection');
    return frame;
  }

  async nextReply(): Promise<RawReply> {
    const body = new JuteReader(await this.nextFrame());
    return { ...decodeReplyHeader(body), body };
  }

  /** Frames that have arrived and were not asked for. */
  get waitingFrames(): number {
    return this.#frames.length;
  }

  async expectClosed(): Promise<void> {
    await within('the server closes the connection', this.closed);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
