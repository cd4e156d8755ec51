/** Creating znodes: the four op codes that share one request shape (PROTOCOL.md 2.4). */
import type { Acl } from '../acl.ts';
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { decodeAclList, encodeAclList } from './acl-record.ts';
import { OpCode } from './op-code.ts';
import { type Operation, type PathOnly, decodePath, encodePath } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

export interface CreateRequest {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  /** The mode's number (create-mode.ts); a peer may send any. */
  readonly flags: number;
}

export interface CreateTtlRequest extends CreateRequest {
  /** Milliseconds, 1 to TTL_MS_MAX. */
  readonly ttlMs: bigint;
}

export interface Create2Response {
  /** The path with its sequence number, if it got one. */
  readonly path: string;
  readonly stat: Stat;
}

/** `CreateRequest => path(ustring) data(buffer) acl(vector<ACL>) flags(int)` */
function encodeCreateRequest(writer: JuteWriter, request: CreateRequest): void {
  writer.writeString(request.path);
  writer.writeBuffer(request.data);
  encodeAclList(writer, request.acl);
  writer.writeInt(request.flags);
}

function decodeCreateRequest(reader: JuteReader): CreateRequest {
  return {
    path: reader.readRequiredString(),
    data: reader.readBuffer(),
    acl: decodeAclList(reader),
    flags: reader.readInt(),
  };
}

/** `Create2Response => path(ustring) stat(Stat)` */
function encodeCreate2Response(writer: JuteWriter, response: Create2Response): void {
  writer.writeString(response.path);
  encodeStat(writer, response.stat);
}

function decodeCreate2Response(reader: JuteReader): Create2Response {
  return { path: reader.readString(), stat: decodeStat(reader) };
}

/** `CreateResponse => path(ustring)` */
export const create: Operation<CreateRequest, PathOnly> = {
  name: 'create',
  opCode: OpCode.create,
  encodeRequest: encodeCreateRequest,
  decodeRequest: decodeCreateRequest,
  encodeResponse: encodePath,
  decodeResponse: decodePath,
};

export const create2: Operation<CreateRequest, Create2Response> = {
  name: 'create2',
  opCode: OpCode.create2,
  encodeRequest: encodeCreateRequest,
  decodeRequest: decodeCreateRequest,
  encodeResponse: encodeCreate2Response,
  decodeResponse: decodeCreate2Response,
};

export const createContainer: Operation<CreateRequest, Create2Response> = {
  ...create2,
  name: 'createContainer',
  opCode: OpCode.createContainer,
};

/** `CreateTTLRequest => CreateRequest ttl(long)` */
export const createTTL: Operation<CreateTtlRequest, Create2Response> = {
  name: 'createTTL',
  opCode: OpCode.createTTL,
  encodeRequest(writer, request) {
    encodeCreateRequest(writer, request);
    writer.writeLong(request.ttlMs);
  },
  decodeRequest(reader) {
    return { ...decodeCreateRequest(reader), ttlMs: reader.readLong() };
  },
  encodeResponse: encodeCreate2Response,
  decodeResponse: decodeCreate2Response,
};
