/**
 * One accepted socket of the client port: tells a four-letter word from a session by the first four bytes, cuts frames,
 * and stops reading when the other side does not take its answers (PROTOCOL.md 2.1, 3.1). Frames are handed on in bounded
 * batches, so that one read full of requests cannot pile up answers without limit.
 */
import type { Socket } from 'node:net';

import { ProtocolError } from '../../shared/errors.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';

/** Frames handed on at once, before it is looked at how much output they made. */
const BATCH_FRAMES_MAX = 128;
/** With this much output waiting the connection is not read from. */
const OUTPUT_BYTES_HIGH = 1024 * 1024;
/** A client that lets this much pile up, by its watches, is cut off. */
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
/** How long a closed connection may take to get its last bytes out. */
const LINGER_MS_MAX = 5000;

export interface ClientSocketEvents {
  /** `frames` stay valid: they are views into buffers that nobody uses again. */
  readonly onFrames: (frames: readonly Uint8Array[]) => void;
  /** How many bytes follow a four-letter word before it can be answered. */
  readonly argumentBytesOf: (word: string) => number;
  /** The text is sent and the connection closed; undefined when the word is none, so that it is a frame's length. */
  readonly onWord: (word: string, argument: Uint8Array) => string | undefined;
  readonly onClosed: () => void;
  readonly onProtocolError: (error: ProtocolError) => void;
}

export class ClientSocket {
  readonly #socket: Socket;
  readonly #events: ClientSocketEvents;
  readonly #decoder: FrameDecoder;
  #frames: Uint8Array[] = [];
  /** The first bytes, until it is known what they are. */
  #opening: Buffer | undefined = Buffer.alloc(0);
  #isPausedByCore = false;
  #isBackedUp = false;
  #isClosing = false;
  #linger: NodeJS.Timeout | undefined;

  constructor(socket: Socket, frameBytesMax: number, events: ClientSocketEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#decoder = new FrameDecoder({ frameBytesMax, onFrame: (frame) => this.#frames.push(frame) });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#onData(chunk);
    });
    socket.on('drain', () => {
      this.#isBackedUp = false;
      this.#goOn();
    });
    // 'close' follows every error; what went wrong with a client's socket is no news for a server.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(this.#linger);
      this.#stop();
      events.onClosed();
    });
  }

  send(bytes: Uint8Array): void {
    if (this.#isClosing || this.#socket.destroyed) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > OUTPUT_BYTES_MAX) {
      this.#socket.destroy();
    } else if (this.#socket.writableLength > OUTPUT_BYTES_HIGH) {
      this.#isBackedUp = true;
      this.#socket.pause();
    }
  }

  /** Closes once everything sent is out; at once when the other side does not take it in time. */
  close(): void {
    if (this.#isClosing) return;
    this.#stop();
    this.#socket.destroySoon();
    this.#linger = setTimeout(() => this.#socket.destroy(), LINGER_MS_MAX);
  }

  destroy(): void {
    this.#stop();
    this.#socket.destroy();
  }

  pause(): void {
    this.#isPausedByCore = true;
    this.#socket.pause();
  }

  /** Reading goes on in a turn of its own: this is called while effects are carried out. */
  resume(): void {
    this.#isPausedByCore = false;
    queueMicrotask(() => {
      this.#goOn();
    });
  }

  #stop(): void {
    this.#isClosing = true;
    this.#decoder.stop();
    this.#frames = [];
  }

  #mayDeliver(): boolean {
    return !this.#isPausedByCore && !this.#isBackedUp && !this.#isClosing;
  }

  #goOn(): void {
    if (!this.#mayDeliver()) return;
    this.#deliver();
    if (this.#mayDeliver()) this.#socket.resume();
  }

  #onData(chunk: Buffer): void {
    if (this.#isClosing) return;
    const bytes = this.#opening === undefined ? chunk : this.#open(Buffer.concat([this.#opening, chunk]));
    if (bytes === undefined) return;
    try {
      this.#decoder.push(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#deliver();
      this.#events.onProtocolError(error);
      this.destroy();
      return;
    }
    this.#deliver();
  }

  /** The bytes to read as frames; undefined while it is open what comes, or when a four-letter word came. */
  #open(bytes: Buffer): Buffer | undefined {
    this.#opening = bytes;
    if (bytes.length < 4) return undefined;
    const word = bytes.toString('latin1', 0, 4);
    const wordBytes = 4 + this.#events.argumentBytesOf(word);
    if (bytes.length < wordBytes) return undefined;
    this.#opening = undefined;
    const answer = this.#events.onWord(word, bytes.subarray(4, wordBytes));
    if (answer === undefined) return bytes;
    this.send(Buffer.from(answer));
    this.close();
    return undefined;
  }

  #deliver(): void {
    while (this.#frames.length > 0 && this.#mayDeliver()) {
      const batch =
        this.#frames.length <= BATCH_FRAMES_MAX ? this.#frames : this.#frames.slice(0, BATCH_FRAMES_MAX);
      this.#frames = batch === this.#frames ? [] : this.#frames.slice(BATCH_FRAMES_MAX);
      this.#events.onFrames(batch);
    }
  }
}
