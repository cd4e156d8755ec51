/** Names what binary data begins with, for what people keep in znodes. A hint beside the hex view, never a decision. */

export type Magic = 'gzip' | 'zstd' | 'lz4' | 'snappy' | 'java' | 'hbase' | 'zip' | 'bzip2' | 'xz';

const SIGNATURES: readonly (readonly [Magic, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['snappy', [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]],
  ['java', [0xac, 0xed, 0x00, 0x05]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

/** HBase writes 0xff, the length of the writer's name, the name, and then a protocol buffer behind these letters. */
const PBUF = [0x50, 0x42, 0x55, 0x46] as const;
const HBASE_MARK = 0xff;
const HBASE_NAME_BYTES_MAX = 128;

export function magicOf(bytes: Uint8Array): Magic | undefined {
  const known = SIGNATURES.find(([, signature]) => signature.every((byte, at) => bytes[at] === byte));
  if (known !== undefined) return known[0];
  return isHbase(bytes) ? 'hbase' : undefined;
}

function isHbase(bytes: Uint8Array): boolean {
  if (bytes[0] !== HBASE_MARK || bytes.length < 5) return false;
  const nameLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (nameLength > HBASE_NAME_BYTES_MAX) return false;
  return PBUF.every((byte, at) => bytes[5 + nameLength + at] === byte);
}
