/**
 * UTF-8 for pure code, which has no TextEncoder. Encoding is standard UTF-8 (a lone surrogate becomes U+FFFD);
 * decoding is lenient as Java's is: malformed bytes become U+FFFD (PROTOCOL.md 1), as many of them as the WHATWG
 * Encoding standard makes, so that the same bytes read the same here and through a TextDecoder.
 */

/** The number of bytes that {@link writeUtf8} will write for `text`. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      length += 1;
    } else {
      length += 2;
      // A pair is four bytes for two units; both units were already counted once.
      if (isPairAt(text, at)) at++;
    }
  }
  return length;
}

function isPairAt(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff || at + 1 >= text.length) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** Writes `text` at `offset` and returns the offset behind it. Demands room for {@link utf8Length} bytes. */
export function writeUtf8(text: string, bytes: Uint8Array, offset: number): number {
  let out = offset;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      bytes[out++] = unit;
    } else if (unit < 0x800) {
      bytes[out++] = 0xc0 | (unit >> 6);
      bytes[out++] = 0x80 | (unit & 0x3f);
    } else if (isPairAt(text, at)) {
      const point = 0x10000 + ((unit - 0xd800) << 10) + (text.charCodeAt(++at) - 0xdc00);
      bytes[out++] = 0xf0 | (point >> 18);
      bytes[out++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[out++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[out++] = 0x80 | (point & 0x3f);
    } else {
      const safe = unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit;
      bytes[out++] = 0xe0 | (safe >> 12);
      bytes[out++] = 0x80 | ((safe >> 6) & 0x3f);
      bytes[out++] = 0x80 | (safe & 0x3f);
    }
  }
  return out;
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}

/** Units given to one String.fromCharCode call; far below any engine's limit of arguments. */
const CHUNK_UNITS = 4096;

export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let ascii = start;
  while (ascii < end && (bytes[ascii] ?? 0) < 0x80) ascii++;
  if (ascii === end) return decodeAscii(bytes, start, end);
  return decodeAscii(bytes, start, ascii) + decodeMultiByte(bytes, ascii, end);
}

function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= CHUNK_UNITS) return String.fromCharCode.apply(null, bytes.subarray(start, end) as never);
  const parts: string[] = [];
  for (let at = start; at < end; at += CHUNK_UNITS) {
    parts.push(String.fromCharCode.apply(null, bytes.subarray(at, Math.min(end, at + CHUNK_UNITS)) as never));
  }
  return parts.join('');
}

function decodeMultiByte(bytes: Uint8Array, start: number, end: number): string {
  const parts: string[] = [];
  let units: number[] = [];
  let at = start;
  while (at < end) {
    const lead = bytes[at] ?? 0;
    const [point, length] = lead < 0x80 ? [lead, 1] : decodeSequence(bytes, at, end);
    at += length;
    if (point > 0xffff) {
      units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
      units.push(point);
    }
    if (units.length >= CHUNK_UNITS) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  parts.push(String.fromCharCode(...units));
  return parts.join('');
}

/**
 * What a lead byte promises: the sequence's bytes, the lead's payload mask, and the range of the second byte, which
 * rules out overlong forms, surrogates and points above U+10FFFF (Unicode 16, table 3-7).
 */
interface SequenceShape {
  readonly length: number;
  readonly mask: number;
  readonly secondMin: number;
  readonly secondMax: number;
}

function sequenceShape(lead: number): SequenceShape | undefined {
  if (lead >= 0xc2 && lead <= 0xdf) return { length: 2, mask: 0x1f, secondMin: 0x80, secondMax: 0xbf };
  if (lead >= 0xe0 && lead <= 0xef) {
    return {
      length: 3,
      mask: 0x0f,
      secondMin: lead === 0xe0 ? 0xa0 : 0x80,
      secondMax: lead === 0xed ? 0x9f : 0xbf,
    };
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    return {
      length: 4,
      mask: 0x07,
      secondMin: lead === 0xf0 ? 0x90 : 0x80,
      secondMax: lead === 0xf4 ? 0x8f : 0xbf,
    };
  }
  return undefined;
}

/** The code point at `at` and its bytes; U+FFFD for the longest start of a sequence that is not well formed. */
function decodeSequence(bytes: Uint8Array, at: number, end: number): readonly [number, number] {
  const lead = bytes[at] ?? 0;
  const shape = sequenceShape(lead);
  if (!shape) return [0xfffd, 1];
  let point = lead & shape.mask;
  for (let next = 1; next < shape.length; next++) {
    const byte = at + next < end ? (bytes[at + next] ?? 0) : 0;
    const lowest = next === 1 ? shape.secondMin : 0x80;
    const highest = next === 1 ? shape.secondMax : 0xbf;
    if (byte < lowest || byte > highest) return [0xfffd, next];
    point = (point << 6) | (byte & 0x3f);
  }
  return [point, shape.length];
}

/** Whether `bytes` are well-formed UTF-8, so that decoding and encoding gives the same bytes back. */
export function isUtf8(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    if ((bytes[at] ?? 0) < 0x80) {
      at++;
      continue;
    }
    const [point, length] = decodeSequence(bytes, at, bytes.length);
    // U+FFFD itself is well formed only as the three bytes EF BF BD.
    const isLiteralReplacement =
      point === 0xfffd && length === 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbf;
    if (point === 0xfffd && !isLiteralReplacement) return false;
    at += length;
  }
  return true;
}
