/** Standard base64 with padding (RFC 4648, section 4), for code that has neither Buffer nor btoa. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const b0 = bytes[at] ?? 0;
    const b1 = bytes[at + 1] ?? 0;
    const b2 = bytes[at + 2] ?? 0;
    parts.push(
      ALPHABET.charAt(b0 >> 2) +
        ALPHABET.charAt(((b0 & 3) << 4) | (b1 >> 4)) +
        (at + 1 < bytes.length ? ALPHABET.charAt(((b1 & 15) << 2) | (b2 >> 6)) : '=') +
        (at + 2 < bytes.length ? ALPHABET.charAt(b2 & 63) : '='),
    );
  }
  return parts.join('');
}

/** Undefined when `text` is not padded standard base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let bitCount = 0;
  let out = 0;
  for (let at = 0; at < digits; at++) {
    const unit = text.charCodeAt(at);
    const value = unit < 128 ? (VALUES[unit] ?? -1) : -1;
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      if (out < bytes.length) bytes[out++] = (bits >> bitCount) & 0xff;
    }
  }
  return bytes;
}
