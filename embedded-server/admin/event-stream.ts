/**
 * `GET /events`: what a server tells of itself, one JSON object a line, 64-bit numbers as `0x…` hex. A reader takes from the
 * ring at its own pace, so that however slow it is nothing piles up for it: what the ring no longer holds when it gets there
 * is one `dropped` event. An empty line every few seconds says that the stream lives.
 */
import type { ServerResponse } from 'node:http';

import type { EventReader, EventRing } from './event-ring.ts';

const HEARTBEAT_MS = 3000;
/** Lines that are made and written at a time. */
const BATCH_EVENTS_MAX = 256;
/** With that much unsent the reader has to catch up first. */
const UNSENT_BYTES_MAX = 256 * 1024;

export interface EventStreamOptions {
  readonly afterSeq: number;
  /** Whether the stream stays open for what is still to come. */
  readonly isFollowing: boolean;
}

export function streamEvents(
  response: ServerResponse,
  ring: EventRing,
  { afterSeq, isFollowing }: EventStreamOptions,
): void {
  response.writeHead(200, {
    'content-type': 'application/x-ndjson',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.flushHeaders();
  const reader = ring.readAfter(afterSeq);
  const pump = new Pump(response, reader, isFollowing);
  if (isFollowing) {
    const stopListening = ring.listen(() => {
      pump.wake();
    });
    const heartbeat = setInterval(() => {
      if (response.writableLength === 0) response.write('\n');
    }, HEARTBEAT_MS);
    response.once('close', () => {
      stopListening();
      clearInterval(heartbeat);
    });
  }
  response.on('drain', () => {
    pump.wake();
  });
  pump.wake();
}

/** Writes what there is, one batch a turn of the event loop: a server has more to do than to tell of itself. */
class Pump {
  readonly #response: ServerResponse;
  readonly #reader: EventReader;
  readonly #isFollowing: boolean;
  #isAwake = false;

  constructor(response: ServerResponse, reader: EventReader, isFollowing: boolean) {
    this.#response = response;
    this.#reader = reader;
    this.#isFollowing = isFollowing;
  }

  wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    setImmediate(() => {
      this.#isAwake = false;
      this.#write();
    });
  }

  #write(): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded || response.writableLength > UNSENT_BYTES_MAX) return;
    let lines = '';
    for (let count = 0; count < BATCH_EVENTS_MAX; count++) {
      const event = this.#reader.next();
      if (event === undefined) {
        if (lines !== '') response.write(lines);
        if (!this.#isFollowing) response.end();
        return;
      }
      lines += `${JSON.stringify(event, hexOfBigint)}\n`;
    }
    response.write(lines);
    // When the socket does not take it, 'drain' goes on.
    if (!response.writableNeedDrain) this.wake();
  }
}

function hexOfBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `0x${BigInt.asUintN(64, value).toString(16)}` : value;
}
