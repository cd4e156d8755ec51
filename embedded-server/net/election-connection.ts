/**
 * One connection between two election ports, past its first message: frames in, the newest notification out (PROTOCOL.md
 * 4.1). What waits while another is being written is replaced by what comes after it, since only the newest vote counts.
 */
import type { Socket } from 'node:net';

import { ProtocolError } from '../../shared/errors.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import {
  NOTIFICATION_BYTES_MAX,
  type Notification,
  decodeNotification,
} from '../quorum-protocol/notification.ts';

export interface ElectionConnectionEvents {
  readonly onNotification: (notification: Notification) => void;
  readonly onProtocolError: (error: ProtocolError) => void;
  readonly onClosed: () => void;
}

export class ElectionConnection {
  readonly #socket: Socket;
  readonly #events: ElectionConnectionEvents;
  readonly #decoder: FrameDecoder;
  #waiting: Uint8Array | undefined;
  #isWriting = false;

  constructor(socket: Socket, events: ElectionConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#decoder = new FrameDecoder({
      frameBytesMax: NOTIFICATION_BYTES_MAX,
      onFrame: (frame) => {
        events.onNotification(decodeNotification(frame.slice()));
      },
    });
    socket.setTimeout(0);
    socket.on('data', (chunk) => {
      this.push(chunk);
    });
    socket.once('close', () => {
      this.#decoder.stop();
      events.onClosed();
    });
  }

  /** What arrived. */
  push(chunk: Uint8Array): void {
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#events.onProtocolError(error);
      this.close();
    }
  }

  send(frame: Uint8Array): void {
    this.#waiting = frame;
    if (!this.#isWriting) this.#writeNext();
  }

  close(): void {
    this.#decoder.stop();
    this.#socket.destroy();
  }

  #writeNext(): void {
    const frame = this.#waiting;
    this.#waiting = undefined;
    this.#isWriting = frame !== undefined;
    if (frame) {
      this.#socket.write(frame, () => {
        this.#writeNext();
      });
    }
  }
}
