/**
 * Identifiers other than the zxid: session ids and their passwords, server ids.
 * Source of the layout and of the password rule: ZooKeeper's SessionTrackerImpl and ZooKeeperServer
 * (PROTOCOL.md 2.3).
 */
import { parseHex64 } from './zxid.ts';

declare const sessionIdBrand: unique symbol;
/** A signed 64-bit session id. 0 asks a server for a new session. */
export type SessionId = bigint & { readonly [sessionIdBrand]: true };

export const SESSION_NONE = 0n as SessionId;
export const SESSION_PASSWORD_BYTES = 16;

/** A server's number in its ensemble (`myid`), 1 to 255. */
export type Sid = number;

/** Takes any bigint as a session id, wrapped to signed 64 bits. */
export function toSessionId(value: bigint): SessionId {
  return BigInt.asIntN(64, value) as SessionId;
}

/** `0x100001f68b50023`, as ZooKeeper prints it. */
export function sessionIdToHex(sessionId: SessionId): string {
  return `0x${BigInt.asUintN(64, sessionId).toString(16)}`;
}

/** Throws ProtocolError BAD_VALUE when `text` is not hex of at most 64 bits. */
export function sessionIdFromHex(text: string): SessionId {
  return toSessionId(parseHex64(text));
}

/**
 * The first session id that a server process gives out; the following are +1 each.
 * `elapsedMs` is any non-decreasing millisecond clock; wall time keeps ids apart over restarts.
 */
export function initialSessionId({ elapsedMs, sid }: { elapsedMs: number; sid: Sid }): SessionId {
  const time = BigInt.asUintN(64, BigInt(elapsedMs) << 24n) >> 8n;
  const first = toSessionId(time | (BigInt(sid) << 56n));
  // -2^63 marks container nodes as an ephemeralOwner, so no session may have it.
  return first === -(2n ** 63n) ? toSessionId(first + 1n) : first;
}

const MASK_48 = (1n << 48n) - 1n;
const RANDOM_MULTIPLIER = 0x5_deec_e66dn;
const PASSWORD_SECRET = 0xb341_5c00n;

/**
 * The 16 bytes that every server of an ensemble derives from a session id: `java.util.Random` seeded with
 * `sessionId XOR 0xB3415C00`. A checksum, not a secret; a client may move between servers only because all derive
 * the same bytes.
 */
export function sessionPassword(sessionId: SessionId): Uint8Array {
  const password = new Uint8Array(SESSION_PASSWORD_BYTES);
  let state = (BigInt.asUintN(64, sessionId ^ PASSWORD_SECRET) ^ RANDOM_MULTIPLIER) & MASK_48;
  for (let at = 0; at < SESSION_PASSWORD_BYTES; at += 4) {
    state = (state * RANDOM_MULTIPLIER + 0xbn) & MASK_48;
    const word = Number(state >> 16n);
    password[at] = word & 0xff;
    password[at + 1] = (word >>> 8) & 0xff;
    password[at + 2] = (word >>> 16) & 0xff;
    password[at + 3] = (word >>> 24) & 0xff;
  }
  return password;
}
