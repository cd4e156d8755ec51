/** Listing a znode's children, without and with its Stat (PROTOCOL.md 2.4). The order of names is unspecified. */
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { OpCode } from './op-code.ts';
import { type Operation, type WatchedPath, decodeWatchedPath, encodeWatchedPath } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

export interface GetChildrenResponse {
  readonly children: readonly string[];
}

export interface GetChildren2Response extends GetChildrenResponse {
  readonly stat: Stat;
}

function writeName(writer: JuteWriter, name: string): void {
  writer.writeString(name);
}

function readName(reader: JuteReader): string {
  return reader.readString();
}

/** `GetChildrenRequest => path(ustring) watch(bool)`; `GetChildrenResponse => children(vector<ustring>)` */
export const getChildren: Operation<WatchedPath, GetChildrenResponse> = {
  name: 'getChildren',
  opCode: OpCode.getChildren,
  encodeRequest: encodeWatchedPath,
  decodeRequest: decodeWatchedPath,
  encodeResponse(writer, response) {
    writer.writeVector(response.children, writeName);
  },
  decodeResponse(reader) {
    return { children: reader.readVector(readName) };
  },
};

/** `GetChildren2Response => children(vector<ustring>) stat(Stat)` */
export const getChildren2: Operation<WatchedPath, GetChildren2Response> = {
  name: 'getChildren2',
  opCode: OpCode.getChildren2,
  encodeRequest: encodeWatchedPath,
  decodeRequest: decodeWatchedPath,
  encodeResponse(writer, response) {
    writer.writeVector(response.children, writeName);
    encodeStat(writer, response.stat);
  },
  decodeResponse(reader) {
    return { children: reader.readVector(readName), stat: decodeStat(reader) };
  },
};
