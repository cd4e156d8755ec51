/**
 * Transactions: what a leader proposes, every server logs and applies (zookeeper.jute `*Txn`, PROTOCOL.md 6.1, 6.2). One
 * log entry is a header, the record of one operation and, unless it is an error, the digest of the tree behind it. The
 * same bytes are a record of the log file and the payload of a PROPOSAL.
 */
import type { Acl } from '../acl.ts';
import { type SessionId, toSessionId } from '../ids.ts';
import { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { ProtocolError } from '../errors.ts';
import { decodeAclList, encodeAclList } from '../protocol/acl-record.ts';
import { OpCode } from '../protocol/op-code.ts';
import { type Zxid, toZxid } from '../zxid.ts';

export interface TxnHeader {
  /** The session that asked for it; 0 when the server itself did. */
  readonly clientId: SessionId;
  /** The client's xid. */
  readonly cxid: number;
  readonly zxid: Zxid;
  /** Wall clock of the leader, ms since 1970. */
  readonly timeMs: bigint;
}

export interface CreateTxn {
  /** The final path: a sequence number is already part of it. */
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  /** The parent's persisted cversion behind this create; -1 in logs from before 3.4, meaning "one more". */
  readonly parentCVersion: number;
}

export type Txn =
  | ({ readonly op: 'create' | 'create2'; readonly ephemeral: boolean } & CreateTxn)
  | ({ readonly op: 'createContainer' } & CreateTxn)
  | ({ readonly op: 'createTTL'; readonly ttlMs: bigint } & CreateTxn)
  | { readonly op: 'delete' | 'deleteContainer'; readonly path: string }
  /** `version` is the new version; a reconfig's is -1. */
  | {
      readonly op: 'setData' | 'reconfig';
      readonly path: string;
      readonly data: Uint8Array | null;
      readonly version: number;
    }
  /** `version` is the new aversion. */
  | { readonly op: 'setACL'; readonly path: string; readonly acl: readonly Acl[]; readonly version: number }
  | { readonly op: 'check'; readonly path: string; readonly version: number }
  | { readonly op: 'createSession'; readonly timeoutMs: number }
  /** `paths` are the session's ephemerals; null in logs that do not list them. */
  | { readonly op: 'closeSession'; readonly paths: readonly string[] | null }
  | { readonly op: 'multi'; readonly txns: readonly Txn[] }
  | { readonly op: 'error'; readonly err: number };

export interface TxnDigest {
  /** 2 is the only one that this project computes. */
  readonly version: number;
  /** Of the whole tree behind the transaction, signed 64 bits. */
  readonly treeDigest: bigint;
}

export interface LogEntry {
  readonly header: TxnHeader;
  readonly txn: Txn;
  readonly digest: TxnDigest | undefined;
}

/** Bytes of a TxnDigest: what must be left behind a record for there to be one. */
const DIGEST_BYTES = 12;

/**
 * ```
 * LogEntry => TxnHeader record [TxnDigest]
 * TxnHeader => clientId(long) cxid(int) zxid(long) time(long) type(int)
 * TxnDigest => version(int) treeDigest(long)
 * ```
 */
export function encodeLogEntry(writer: JuteWriter, { header, txn, digest }: LogEntry): void {
  writer.writeLong(header.clientId);
  writer.writeInt(header.cxid);
  writer.writeLong(header.zxid);
  writer.writeLong(header.timeMs);
  writer.writeInt(OpCode[txn.op]);
  encodeTxn(writer, txn);
  if (digest !== undefined) {
    writer.writeInt(digest.version);
    writer.writeLong(digest.treeDigest);
  }
}

/** Throws ProtocolError on bytes that are no log entry. Buffers are views into `reader`'s bytes. */
export function decodeLogEntry(reader: JuteReader): LogEntry {
  const clientId = toSessionId(reader.readLong());
  const cxid = reader.readInt();
  const zxid = toZxid(reader.readLong());
  const timeMs = reader.readLong();
  const txn = decodeTxn(reader.readInt(), reader);
  const digest =
    reader.remaining >= DIGEST_BYTES
      ? { version: reader.readInt(), treeDigest: reader.readLong() }
      : undefined;
  return { header: { clientId, cxid, zxid, timeMs }, txn, digest };
}

/**
 * ```
 * CreateTxn          => path(ustring) data(buffer) acl(vector<ACL>) ephemeral(bool) parentCVersion(int)
 * CreateContainerTxn => path(ustring) data(buffer) acl(vector<ACL>) parentCVersion(int)
 * CreateTTLTxn       => path(ustring) data(buffer) acl(vector<ACL>) parentCVersion(int) ttl(long)
 * DeleteTxn          => path(ustring)
 * SetDataTxn         => path(ustring) data(buffer) version(int)
 * SetACLTxn          => path(ustring) acl(vector<ACL>) version(int)
 * CheckVersionTxn    => path(ustring) version(int)
 * CreateSessionTxn   => timeOut(int)
 * CloseSessionTxn    => paths2Delete(vector<ustring>)
 * MultiTxn           => txns(vector<type(int) data(buffer)>)
 * ErrorTxn           => err(int)
 * ```
 */
function encodeTxn(writer: JuteWriter, txn: Txn): void {
  switch (txn.op) {
    case 'create':
    case 'create2':
      encodeCreated(writer, txn);
      writer.writeBool(txn.ephemeral);
      writer.writeInt(txn.parentCVersion);
      break;
    case 'createContainer':
      encodeCreated(writer, txn);
      writer.writeInt(txn.parentCVersion);
      break;
    case 'createTTL':
      encodeCreated(writer, txn);
      writer.writeInt(txn.parentCVersion);
      writer.writeLong(txn.ttlMs);
      break;
    case 'delete':
    case 'deleteContainer':
      writer.writeString(txn.path);
      break;
    case 'setData':
    case 'reconfig':
      writer.writeString(txn.path);
      writer.writeBuffer(txn.data);
      writer.writeInt(txn.version);
      break;
    case 'setACL':
      writer.writeString(txn.path);
      encodeAclList(writer, txn.acl);
      writer.writeInt(txn.version);
      break;
    case 'check':
      writer.writeString(txn.path);
      writer.writeInt(txn.version);
      break;
    case 'createSession':
      writer.writeInt(txn.timeoutMs);
      break;
    case 'closeSession':
      if (txn.paths !== null) writer.writeVector(txn.paths, writePath);
      break;
    case 'multi':
      writer.writeVector(txn.txns, encodeSubTxn);
      break;
    case 'error':
      writer.writeInt(txn.err);
      break;
  }
}

function encodeCreated(writer: JuteWriter, txn: CreateTxn): void {
  writer.writeString(txn.path);
  writer.writeBuffer(txn.data);
  encodeAclList(writer, txn.acl);
}

function writePath(writer: JuteWriter, path: string): void {
  writer.writeString(path);
}

function encodeSubTxn(writer: JuteWriter, txn: Txn): void {
  writer.writeInt(OpCode[txn.op]);
  const at = writer.beginFrame();
  encodeTxn(writer, txn);
  writer.endFrame(at);
}

function decodeTxn(type: number, reader: JuteReader): Txn {
  switch (type) {
    case OpCode.create:
    case OpCode.create2: {
      const created = decodeCreated(reader);
      const ephemeral = reader.readBool();
      // Compat: logs from before 3.4 end here.
      const parentCVersion = reader.remaining === 0 ? -1 : reader.readInt();
      return { op: type === OpCode.create ? 'create' : 'create2', ...created, ephemeral, parentCVersion };
    }
    case OpCode.createContainer:
      return { op: 'createContainer', ...decodeCreated(reader), parentCVersion: reader.readInt() };
    case OpCode.createTTL: {
      const created = decodeCreated(reader);
      return { op: 'createTTL', ...created, parentCVersion: reader.readInt(), ttlMs: reader.readLong() };
    }
    case OpCode.delete:
      return { op: 'delete', path: reader.readString() };
    case OpCode.deleteContainer:
      return { op: 'deleteContainer', path: reader.readString() };
    case OpCode.setData:
      return { op: 'setData', ...decodeChangedData(reader) };
    case OpCode.reconfig:
      return { op: 'reconfig', ...decodeChangedData(reader) };
    case OpCode.setACL:
      return {
        op: 'setACL',
        path: reader.readString(),
        acl: decodeAclList(reader),
        version: reader.readInt(),
      };
    case OpCode.check:
      return { op: 'check', path: reader.readString(), version: reader.readInt() };
    case OpCode.createSession:
      return { op: 'createSession', timeoutMs: reader.readInt() };
    case OpCode.closeSession:
      // Compat: without zookeeper.closeSessionTxn.enabled there is no body.
      return { op: 'closeSession', paths: reader.remaining === 0 ? null : reader.readVector(readPath) };
    case OpCode.multi:
      return { op: 'multi', txns: reader.readVector(decodeSubTxn, 8) };
    case OpCode.error:
      return { op: 'error', err: reader.readInt() };
    default:
      throw new ProtocolError('BAD_VALUE', `no transaction has type ${type}`);
  }
}

function decodeCreated(reader: JuteReader): Omit<CreateTxn, 'parentCVersion'> {
  return { path: reader.readString(), data: reader.readBuffer(), acl: decodeAclList(reader) };
}

function decodeChangedData(reader: JuteReader): { path: string; data: Uint8Array | null; version: number } {
  return { path: reader.readString(), data: reader.readBuffer(), version: reader.readInt() };
}

function readPath(reader: JuteReader): string {
  return reader.readString();
}

function decodeSubTxn(reader: JuteReader): Txn {
  const type = reader.readInt();
  // A multi holds no multi: refused here, so that hostile bytes cannot nest without end.
  if (type === OpCode.multi) throw new ProtocolError('BAD_VALUE', 'a multi inside a multi');
  return decodeTxn(type, new JuteReader(reader.readBuffer() ?? new Uint8Array(0)));
}
