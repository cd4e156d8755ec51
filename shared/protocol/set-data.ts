/** Replacing a znode's data (PROTOCOL.md 2.4). */
import { OpCode } from './op-code.ts';
import type { Operation } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

export interface SetDataRequest {
  readonly path: string;
  readonly data: Uint8Array | null;
  /** The version that the node must have, -1 for any. */
  readonly version: number;
}

/** `SetDataRequest => path(ustring) data(buffer) version(int)`; `SetDataResponse => stat(Stat)` */
export const setData: Operation<SetDataRequest, Stat> = {
  name: 'setData',
  opCode: OpCode.setData,
  encodeRequest(writer, request) {
    writer.writeString(request.path);
    writer.writeBuffer(request.data);
    writer.writeInt(request.version);
  },
  decodeRequest(reader) {
    return { path: reader.readString(), data: reader.readBuffer(), version: reader.readInt() };
  },
  encodeResponse: encodeStat,
  decodeResponse: decodeStat,
};
