/** Re-registering watches after a reconnect (PROTOCOL.md 2.10). Sent with xid -8. */
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { type Zxid, toZxid } from '../zxid.ts';
import { OpCode } from './op-code.ts';
import { type Nothing, type Operation, decodeNothing, encodeNothing } from './operation.ts';

export interface SetWatchesRequest {
  /** The newest zxid that the client has seen: what changed after it fires at once. */
  readonly relativeZxid: Zxid;
  readonly dataWatches: readonly string[];
  readonly existWatches: readonly string[];
  readonly childWatches: readonly string[];
}

export interface SetWatches2Request extends SetWatchesRequest {
  readonly persistentWatches: readonly string[];
  readonly persistentRecursiveWatches: readonly string[];
}

function writePath(writer: JuteWriter, path: string): void {
  writer.writeString(path);
}

function readPath(reader: JuteReader): string {
  return reader.readString();
}

function encodeOneShot(writer: JuteWriter, request: SetWatchesRequest): void {
  writer.writeLong(request.relativeZxid);
  writer.writeVector(request.dataWatches, writePath);
  writer.writeVector(request.existWatches, writePath);
  writer.writeVector(request.childWatches, writePath);
}

function decodeOneShot(reader: JuteReader): SetWatchesRequest {
  return {
    relativeZxid: toZxid(reader.readLong()),
    dataWatches: reader.readVector(readPath),
    existWatches: reader.readVector(readPath),
    childWatches: reader.readVector(readPath),
  };
}

/**
 * ```
 * SetWatches => relativeZxid(long) dataWatches(vector<ustring>) existWatches(vector<ustring>)
 *               childWatches(vector<ustring>)
 * ```
 */
export const setWatches: Operation<SetWatchesRequest, Nothing> = {
  name: 'setWatches',
  opCode: OpCode.setWatches,
  encodeRequest: encodeOneShot,
  decodeRequest: decodeOneShot,
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};

/** `SetWatches2 => SetWatches persistentWatches(vector<ustring>) persistentRecursiveWatches(vector<ustring>)` */
export const setWatches2: Operation<SetWatches2Request, Nothing> = {
  name: 'setWatches2',
  opCode: OpCode.setWatches2,
  encodeRequest(writer, request) {
    encodeOneShot(writer, request);
    writer.writeVector(request.persistentWatches, writePath);
    writer.writeVector(request.persistentRecursiveWatches, writePath);
  },
  decodeRequest(reader) {
    return {
      ...decodeOneShot(reader),
      persistentWatches: reader.readVector(readPath),
      persistentRecursiveWatches: reader.readVector(readPath),
    };
  },
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};
