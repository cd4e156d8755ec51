/**
 * What every operation of the client protocol looks like to its callers: an op code and four pure functions between
 * records and bytes. One file an operation holds the types, the wire grammar and one such object.
 */
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import type { OpCode, OpName } from './op-code.ts';

export interface Operation<Request, Response> {
  readonly name: OpName;
  readonly opCode: OpCode;
  readonly encodeRequest: (writer: JuteWriter, request: Request) => void;
  readonly decodeRequest: (reader: JuteReader) => Request;
  readonly encodeResponse: (writer: JuteWriter, response: Response) => void;
  readonly decodeResponse: (reader: JuteReader) => Response;
}

/** A request or response record without fields. */
export type Nothing = undefined;

/** `Nothing =>` (no bytes) */
export function encodeNothing(): void {
  // A record without fields takes no bytes.
}

export function decodeNothing(): Nothing {
  return undefined;
}

/** `VersionedPath => path(ustring) version(int)`: the request of delete and check. */
export interface VersionedPath {
  readonly path: string;
  /** The version that the node must have, -1 for any. */
  readonly version: number;
}

export function encodeVersionedPath(writer: JuteWriter, request: VersionedPath): void {
  writer.writeString(request.path);
  writer.writeInt(request.version);
}

export function decodeVersionedPath(reader: JuteReader): VersionedPath {
  return { path: reader.readRequiredString(), version: reader.readInt() };
}

/** `WatchedPath => path(ustring) watch(bool)`: the request of every read that may leave a watch. */
export interface WatchedPath {
  readonly path: string;
  readonly watch: boolean;
}

export function encodeWatchedPath(writer: JuteWriter, request: WatchedPath): void {
  writer.writeString(request.path);
  writer.writeBool(request.watch);
}

export function decodeWatchedPath(reader: JuteReader): WatchedPath {
  return { path: reader.readRequiredString(), watch: reader.readBool() };
}

/** `Path => path(ustring)` */
export interface PathOnly {
  readonly path: string;
}

export function encodePath(writer: JuteWriter, record: PathOnly): void {
  writer.writeString(record.path);
}

export function decodePath(reader: JuteReader): PathOnly {
  return { path: reader.readRequiredString() };
}
