/**
 * The body of a snapshot (ZooKeeper's DataTree.serialize; PROTOCOL.md 6.4, 5.6): sessions, access control lists by number,
 * and all nodes, parents before their children. The same bytes are the middle of a snapshot file and what a leader streams
 * to a learner that is too far behind.
 *
 * ```
 * Body    => sessionCount(int) Session* aclCount(int) NumberedAcl* Node* "/"(ustring)
 * Session => sessionId(long) timeout(int)
 * NumberedAcl => aclId(long) vector<ACL>
 * Node    => path(ustring) data(buffer) aclId(long) StatPersisted       the root has path ""
 * ```
 */
import type { Acl } from '../acl.ts';
import { StorageError } from '../errors.ts';
import { type SessionId, toSessionId } from '../ids.ts';
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { decodeAclList, encodeAclList } from '../protocol/acl-record.ts';
import type { ItemStream } from './item-stream.ts';
import { type PersistedStat, decodePersistedStat, encodePersistedStat } from './persisted-stat.ts';

/** The number that stands for OPEN_ACL_UNSAFE in every table. */
export const ACL_ID_OPEN = -1n;
/** In the place of a node's path: there are no more nodes. */
export const SNAPSHOT_END = '/';

export interface SnapshotSession {
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
}

export interface SnapshotAcl {
  readonly aclId: bigint;
  readonly acl: readonly Acl[];
}

export interface SnapshotNode {
  /** '' for the root, as in the file. */
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly aclId: bigint;
  readonly stat: PersistedStat;
}

/** Takes what a snapshot holds, in its order. */
export interface SnapshotSink {
  onSession(session: SnapshotSession): void;
  onAcl(acl: SnapshotAcl): void;
  /** `data` is a view, good until the call returns. */
  onNode(node: SnapshotNode): void;
}

export function encodeSnapshotTables(
  writer: JuteWriter,
  { sessions, acls }: { sessions: readonly SnapshotSession[]; acls: readonly SnapshotAcl[] },
): void {
  writer.writeVector(sessions, encodeSession);
  writer.writeVector(acls, encodeNumberedAcl);
}

function encodeSession(writer: JuteWriter, { sessionId, timeoutMs }: SnapshotSession): void {
  writer.writeLong(sessionId);
  writer.writeInt(timeoutMs);
}

function encodeNumberedAcl(writer: JuteWriter, { aclId, acl }: SnapshotAcl): void {
  writer.writeLong(aclId);
  encodeAclList(writer, acl);
}

export function encodeSnapshotNode(writer: JuteWriter, node: SnapshotNode): void {
  writer.writeString(node.path);
  writer.writeBuffer(node.data);
  writer.writeLong(node.aclId);
  encodePersistedStat(writer, node.stat);
}

function decodeSession(reader: JuteReader): SnapshotSession {
  return { sessionId: toSessionId(reader.readLong()), timeoutMs: reader.readInt() };
}

function decodeNumberedAcl(reader: JuteReader): SnapshotAcl {
  return { aclId: reader.readLong(), acl: decodeAclList(reader) };
}

function decodeNode(reader: JuteReader): SnapshotNode | 'end' {
  const path = reader.readString();
  if (path === SNAPSHOT_END) return 'end';
  return {
    path,
    data: reader.readBuffer(),
    aclId: reader.readLong(),
    stat: decodePersistedStat(reader),
  };
}

function decodeCount(reader: JuteReader): number {
  const count = reader.readInt();
  if (count < 0) throw new StorageError('CORRUPT', `a table of ${count} entries`);
  return count;
}

type Part = 'sessionCount' | 'sessions' | 'aclCount' | 'acls' | 'nodes' | 'done';

/** Reads a body that comes in pieces: sessionCount → sessions → aclCount → acls → nodes → done. */
export class SnapshotBodyDecoder {
  readonly #stream: ItemStream;
  readonly #sink: SnapshotSink;
  #part: Part = 'sessionCount';
  /** Entries of the table under way that are still to come. */
  #left = 0;

  constructor(stream: ItemStream, sink: SnapshotSink) {
    this.#stream = stream;
    this.#sink = sink;
  }

  /** Reads what the stream holds; whether the body is complete. Throws StorageError CORRUPT and ProtocolError. */
  advance(): boolean {
    while (this.#part !== 'done') if (!this.#step()) return false;
    return true;
  }

  /** One record; false when the stream does not hold it yet. */
  #step(): boolean {
    switch (this.#part) {
      case 'sessionCount':
        return this.#beginTable('sessions');
      case 'sessions':
        return this.#readEntry('aclCount', decodeSession, (session) => {
          this.#sink.onSession(session);
        });
      case 'aclCount':
        return this.#beginTable('acls');
      case 'acls':
        return this.#readEntry('nodes', decodeNumberedAcl, (acl) => {
          this.#sink.onAcl(acl);
        });
      case 'nodes':
        return this.#readNode();
      case 'done':
        return true;
    }
  }

  #beginTable(part: 'sessions' | 'acls'): boolean {
    const count = this.#stream.take(decodeCount);
    if (count === undefined) return false;
    this.#left = count;
    this.#part = part;
    return true;
  }

  #readEntry<T>(
    next: 'aclCount' | 'nodes',
    decode: (reader: JuteReader) => T,
    use: (entry: T) => void,
  ): boolean {
    if (this.#left === 0) {
      this.#part = next;
      return true;
    }
    const entry = this.#stream.take(decode);
    if (entry === undefined) return false;
    this.#left--;
    use(entry);
    return true;
  }

  #readNode(): boolean {
    const node = this.#stream.take(decodeNode);
    if (node === undefined) return false;
    if (node === 'end') this.#part = 'done';
    else this.#sink.onNode(node);
    return true;
  }
}
