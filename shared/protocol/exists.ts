/** Asking for a znode's Stat; its watch is set whether the node exists or not (PROTOCOL.md 2.9). */
import { OpCode } from './op-code.ts';
import { type Operation, type WatchedPath, decodeWatchedPath, encodeWatchedPath } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

/** `ExistsRequest => path(ustring) watch(bool)`; `ExistsResponse => stat(Stat)` */
export const exists: Operation<WatchedPath, Stat> = {
  name: 'exists',
  opCode: OpCode.exists,
  encodeRequest: encodeWatchedPath,
  decodeRequest: decodeWatchedPath,
  encodeResponse: encodeStat,
  decodeResponse: decodeStat,
};
