/**
 * Adler-32 (RFC 1950, section 8), the checksum of ZooKeeper's log records and snapshots. Streaming: the state after some
 * bytes is itself the checksum of those bytes, so a running sum needs no finishing step.
 */

/** The state before the first byte. */
export const ADLER32_START = 1;

const MODULUS = 65_521;
/** So many bytes may be summed up before the modulo without a sum reaching 2^31, beyond which it is no small integer. */
const BLOCK_BYTES = 3800;

/** The checksum, unsigned, of everything that led to `state` and of `bytes` from `start` up to `end`. */
export function updateAdler32(state: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  let a = state & 0xffff;
  let b = state >>> 16;
  for (let at = start; at < end;) {
    const blockEnd = Math.min(end, at + BLOCK_BYTES);
    for (; at < blockEnd; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  return ((b << 16) | a) >>> 0;
}
