/**
 * One session of the load generator: a raw socket, a handshake, then frames that were encoded before. It keeps a number of
 * requests outstanding and sends as many as were answered, in one write.
 */
import net, { type Socket } from 'node:net';

import { SESSION_NONE } from '../../shared/ids.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { encodeConnectRequest } from '../../shared/protocol/connect.ts';
import { ZXID_NONE } from '../../shared/zxid.ts';
import type { Frames } from './frames.ts';
import { ReplyCounter } from './reply-counter.ts';

const SESSION_TIMEOUT_MS = 30_000;
const HOST = '127.0.0.1';

export class LoadSession {
  readonly #socket: Socket;
  #replies = new ReplyCounter();
  #sent = 0;
  /** Undefined: nothing more is sent. */
  #ring: Frames | undefined;
  /** At most so many are sent. */
  #countMax = 0;
  #onDrained: (() => void) | undefined;
  #onFailed: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#onData(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onFailed?.(new Error('a server closed a connection under load')));
  }

  /** With `hasHandshake` false the other side is no server, and is asked for no session. */
  static async connect(port: number, hasHandshake: boolean): Promise<LoadSession> {
    const socket = net.connect({ host: HOST, port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        if (!hasHandshake) resolve();
        else socket.write(connectFrame());
      });
      if (!hasHandshake) return;
      // The whole answer: it is short, and nothing follows it yet.
      socket.once('data', () => {
        resolve();
      });
      socket.once('close', () => {
        reject(new Error('a server refused the session'));
      });
    });
    socket.removeAllListeners();
    return new LoadSession(socket);
  }

  get answered(): number {
    return this.#replies.count;
  }

  get errors(): number {
    return this.#replies.errors;
  }

  /** Sends frames of `ring`, at most `countMax`, with `outstanding` of them under way at a time. */
  start(ring: Frames, outstanding: number, countMax = Infinity): void {
    this.#ring = ring;
    this.#replies = new ReplyCounter();
    this.#sent = 0;
    this.#countMax = countMax;
    this.#send(outstanding);
  }

  /** Sends no more. Resolves when everything sent is answered. */
  async stop(): Promise<void> {
    this.#ring = undefined;
    await this.drained();
  }

  /** Resolves when everything that was to be sent is answered. */
  drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onFailed = reject;
      this.#onDrained = resolve;
      this.#checkDrained();
    });
  }

  close(): void {
    this.#onFailed = undefined;
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    const before = this.#replies.count;
    this.#replies.push(chunk);
    const answered = this.#replies.count - before;
    if (answered > 0) this.#send(answered);
    this.#checkDrained();
  }

  #send(count: number): void {
    const wanted = Math.min(count, this.#countMax - this.#sent);
    if (!this.#ring || wanted <= 0) return;
    this.#sent += wanted;
    this.#ring.next(wanted, (bytes) => this.#socket.write(bytes));
  }

  #checkDrained(): void {
    const isAllSent = this.#ring === undefined || this.#sent === this.#countMax;
    if (!this.#onDrained || !isAllSent || this.#replies.count < this.#sent) return;
    const onDrained = this.#onDrained;
    this.#onDrained = undefined;
    this.#onFailed = undefined;
    onDrained();
  }
}

function connectFrame(): Uint8Array {
  const writer = new JuteWriter();
  const at = writer.beginFrame();
  encodeConnectRequest(writer, {
    protocolVersion: 0,
    lastZxidSeen: ZXID_NONE,
    timeoutMs: SESSION_TIMEOUT_MS,
    sessionId: SESSION_NONE,
    password: new Uint8Array(16),
    readOnly: false,
  });
  writer.endFrame(at);
  return writer.finish();
}
