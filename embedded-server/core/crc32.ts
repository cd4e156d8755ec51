/** CRC-32 (the polynomial of zlib), four bytes at a time; pure, since the core runs where there is no zlib. */
import { encodeUtf8 } from '../../shared/jute/utf8.ts';

const POLYNOMIAL = 0xedb8_8320;

/** TABLES[k][b]: the remainder of byte b followed by k zero bytes, flattened to one array of 4 × 256. */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder & 1) !== 0 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
    }
    tables[byte] = remainder;
  }
  for (let at = 256; at < tables.length; at++) {
    const shorter = tables[at - 256] ?? 0;
    tables[at] = (shorter >>> 8) ^ (tables[shorter & 0xff] ?? 0);
  }
  return tables;
}

/** The state before the first byte; {@link finishCrc32} makes the checksum of the state behind the last. */
export const CRC32_START = -1;

export function updateCrc32(state: number, bytes: Uint8Array): number {
  let crc = state;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    crc =
      (TABLES[768 + (crc & 0xff)] ?? 0) ^
      (TABLES[512 + ((crc >>> 8) & 0xff)] ?? 0) ^
      (TABLES[256 + ((crc >>> 16) & 0xff)] ?? 0) ^
      (TABLES[crc >>> 24] ?? 0);
  }
  for (; at < bytes.length; at++) crc = (TABLES[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc;
}

/** As {@link updateCrc32} over the text's UTF-8 bytes. */
export function updateCrc32Text(state: number, text: string): number {
  let crc = state;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) return updateCrc32(state, encodeUtf8(text));
    crc = (TABLES[(crc ^ unit) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return crc;
}

/** The unsigned 32-bit checksum. */
export function finishCrc32(state: number): number {
  return ~state >>> 0;
}
