/**
 * Several operations as one: writes all or none (multi), reads each on its own (multiRead). PROTOCOL.md 2.5.
 * Every part has a MultiHeader in front; a header with `done` ends the sequence.
 */
import { ProtocolError } from '../errors.ts';
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { check } from './check.ts';
import {
  type Create2Response,
  type CreateRequest,
  type CreateTtlRequest,
  create,
  create2,
  createContainer,
  createTTL,
} from './create.ts';
import { deleteNode } from './delete.ts';
import { getChildren } from './get-children.ts';
import { type GetDataResponse, getData } from './get-data.ts';
import { OpCode } from './op-code.ts';
import type { Operation, VersionedPath, WatchedPath } from './operation.ts';
import { type SetDataRequest, setData } from './set-data.ts';
import type { Stat } from './stat.ts';

/** One write of a multi. */
export type MultiWriteOp =
  | { readonly op: 'create' | 'create2' | 'createContainer'; readonly request: CreateRequest }
  | { readonly op: 'createTTL'; readonly request: CreateTtlRequest }
  | { readonly op: 'delete' | 'check'; readonly request: VersionedPath }
  | { readonly op: 'setData'; readonly request: SetDataRequest };

/** One read of a multiRead. */
export interface MultiReadOp {
  readonly op: 'getData' | 'getChildren';
  readonly request: WatchedPath;
}

export type MultiOp = MultiWriteOp | MultiReadOp;

/** What came of one part. In a failed multi every part is an error: 0 before the one that failed, -2 behind it. */
export type MultiResult =
  | { readonly op: 'create'; readonly path: string }
  | ({ readonly op: 'create2' } & Create2Response)
  | { readonly op: 'delete' | 'check' }
  | { readonly op: 'setData'; readonly stat: Stat }
  | ({ readonly op: 'getData' } & GetDataResponse)
  | { readonly op: 'getChildren'; readonly children: readonly string[] }
  | { readonly op: 'error'; readonly err: number };

/** A MultiHeader takes 9 bytes. */
const DONE_TYPE = -1;

/** `MultiHeader => type(int) done(bool) err(int)` */
function writeHeader(
  writer: JuteWriter,
  { type, done, err }: { type: number; done: boolean; err: number },
): void {
  writer.writeInt(type);
  writer.writeBool(done);
  writer.writeInt(err);
}

function readHeader(reader: JuteReader): { type: number; done: boolean } {
  const type = reader.readInt();
  const done = reader.readBool();
  reader.readInt();
  return { type, done };
}

function encodeMultiOp(writer: JuteWriter, part: MultiOp): void {
  switch (part.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
      create2.encodeRequest(writer, part.request);
      break;
    case 'createTTL':
      createTTL.encodeRequest(writer, part.request);
      break;
    case 'delete':
    case 'check':
      deleteNode.encodeRequest(writer, part.request);
      break;
    case 'setData':
      setData.encodeRequest(writer, part.request);
      break;
    case 'getData':
    case 'getChildren':
      getData.encodeRequest(writer, part.request);
      break;
  }
}

function decodeMultiWriteOp(type: number, reader: JuteReader): MultiWriteOp {
  switch (type) {
    case OpCode.create:
      return { op: 'create', request: create.decodeRequest(reader) };
    case OpCode.create2:
      return { op: 'create2', request: create2.decodeRequest(reader) };
    case OpCode.createContainer:
      return { op: 'createContainer', request: createContainer.decodeRequest(reader) };
    case OpCode.createTTL:
      return { op: 'createTTL', request: createTTL.decodeRequest(reader) };
    case OpCode.delete:
      return { op: 'delete', request: deleteNode.decodeRequest(reader) };
    case OpCode.check:
      return { op: 'check', request: check.decodeRequest(reader) };
    case OpCode.setData:
      return { op: 'setData', request: setData.decodeRequest(reader) };
    default:
      throw new ProtocolError('BAD_VALUE', `op ${type} is not allowed in a multi`);
  }
}

function decodeMultiReadOp(type: number, reader: JuteReader): MultiReadOp {
  switch (type) {
    case OpCode.getData:
      return { op: 'getData', request: getData.decodeRequest(reader) };
    case OpCode.getChildren:
      return { op: 'getChildren', request: getChildren.decodeRequest(reader) };
    default:
      throw new ProtocolError('BAD_VALUE', `op ${type} is not allowed in a multiRead`);
  }
}

function encodeParts(writer: JuteWriter, ops: readonly MultiOp[]): void {
  for (const part of ops) {
    writeHeader(writer, { type: OpCode[part.op], done: false, err: -1 });
    encodeMultiOp(writer, part);
  }
  writeHeader(writer, { type: DONE_TYPE, done: true, err: -1 });
}

function decodeParts<T>(reader: JuteReader, decodePart: (type: number, reader: JuteReader) => T): T[] {
  const parts: T[] = [];
  for (;;) {
    const { type, done } = readHeader(reader);
    if (done) return parts;
    parts.push(decodePart(type, reader));
  }
}

function encodeMultiResult(writer: JuteWriter, result: MultiResult): void {
  if (result.op === 'error') {
    writeHeader(writer, { type: OpCode.error, done: false, err: result.err });
    writer.writeInt(result.err);
    return;
  }
  writeHeader(writer, { type: OpCode[result.op], done: false, err: 0 });
  switch (result.op) {
    case 'create':
      create.encodeResponse(writer, result);
      break;
    case 'create2':
      create2.encodeResponse(writer, result);
      break;
    case 'setData':
      setData.encodeResponse(writer, result.stat);
      break;
    case 'getData':
      getData.encodeResponse(writer, result);
      break;
    case 'getChildren':
      getChildren.encodeResponse(writer, result);
      break;
    case 'delete':
    case 'check':
      break;
  }
}

function decodeMultiResult(type: number, reader: JuteReader): MultiResult {
  switch (type) {
    case OpCode.error:
      return { op: 'error', err: reader.readInt() };
    case OpCode.create:
      return { op: 'create', path: create.decodeResponse(reader).path };
    case OpCode.create2:
      return { op: 'create2', ...create2.decodeResponse(reader) };
    case OpCode.delete:
      return { op: 'delete' };
    case OpCode.check:
      return { op: 'check' };
    case OpCode.setData:
      return { op: 'setData', stat: setData.decodeResponse(reader) };
    case OpCode.getData:
      return { op: 'getData', ...getData.decodeResponse(reader) };
    case OpCode.getChildren:
      return { op: 'getChildren', children: getChildren.decodeResponse(reader).children };
    default:
      throw new ProtocolError('BAD_VALUE', `op ${type} in the reply to a multi`);
  }
}

function encodeResults(writer: JuteWriter, results: readonly MultiResult[]): void {
  for (const result of results) encodeMultiResult(writer, result);
  writeHeader(writer, { type: DONE_TYPE, done: true, err: -1 });
}

function decodeResults(reader: JuteReader): MultiResult[] {
  return decodeParts(reader, decodeMultiResult);
}

/**
 * ```
 * MultiRequest  => (MultiHeader{type, false, -1} request)* MultiHeader{-1, true, -1}
 * MultiResponse => (MultiHeader{type, false, 0} response | MultiHeader{-1, false, err} err(int))*
 *                  MultiHeader{-1, true, -1}
 * ```
 * Results of createTTL and createContainer come as create2 (15).
 */
export const multi: Operation<readonly MultiWriteOp[], readonly MultiResult[]> = {
  name: 'multi',
  opCode: OpCode.multi,
  encodeRequest: encodeParts,
  decodeRequest: (reader) => decodeParts(reader, decodeMultiWriteOp),
  encodeResponse: encodeResults,
  decodeResponse: decodeResults,
};

/** As {@link multi}, with reads (getData, getChildren) that fail each on its own; their watch flags are ignored. */
export const multiRead: Operation<readonly MultiReadOp[], readonly MultiResult[]> = {
  name: 'multiRead',
  opCode: OpCode.multiRead,
  encodeRequest: encodeParts,
  decodeRequest: (reader) => decodeParts(reader, decodeMultiReadOp),
  encodeResponse: encodeResults,
  decodeResponse: decodeResults,
};
