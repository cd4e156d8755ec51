/** Texts as the bytes that znodes hold. */

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const textOfBytes = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes);
