/**
 * Answers everything that changes nothing but watches (the reads of ZooKeeper's FinalRequestProcessor; PROTOCOL.md 2.4,
 * 2.9, 2.10, 7.6). A read is decoded and served in one go when it is its turn; its watch is set in the same step.
 */
import { type Acl, Perms } from '../../shared/acl.ts';
import { assert } from '../../shared/assert.ts';
import { ProtocolError } from '../../shared/errors.ts';
import type { JuteReader } from '../../shared/jute/reader.ts';
import { encodeAclList } from '../../shared/protocol/acl-record.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import { getAllChildrenNumber } from '../../shared/protocol/get-all-children-number.ts';
import { getEphemerals } from '../../shared/protocol/get-ephemerals.ts';
import { type MultiReadOp, type MultiResult, multiRead } from '../../shared/protocol/multi.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { decodeWatchedPath } from '../../shared/protocol/operation.ts';
import { type SetWatches2Request, setWatches, setWatches2 } from '../../shared/protocol/set-watches.ts';
import { encodeStat } from '../../shared/protocol/stat.ts';
import { AddWatchMode, WatcherType, addWatch, checkWatches } from '../../shared/protocol/watch-ops.ts';
import { EventType } from '../../shared/protocol/watcher-event.ts';
import { whoAmI } from '../../shared/protocol/who-am-i.ts';
import { displayUser, isAllowed, maskDigests } from './acl-check.ts';
import type { Connection, Request } from './connection.ts';
import type { Database } from './database.ts';
import type { Replies } from './replies.ts';
import type { Watches } from './watches.ts';
import type { Znode } from './znode.ts';

export class ReadOps {
  readonly #database: Database;
  readonly #watches: Watches;
  readonly #replies: Replies;
  readonly #skipAcl: boolean;

  constructor({
    database,
    watches,
    replies,
    skipAcl,
  }: {
    database: Database;
    watches: Watches;
    replies: Replies;
    skipAcl: boolean;
  }) {
    this.#database = database;
    this.#watches = watches;
    this.#replies = replies;
    this.#skipAcl = skipAcl;
  }

  /** Whether this server has such an operation, and clients may send it. */
  static knows(type: number): boolean {
    switch (type) {
      case OpCode.ping:
      case OpCode.sync:
      case OpCode.exists:
      case OpCode.getData:
      case OpCode.getACL:
      case OpCode.getChildren:
      case OpCode.getChildren2:
      case OpCode.getAllChildrenNumber:
      case OpCode.getEphemerals:
      case OpCode.multiRead:
      case OpCode.whoAmI:
      case OpCode.addWatch:
      case OpCode.checkWatches:
      case OpCode.removeWatches:
      case OpCode.setWatches:
      case OpCode.setWatches2:
        return true;
      default:
        return false;
    }
  }

  /** Demands a type that {@link knows} approves of. A body that does not fit is answered with MARSHALLINGERROR. */
  serve(request: Request): void {
    let err: number;
    try {
      err = this.#answer(request);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      err = ErrorCode.MARSHALLINGERROR;
    }
    if (err !== 0) this.#replies.empty(request, this.#database.lastProcessedZxid, err);
  }

  /** Returns 0 when the reply is written, else the error that is still to be told. */
  #answer(request: Request): number {
    switch (request.type) {
      case OpCode.ping:
        return this.#succeed(request);
      case OpCode.sync:
        return this.#sync(request);
      case OpCode.exists:
        return this.#exists(request);
      case OpCode.getData:
        return this.#getData(request);
      case OpCode.getACL:
        return this.#getAcl(request);
      case OpCode.getChildren:
      case OpCode.getChildren2:
        return this.#getChildren(request);
      case OpCode.getAllChildrenNumber:
        return this.#getAllChildrenNumber(request);
      case OpCode.getEphemerals:
        return this.#getEphemerals(request);
      case OpCode.multiRead:
        return this.#multiRead(request);
      case OpCode.whoAmI:
        return this.#whoAmI(request);
      case OpCode.addWatch:
        return this.#addWatch(request);
      case OpCode.checkWatches:
        return this.#checkWatches(request);
      case OpCode.removeWatches:
        return this.#removeWatches(request);
      default:
        assert(ReadOps.knows(request.type), `op ${request.type} is no read`);
        return this.#setWatches(request);
    }
  }

  #begin(request: Request): number {
    return this.#replies.begin(
      request.connection,
      request.xid,
      this.#database.lastProcessedZxid,
      ErrorCode.OK,
    );
  }

  #end(request: Request, at: number): number {
    this.#replies.end(request, this.#database.lastProcessedZxid, at);
    return ErrorCode.OK;
  }

  #succeed(request: Request): number {
    return this.#end(request, this.#begin(request));
  }

  #isAllowed(connection: Connection, acl: readonly Acl[], perms: number): boolean {
    return this.#skipAcl || isAllowed({ acl, perms, ids: connection.ids });
  }

  #sync(request: Request): number {
    const path = request.body.readNullableString();
    const at = this.#begin(request);
    request.connection.out.writeString(path);
    return this.#end(request, at);
  }

  #exists(request: Request): number {
    const { connection, body } = request;
    const { path, watch } = decodeWatchedPath(body);
    if (path.includes('\0')) return ErrorCode.BADARGUMENTS;
    if (watch) this.#watches.data.add(path, connection, 'standard');
    const node = this.#database.tree.get(path);
    if (!node) return ErrorCode.NONODE;
    const at = this.#begin(request);
    encodeStat(connection.out, this.#database.tree.statOf(node));
    return this.#end(request, at);
  }

  /** The node, or the error that keeps `connection` from reading it. */
  #readable(connection: Connection, path: string): Znode | number {
    const node = this.#database.tree.get(path);
    if (!node) return ErrorCode.NONODE;
    return this.#isAllowed(connection, node.acl, Perms.READ) ? node : ErrorCode.NOAUTH;
  }

  #getData(request: Request): number {
    const { connection, body } = request;
    const { path, watch } = decodeWatchedPath(body);
    const node = this.#readable(connection, path);
    if (typeof node === 'number') return node;
    if (watch) this.#watches.data.add(path, connection, 'standard');
    const at = this.#begin(request);
    connection.out.writeBuffer(node.data);
    encodeStat(connection.out, this.#database.tree.statOf(node));
    return this.#end(request, at);
  }

  #getChildren(request: Request): number {
    const { connection, body } = request;
    const { path, watch } = decodeWatchedPath(body);
    const node = this.#readable(connection, path);
    if (typeof node === 'number') return node;
    if (watch) this.#watches.child.add(path, connection, 'standard');
    const at = this.#begin(request);
    connection.out.writeInt(node.children === undefined ? 0 : node.children.size);
    if (node.children) for (const name of node.children) connection.out.writeString(name);
    if (request.type === OpCode.getChildren2) {
      encodeStat(connection.out, this.#database.tree.statOf(node));
    }
    return this.#end(request, at);
  }

  #getAcl(request: Request): number {
    const { connection, body } = request;
    const node = this.#database.tree.get(body.readRequiredString());
    if (!node) return ErrorCode.NONODE;
    if (!this.#isAllowed(connection, node.acl, Perms.READ | Perms.ADMIN)) return ErrorCode.NOAUTH;
    const isAdmin = this.#isAllowed(connection, node.acl, Perms.ADMIN);
    const at = this.#begin(request);
    encodeAclList(connection.out, isAdmin ? node.acl : maskDigests(node.acl));
    encodeStat(connection.out, this.#database.tree.statOf(node));
    return this.#end(request, at);
  }

  #getAllChildrenNumber(request: Request): number {
    const { path } = getAllChildrenNumber.decodeRequest(request.body);
    const node = this.#readable(request.connection, path);
    if (typeof node === 'number') return node;
    const at = this.#begin(request);
    request.connection.out.writeInt(this.#database.tree.countDescendants(path));
    return this.#end(request, at);
  }

  #getEphemerals(request: Request): number {
    const { connection, body } = request;
    const { prefixPath } = getEphemerals.decodeRequest(body);
    const { session } = connection;
    assert(session !== undefined, 'a request without a session');
    const isAll = prefixPath.trim() === '' || prefixPath === '/';
    const ephemerals: string[] = [];
    for (const path of this.#database.tree.ephemeralsOf(session.sessionId) ?? []) {
      if (isAll || path.startsWith(prefixPath)) ephemerals.push(path);
    }
    const at = this.#begin(request);
    getEphemerals.encodeResponse(connection.out, { ephemerals });
    return this.#end(request, at);
  }

  #multiRead(request: Request): number {
    const { connection } = request;
    const results = multiRead.decodeRequest(request.body).map((op) => this.#readPart(connection, op));
    const at = this.#begin(request);
    multiRead.encodeResponse(connection.out, results);
    return this.#end(request, at);
  }

  #readPart(connection: Connection, { op, request }: MultiReadOp): MultiResult {
    const node = this.#readable(connection, request.path);
    if (typeof node === 'number') return { op: 'error', err: node };
    if (op === 'getChildren') return { op, children: [...(node.children ?? [])] };
    return { op, data: node.data, stat: this.#database.tree.statOf(node) };
  }

  #whoAmI(request: Request): number {
    const { connection } = request;
    const clientInfo = connection.ids.map((id) => ({ authScheme: id.scheme, user: displayUser(id) }));
    const at = this.#begin(request);
    whoAmI.encodeResponse(connection.out, { clientInfo });
    return this.#end(request, at);
  }

  #addWatch(request: Request): number {
    const { connection, body } = request;
    const { path, mode } = addWatch.decodeRequest(body);
    if (mode === AddWatchMode.persistent) {
      this.#watches.data.add(path, connection, 'persistent');
      this.#watches.child.add(path, connection, 'persistent');
    } else if (mode === AddWatchMode.persistentRecursive) {
      this.#addRecursive(path, connection);
    } else {
      return ErrorCode.MARSHALLINGERROR;
    }
    const at = this.#begin(request);
    addWatch.encodeResponse(connection.out, undefined);
    return this.#end(request, at);
  }

  /** Compat: 3.8 puts a recursive watch into both tables; in the child table it takes the place of a standard one. */
  #addRecursive(path: string, connection: Connection): void {
    this.#watches.data.add(path, connection, 'persistentRecursive');
    this.#watches.child.add(path, connection, 'persistentRecursive');
  }

  #checkWatches(request: Request): number {
    const { connection, body } = request;
    const { path, type } = checkWatches.decodeRequest(body);
    const tables = this.#tablesOf(type);
    if (tables.length === 0) return ErrorCode.MARSHALLINGERROR;
    // Differs: Apache 3.8.0 says yes as soon as anybody watches the path.
    if (!tables.some((table) => table.has(path, connection))) return ErrorCode.NOWATCHER;
    return this.#succeed(request);
  }

  #removeWatches(request: Request): number {
    const { connection, body } = request;
    const { path, type } = checkWatches.decodeRequest(body);
    const tables = this.#tablesOf(type);
    if (tables.length === 0) return ErrorCode.MARSHALLINGERROR;
    // Every table has its turn: `some` would stop at the first.
    const removed = tables.filter((table) => table.remove(path, connection));
    return removed.length === 0 ? ErrorCode.NOWATCHER : this.#succeed(request);
  }

  /** Empty for a type that 3.8 does not know. */
  #tablesOf(type: number): readonly Watches['data'][] {
    switch (type) {
      case WatcherType.children:
        return [this.#watches.child];
      case WatcherType.data:
        return [this.#watches.data];
      case WatcherType.any:
        return [this.#watches.child, this.#watches.data];
      default:
        return [];
    }
  }

  #setWatches(request: Request): number {
    const { connection, body } = request;
    const wanted = decodeSetWatches(request.type, body);
    const { tree } = this.#database;
    for (const path of wanted.dataWatches) {
      const node = tree.get(path);
      if (!node) this.#watches.notifyMissed(connection, EventType.NodeDeleted, path);
      else if (node.stat.mzxid > wanted.relativeZxid) {
        this.#watches.notifyMissed(connection, EventType.NodeDataChanged, path);
      } else this.#watches.data.add(path, connection, 'standard');
    }
    for (const path of wanted.existWatches) {
      if (tree.get(path)) this.#watches.notifyMissed(connection, EventType.NodeCreated, path);
      else this.#watches.data.add(path, connection, 'standard');
    }
    for (const path of wanted.childWatches) {
      const node = tree.get(path);
      if (!node) this.#watches.notifyMissed(connection, EventType.NodeDeleted, path);
      else if (node.stat.pzxid > wanted.relativeZxid) {
        this.#watches.notifyMissed(connection, EventType.NodeChildrenChanged, path);
      } else this.#watches.child.add(path, connection, 'standard');
    }
    for (const path of wanted.persistentWatches) {
      this.#watches.data.add(path, connection, 'persistent');
      this.#watches.child.add(path, connection, 'persistent');
    }
    for (const path of wanted.persistentRecursiveWatches) this.#addRecursive(path, connection);
    return this.#succeed(request);
  }
}

function decodeSetWatches(type: number, body: JuteReader): SetWatches2Request {
  if (type === OpCode.setWatches2) return setWatches2.decodeRequest(body);
  return { ...setWatches.decodeRequest(body), persistentWatches: [], persistentRecursiveWatches: [] };
}
