/**
 * The ceiling of the load generator: a socket that answers every frame at once, with as many bytes as a server's answer to a
 * get has, and does nothing else. A process of its own; it tells its port to its parent.
 */
import net, { type AddressInfo } from 'node:net';

import { DATA_BYTES } from './frames.ts';

/** A frame's length, a reply header, data with its length, a Stat. */
const REPLY_BYTES = 4 + 16 + 4 + DATA_BYTES + 68;
/** More than are ever outstanding on one connection. */
const REPLIES_AT_ONCE_MAX = 1024;

const reply = Buffer.alloc(REPLY_BYTES);
reply.writeInt32BE(REPLY_BYTES - 4);
const replies = Buffer.concat(Array.from({ length: REPLIES_AT_ONCE_MAX }, () => reply));

const server = net.createServer({ noDelay: true }, (socket) => {
  /** What is left of a frame that has begun, once its length is known. */
  let rest: Buffer | undefined;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    let count = 0;
    while (at + 4 <= bytes.length) {
      const end = at + 4 + bytes.readInt32BE(at);
      if (end > bytes.length) break;
      at = end;
      count++;
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined;
    if (count > 0) socket.write(replies.subarray(0, count * REPLY_BYTES));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit());
