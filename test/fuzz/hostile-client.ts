/**
 * Connections that misbehave, one batch a connection: what is sent is planned first, so that a batch can be printed when
 * the server does not survive it. A batch ends with our FIN, and the server must have closed by the deadline.
 */
import net from 'node:net';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { SESSION_NONE } from '../../shared/ids.ts';
import { encodeConnectRequest } from '../../shared/protocol/connect.ts';
import { decodeReplyHeader } from '../../shared/protocol/header.ts';
import { ZXID_NONE } from '../../shared/zxid.ts';
import { within } from '../support/wait.ts';
import { framed, fuzzedFrame, lengthHeader } from './fuzzed-frames.ts';
import type { Prng } from './prng.ts';

const BATCH_MS_MAX = 10_000;
const FRAMES_A_BATCH_MAX = 24;
/** Answers are not this large in the fuzzed server, so a larger one is a stream out of step. */
const REPLY_BYTES_MAX = 4 * 1024 * 1024;

const WORDS = [
  'ruok',
  'srvr',
  'mntr',
  'conf',
  'cons',
  'dump',
  'envi',
  'stat',
  'wchs',
  'wchc',
  'wchp',
  'isro',
  'dirs',
];

export interface Batch {
  readonly kind: string;
  /** What is written, piece by piece; the server sees each as a chunk of its own, more or less. */
  readonly pieces: readonly Uint8Array[];
  readonly frameCount: number;
  /** Whether what comes back must be frames; the answer to a four-letter word is text. */
  readonly expectsFrames: boolean;
}

export function connectRequest(timeoutMs = 4000): Uint8Array {
  const writer = new JuteWriter();
  encodeConnectRequest(writer, {
    protocolVersion: 0,
    lastZxidSeen: ZXID_NONE,
    timeoutMs,
    sessionId: SESSION_NONE,
    password: new Uint8Array(16),
    readOnly: false,
  });
  return writer.finish();
}

/** Cuts `bytes` into up to four pieces. */
function chopped(prng: Prng, bytes: Uint8Array): Uint8Array[] {
  const cuts = Array.from({ length: prng.below(4) }, () => prng.below(bytes.length + 1)).sort(
    (a, b) => a - b,
  );
  return [...cuts, bytes.length].map((end, at) => bytes.subarray(at === 0 ? 0 : cuts[at - 1], end));
}

export function planBatch(prng: Prng, corpus: readonly Uint8Array[]): Batch {
  const handshake = framed(connectRequest());
  const frames = Array.from({ length: 1 + prng.below(FRAMES_A_BATCH_MAX) }, () =>
    framed(fuzzedFrame(prng, corpus)),
  );
  const kind = prng.below(10);
  if (kind < 6) {
    const stream = new Uint8Array(Buffer.concat([handshake, ...frames]));
    return {
      kind: 'frames',
      pieces: chopped(prng, stream),
      frameCount: frames.length + 1,
      expectsFrames: true,
    };
  }
  if (kind === 6) {
    // The length lies, so that the rest of the stream is read out of step.
    const length = prng.pick([-1, -0x8000_0000, 0x10_0000, 0x7fff_ffff, prng.uint32() | 0, prng.below(64)]);
    const pieces = [handshake, ...frames, lengthHeader(length), prng.bytes(prng.below(64))];
    return { kind: 'length', pieces, frameCount: frames.length + 2, expectsFrames: true };
  }
  if (kind === 7) {
    const opening = framed(fuzzedFrame(prng, [connectRequest(), connectRequest(-1)]));
    return { kind: 'handshake', pieces: chopped(prng, opening), frameCount: 1, expectsFrames: false };
  }
  if (kind === 8) {
    const cut = handshake.subarray(0, prng.below(handshake.length));
    return { kind: 'half-open', pieces: [cut], frameCount: 1, expectsFrames: true };
  }
  const word = new TextEncoder().encode(prng.pick(WORDS));
  const start = prng.chance(0.3) ? prng.bytes(4) : word.subarray(0, prng.chance(0.7) ? 4 : prng.below(4));
  return { kind: 'word', pieces: [start, prng.bytes(prng.below(40))], frameCount: 1, expectsFrames: false };
}

/** Sends a batch; resolves when the server has closed. Rejects when it has not in time, or answered in malformed frames. */
export async function runBatch(server: { host: string; port: number }, batch: Batch): Promise<void> {
  const problems: unknown[] = [];
  let isFirst = true;
  const decoder = new FrameDecoder({
    frameBytesMax: REPLY_BYTES_MAX,
    onFrame: (frame) => {
      if (!isFirst) decodeReplyHeader(new JuteReader(frame));
      isFirst = false;
    },
  });
  const socket = net.connect({ ...server, noDelay: true });
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      resolve();
    });
  });
  socket.on('error', (error) => {
    // A reset is one way of being closed; a port that nobody listens on is another matter.
    if ('code' in error && error.code === 'ECONNREFUSED') problems.push(error);
  });
  socket.on('data', (chunk) => {
    if (!batch.expectsFrames || problems.length > 0) return;
    try {
      decoder.push(chunk);
    } catch (error) {
      problems.push(error);
    }
  });
  for (const piece of batch.pieces) socket.write(piece);
  socket.end();
  try {
    await within(`the server closes a connection of kind ${batch.kind}`, closed, BATCH_MS_MAX);
  } finally {
    socket.destroy();
  }
  if (problems.length > 0) {
    throw new Error('the server is gone, or answered in malformed frames', { cause: problems[0] });
  }
}
