/** Asking for, and taking back, watches by path (PROTOCOL.md 2.4, 2.9). */
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { OpCode } from './op-code.ts';
import { type Nothing, type Operation, decodeNothing, encodeNothing } from './operation.ts';

/** WatcherType: which watches of a path are meant. 4 and 5 are known to servers from 3.9 on only. */
export const WatcherType = { children: 1, data: 2, any: 3, persistent: 4, persistentRecursive: 5 } as const;

/** AddWatchMode. */
export const AddWatchMode = { persistent: 0, persistentRecursive: 1 } as const;

export interface WatchesRequest {
  readonly path: string;
  /** A {@link WatcherType}; a peer may send any number. */
  readonly type: number;
}

export interface AddWatchRequest {
  readonly path: string;
  /** An {@link AddWatchMode}; a peer may send any number. */
  readonly mode: number;
}

function encodeWatchesRequest(writer: JuteWriter, request: WatchesRequest): void {
  writer.writeString(request.path);
  writer.writeInt(request.type);
}

function decodeWatchesRequest(reader: JuteReader): WatchesRequest {
  return { path: reader.readRequiredString(), type: reader.readInt() };
}

/** `CheckWatchesRequest => path(ustring) type(int)`, no response record. */
export const checkWatches: Operation<WatchesRequest, Nothing> = {
  name: 'checkWatches',
  opCode: OpCode.checkWatches,
  encodeRequest: encodeWatchesRequest,
  decodeRequest: decodeWatchesRequest,
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};

/** `RemoveWatchesRequest => path(ustring) type(int)`, no response record. */
export const removeWatches: Operation<WatchesRequest, Nothing> = {
  ...checkWatches,
  name: 'removeWatches',
  opCode: OpCode.removeWatches,
};

/** `AddWatchRequest => path(ustring) mode(int)`; `ErrorResponse => err(int)`, 0 on success. */
export const addWatch: Operation<AddWatchRequest, Nothing> = {
  name: 'addWatch',
  opCode: OpCode.addWatch,
  encodeRequest(writer, request) {
    writer.writeString(request.path);
    writer.writeInt(request.mode);
  },
  decodeRequest(reader) {
    return { path: reader.readRequiredString(), mode: reader.readInt() };
  },
  encodeResponse(writer) {
    writer.writeInt(0);
  },
  decodeResponse(reader) {
    reader.readInt();
    return undefined;
  },
};
