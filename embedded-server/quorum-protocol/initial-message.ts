/**
 * What whoever dials an election port says first (ZooKeeper's QuorumCnxManager; PROTOCOL.md 4.1): who it is and where it
 * can be dialled back. Both versions are understood; written is the first, which every server since 3.5 takes.
 */
import { ProtocolError } from '../../shared/errors.ts';
import type { Sid } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { decodeUtf8, encodeUtf8 } from '../../shared/jute/utf8.ts';
import type { JuteWriter } from '../../shared/jute/writer.ts';
import { readSmallLong } from './small-long.ts';

const VERSION_1 = -65536n;
/** Since 3.6, with `multiAddress.enabled`: several addresses, joined by `|`. */
const VERSION_2 = -65535n;
const ADDRESS_BYTES_MAX = 2048;
/** Version, sid and the length of the address. */
const FIXED_BYTES = 20;

export interface InitialMessage {
  readonly sid: Sid;
  /** `host:port`, at least one unless the peer is from before 3.5. */
  readonly addresses: readonly string[];
}

/** `InitialMessage => version(long) sid(long) addressLength(int) address(bytes)` */
export function encodeInitialMessage(
  writer: JuteWriter,
  { sid, address }: { sid: Sid; address: string },
): void {
  writer.writeLong(VERSION_1);
  writer.writeLong(BigInt(sid));
  writer.writeBuffer(encodeUtf8(address));
}

/**
 * Reads it from the start of a connection: the message and the bytes that it took, or undefined as long as it is not
 * complete. Throws ProtocolError on an unknown version or an address of impossible length.
 */
export function decodeInitialMessage(
  bytes: Uint8Array,
): { readonly message: InitialMessage; readonly length: number } | undefined {
  if (bytes.length < 8) return undefined;
  const reader = new JuteReader(bytes);
  const version = reader.readLong();
  if (version >= 0n) {
    // Compat: a peer from before 3.5 sends its bare sid.
    return { message: { sid: readSmallLong(new JuteReader(bytes)), addresses: [] }, length: 8 };
  }
  if (version !== VERSION_1 && version !== VERSION_2) {
    throw new ProtocolError('BAD_VALUE', `unknown version ${version} of the election protocol`);
  }
  if (bytes.length < FIXED_BYTES) return undefined;
  const sid = readSmallLong(reader);
  const addressBytes = reader.readInt();
  if (addressBytes < 1 || addressBytes > ADDRESS_BYTES_MAX) {
    throw new ProtocolError('BAD_LENGTH', `an election address of ${addressBytes} bytes`);
  }
  const length = FIXED_BYTES + addressBytes;
  if (bytes.length < length) return undefined;
  const addresses = decodeUtf8(bytes, FIXED_BYTES, length).split('|');
  return { message: { sid, addresses }, length };
}
