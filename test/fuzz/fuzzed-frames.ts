/**
 * Frames that are nearly right: real ones of Apache 3.8.0 (test/fixtures/wire), changed as a bug, a broken network or an
 * attacker would change them, and here and there pure noise.
 */
import { readFileSync } from 'node:fs';
import { OpCode } from '../../shared/protocol/op-code.ts';
import type { Prng } from './prng.ts';

interface CapturedFrame {
  readonly from: 'client' | 'server';
  readonly hex: string;
}

const CAPTURE_FILE = new URL('../fixtures/wire/apache-3.8.0.json', import.meta.url);

/** The payloads that one side sent, without the packets that open a connection. */
export function capturedFrames(from: CapturedFrame['from']): readonly Uint8Array[] {
  const steps = JSON.parse(readFileSync(CAPTURE_FILE, 'utf8')) as Readonly<Record<string, CapturedFrame[]>>;
  return Object.values(steps)
    .flat()
    .filter((frame) => frame.from === from && !frame.hex.startsWith('00000000'))
    .map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex')));
}

/** Where lengths, counts and numbers turn over. */
const EDGE_INTS = [
  -1, -2, -4, -8, 0, 1, 2, 4, 16, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, 0xf_fff0, 0xf_ffff, 0x10_0000,
  0x0fff_ffff, 0x7fff_ffff, -0x8000_0000,
];
const OP_CODES: readonly number[] = Object.values(OpCode);
const EDGE_BYTES = [0, 1, 0x2e, 0x2f, 0x7f, 0x80, 0xc0, 0xed, 0xff];

type Mutation = (frame: Uint8Array, prng: Prng, corpus: readonly Uint8Array[]) => Uint8Array;

function withInt(frame: Uint8Array, at: number, value: number): Uint8Array {
  if (at + 4 > frame.length) return frame;
  const changed = frame.slice();
  new DataView(changed.buffer).setInt32(at, value);
  return changed;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(frame, prng) {
    const changed = frame.slice();
    const at = prng.below(Math.max(1, frame.length));
    if (at < changed.length) changed[at] = changed[at]! ^ (1 << prng.below(8));
    return changed;
  },
  function edgeByte(frame, prng) {
    const changed = frame.slice();
    if (changed.length > 0) changed[prng.below(changed.length)] = prng.pick(EDGE_BYTES);
    return changed;
  },
  // Anywhere, so that it hits lengths and counts as well as versions and flags.
  (frame, prng) => withInt(frame, prng.below(Math.max(1, frame.length)), prng.pick(EDGE_INTS)),
  (frame, prng) => withInt(frame, 4, prng.chance(0.7) ? prng.pick(OP_CODES) : prng.uint32() | 0),
  (frame, prng) => withInt(frame, 0, prng.chance(0.7) ? prng.pick(EDGE_INTS) : prng.uint32() | 0),
  (frame, prng) => frame.slice(0, prng.below(frame.length + 1)),
  (frame, prng) => concat(frame, prng.bytes(1 + prng.below(40))),
  function cutOut(frame, prng) {
    const from = prng.below(frame.length + 1);
    return concat(frame.subarray(0, from), frame.subarray(from + prng.below(12)));
  },
  function putIn(frame, prng) {
    const at = prng.below(frame.length + 1);
    return concat(frame.subarray(0, at), prng.bytes(prng.below(12)), frame.subarray(at));
  },
  function splice(frame, prng, corpus) {
    const other = prng.pick(corpus);
    return concat(
      frame.subarray(0, prng.below(frame.length + 1)),
      other.subarray(prng.below(other.length + 1)),
    );
  },
];

/** The next payload: mostly a real one changed once or a few times, sometimes untouched, sometimes noise. */
export function fuzzedFrame(prng: Prng, corpus: readonly Uint8Array[]): Uint8Array {
  const kind = prng.below(20);
  if (kind === 0) return prng.bytes(prng.below(200));
  if (kind === 1) return concat(withInt(prng.bytes(8), 4, prng.pick(OP_CODES)), prng.bytes(prng.below(80)));
  let frame = prng.pick(corpus);
  if (kind === 2) return frame;
  const count = prng.chance(0.6) ? 1 : 1 + prng.below(5);
  for (let at = 0; at < count; at++) frame = prng.pick(MUTATIONS)(frame, prng, corpus);
  return frame;
}

/** A payload behind its length. */
export function framed(payload: Uint8Array): Uint8Array {
  return concat(lengthHeader(payload.length), payload);
}

/** The four bytes that announce a frame of `length`, which need not follow. */
export function lengthHeader(length: number): Uint8Array {
  return withInt(new Uint8Array(4), 0, length | 0);
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
