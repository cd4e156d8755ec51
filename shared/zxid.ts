/**
 * The transaction id: epoch in the high 32 bits, counter in the low 32 bits (Zab paper, section 3: a zxid is a
 * pair of epoch and counter). Zxids compare as signed 64-bit integers, as Java longs do. Inside Zabra a zxid is a
 * bigint; at an edge (DTO, query key, file name) it is hex text. Nothing converts one with `Number()`.
 */
import { ProtocolError } from './errors.ts';

declare const zxidBrand: unique symbol;
/** A signed 64-bit transaction id. */
export type Zxid = bigint & { readonly [zxidBrand]: true };

export const ZXID_NONE = 0n as Zxid;
export const ZXID_COUNTER_MAX = 0xffff_ffff;

/** Takes any bigint as a zxid, wrapped to signed 64 bits. */
export function toZxid(value: bigint): Zxid {
  return BigInt.asIntN(64, value) as Zxid;
}

export function makeZxid({ epoch, counter }: { epoch: number; counter: number }): Zxid {
  return toZxid((BigInt(epoch) << 32n) | BigInt(counter >>> 0));
}

export function zxidEpoch(zxid: Zxid): number {
  return Number(zxid >> 32n);
}

export function zxidCounter(zxid: Zxid): number {
  return Number(zxid & 0xffff_ffffn);
}

/** `0x50000001c`: as ZooKeeper prints it, and as a DTO carries it. Negative values print as 64-bit two's complement. */
export function zxidToHex(zxid: Zxid): string {
  return `0x${BigInt.asUintN(64, zxid).toString(16)}`;
}

/** Reads what {@link zxidToHex} writes; the `0x` may be missing. Throws ProtocolError BAD_VALUE on anything else. */
export function zxidFromHex(text: string): Zxid {
  return toZxid(parseHex64(text));
}

/** `0x5_0000001c`: epoch, underscore, eight digits of counter, the form that people see. */
export function formatZxid(zxid: Zxid): string {
  const unsigned = BigInt.asUintN(64, zxid);
  const counter = (unsigned & 0xffff_ffffn).toString(16).padStart(8, '0');
  return `0x${(unsigned >> 32n).toString(16)}_${counter}`;
}

/** Parses up to 16 hex digits with an optional `0x`. Throws ProtocolError BAD_VALUE. */
export function parseHex64(text: string): bigint {
  const match = /^(?:0x)?([0-9a-fA-F]{1,16})$/.exec(text);
  if (!match) throw new ProtocolError('BAD_VALUE', `not a 64-bit hex number: ${JSON.stringify(text)}`);
  return BigInt(`0x${match[1] ?? ''}`);
}
