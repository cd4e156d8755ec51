/** Reading a znode's data and Stat (PROTOCOL.md 2.4). */
import { OpCode } from './op-code.ts';
import { type Operation, type WatchedPath, decodeWatchedPath, encodeWatchedPath } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

export interface GetDataResponse {
  /** Null and empty are two things: a node may have been created with either. */
  readonly data: Uint8Array | null;
  readonly stat: Stat;
}

/** `GetDataRequest => path(ustring) watch(bool)`; `GetDataResponse => data(buffer) stat(Stat)` */
export const getData: Operation<WatchedPath, GetDataResponse> = {
  name: 'getData',
  opCode: OpCode.getData,
  encodeRequest: encodeWatchedPath,
  decodeRequest: decodeWatchedPath,
  encodeResponse(writer, response) {
    writer.writeBuffer(response.data);
    encodeStat(writer, response.stat);
  },
  decodeResponse(reader) {
    return { data: reader.readBuffer(), stat: decodeStat(reader) };
  },
};
