/**
 * A server that answers a client wrongly. It knows what the client has asked, so that its lies reach deep: the right xid in
 * front of a body that is nearly that of the right operation.
 */
import { readFileSync } from 'node:fs';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { sessionPassword, toSessionId } from '../../shared/ids.ts';
import { encodeConnectResponse } from '../../shared/protocol/connect.ts';
import { decodeRequestHeader } from '../../shared/protocol/header.ts';
import { capturedFrames, fuzzedFrame } from './fuzzed-frames.ts';
import type { Prng } from './prng.ts';

const CAPTURE_FILE = new URL('../fixtures/wire/apache-3.8.0.json', import.meta.url);
const SERVER_FRAMES = capturedFrames('server');

/** Real replies by the operation that they answer: a reply has the xid of the request before it in its step. */
const REPLIES_BY_TYPE: ReadonlyMap<number, readonly Uint8Array[]> = (() => {
  const steps = JSON.parse(readFileSync(CAPTURE_FILE, 'utf8')) as Record<
    string,
    { from: string; hex: string }[]
  >;
  const replies = new Map<number, Uint8Array[]>();
  for (const frames of Object.values(steps)) {
    const typeByXid = new Map<string, number>();
    for (const { from, hex } of frames) {
      const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
      const xid = hex.slice(0, 8);
      if (from === 'client') typeByXid.set(xid, new JuteReader(bytes, 4).readInt());
      const type = typeByXid.get(xid);
      if (from === 'server' && type !== undefined) replies.set(type, [...(replies.get(type) ?? []), bytes]);
    }
  }
  return replies;
})();

export function honestHandshake({ timeoutMs = 4000, readOnly = false } = {}): Uint8Array {
  const writer = new JuteWriter();
  const sessionId = toSessionId(0x1_0000_1e2f_b700_00n);
  encodeConnectResponse(writer, {
    protocolVersion: 0,
    timeoutMs,
    sessionId,
    password: sessionPassword(sessionId),
    readOnly,
  });
  return writer.finish();
}

export class HostileServer {
  readonly #prng: Prng;
  /** Headers of requests without an answer, the oldest first. */
  #asked: { xid: number; type: number }[] = [];
  #isFirst = true;
  readonly #decoder = new FrameDecoder({
    frameBytesMax: 64 * 1024 * 1024,
    onFrame: (frame) => {
      if (!this.#isFirst) this.#asked.push(decodeRequestHeader(new JuteReader(frame)));
      this.#isFirst = false;
    },
  });

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  hear(bytes: Uint8Array): void {
    this.#decoder.push(bytes);
  }

  /** The answer to a ConnectRequest: mostly the right one. */
  handshake(): Uint8Array {
    const prng = this.#prng;
    const timeoutMs = prng.chance(0.98) ? 4000 : prng.pick([0, 1, -1, 0x7fff_ffff]);
    const honest = honestHandshake({ timeoutMs, readOnly: prng.chance(0.2) });
    return prng.chance(0.9) ? honest : fuzzedFrame(prng, [honest, ...SERVER_FRAMES]);
  }

  /** An answer to the oldest request, or something that nobody has asked for. */
  answer(): Uint8Array {
    const prng = this.#prng;
    const oldest = prng.chance(0.8) ? this.#asked.shift() : undefined;
    if (oldest === undefined) return fuzzedFrame(prng, SERVER_FRAMES);
    const replies = REPLIES_BY_TYPE.get(oldest.type) ?? SERVER_FRAMES;
    const reply = prng.chance(0.4) ? prng.pick(replies).slice() : fuzzedFrame(prng, replies).slice();
    if (reply.length >= 4) new DataView(reply.buffer).setInt32(0, oldest.xid);
    return reply;
  }
}
