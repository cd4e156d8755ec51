/**
 * The first message on a connection to an election port (PROTOCOL.md 4.1; InitialMessage in QuorumCnxManager): the dialler
 * says who it is and where it listens itself. A server with a greater sid hangs up and dials that very address, past every
 * link. So a link puts another address there: the link of the way back.
 *
 *   long protocolVersion (negative; a value >= 0 is the bare sid of servers before 3.5, and no address follows)
 *   long sid
 *   int  length
 *   length bytes: host:port
 */
const PREFIX_BYTES = 20;
const VERSION_BYTES = 8;
const LENGTH_OFFSET = 16;
const ADDRESS_BYTES_MAX = 2048;

/**
 * `bytes` begins the connection. Returns it with the address replaced, unchanged when it is no greeting with an address,
 * or undefined while more bytes are needed to tell.
 */
export function withGreetingAddress(bytes: Buffer, address: string): Buffer | undefined {
  if (bytes.length < VERSION_BYTES) return undefined;
  if (bytes.readBigInt64BE(0) >= 0n) return bytes;
  if (bytes.length < PREFIX_BYTES) return undefined;
  const addressBytes = bytes.readInt32BE(LENGTH_OFFSET);
  if (addressBytes < 1 || addressBytes > ADDRESS_BYTES_MAX) return bytes;
  const end = PREFIX_BYTES + addressBytes;
  if (bytes.length < end) return undefined;
  const replacement = Buffer.from(address);
  const prefix = Buffer.from(bytes.subarray(0, PREFIX_BYTES));
  prefix.writeInt32BE(replacement.length, LENGTH_OFFSET);
  return Buffer.concat([prefix, replacement, bytes.subarray(end)]);
}
