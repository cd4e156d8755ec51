/**
 * Turns changes of the tree into notifications (ZooKeeper's DataTree triggers; PROTOCOL.md 2.9): two tables, for data and
 * for children. A notification is written while its transaction is applied, hence before any reply that shows it. Only
 * connections that may read the node hear of it; a standard watch is used up either way.
 */
import { type Acl, Perms } from '../../shared/acl.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { parentPath } from '../../shared/path.ts';
import { encodeReplyHeader } from '../../shared/protocol/header.ts';
import { SpecialXid } from '../../shared/protocol/op-code.ts';
import { EventType, KeeperState, encodeWatcherEvent } from '../../shared/protocol/watcher-event.ts';
import { toZxid } from '../../shared/zxid.ts';
import { isAllowed } from './acl-check.ts';
import type { Connection } from './connection.ts';
import type { TreeObserver } from './database.ts';
import { Summary } from './summary.ts';
import { WatchTable } from './watch-table.ts';

/** Compat: 3.8 gives no zxid with a notification. */
const NOTIFICATION_ZXID = toZxid(-1n);

export class Watches implements TreeObserver {
  readonly data = new WatchTable<Connection>();
  readonly child = new WatchTable<Connection>();
  /** How many watches each event of a kind fired at, where there were any. */
  readonly fired = {
    created: new Summary(),
    deleted: new Summary(),
    changed: new Summary(),
    children: new Summary(),
  };
  readonly #skipAcl: boolean;
  readonly #deliver: (connection: Connection, frame: Uint8Array) => void;
  readonly #writer = new JuteWriter();

  /** `deliver` gets a whole frame, which it may share between connections. */
  constructor(skipAcl: boolean, deliver: (connection: Connection, frame: Uint8Array) => void) {
    this.#skipAcl = skipAcl;
    this.#deliver = deliver;
  }

  get size(): number {
    return this.data.size + this.child.size;
  }

  removeConnection(connection: Connection): void {
    this.data.removeWatcher(connection);
    this.child.removeWatcher(connection);
  }

  onCreated(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void {
    this.#notify(this.data.trigger(path, false), EventType.NodeCreated, path, acl);
    this.#notifyParent(path, parentAcl);
  }

  onDeleted(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void {
    const told = this.data.trigger(path, false);
    this.#notify(told, EventType.NodeDeleted, path, acl);
    const listers = this.child.trigger(path, false);
    if (told && listers) for (const connection of told) listers.delete(connection);
    this.#notify(listers, EventType.NodeDeleted, path, acl);
    this.#notifyParent(path, parentAcl);
  }

  onDataChanged(path: string, acl: readonly Acl[]): void {
    this.#notify(this.data.trigger(path, false), EventType.NodeDataChanged, path, acl);
  }

  #notifyParent(path: string, parentAcl: readonly Acl[]): void {
    const parent = parentPath(path);
    this.#notify(this.child.trigger(parent, true), EventType.NodeChildrenChanged, parent, parentAcl);
  }

  #notify(connections: Set<Connection> | undefined, type: number, path: string, acl: readonly Acl[]): void {
    if (!connections || connections.size === 0) return;
    this.#firedAs(type).add(connections.size);
    const frame = this.#encode(type, path);
    for (const connection of connections) {
      if (this.#skipAcl || isAllowed({ acl, perms: Perms.READ, ids: connection.ids })) {
        this.#deliver(connection, frame);
      }
    }
  }

  #firedAs(type: number): Summary {
    switch (type) {
      case EventType.NodeCreated:
        return this.fired.created;
      case EventType.NodeDeleted:
        return this.fired.deleted;
      case EventType.NodeDataChanged:
        return this.fired.changed;
      default:
        return this.fired.children;
    }
  }

  /** An event that somebody missed while away, found by setWatches; whoever knew the path may know this. */
  notifyMissed(connection: Connection, type: number, path: string): void {
    this.#deliver(connection, this.#encode(type, path));
  }

  #encode(type: number, path: string): Uint8Array {
    const writer = this.#writer;
    writer.reset();
    const at = writer.beginFrame();
    encodeReplyHeader(writer, { xid: SpecialXid.notification, zxid: NOTIFICATION_ZXID, err: 0 });
    encodeWatcherEvent(writer, { type, state: KeeperState.SyncConnected, path });
    writer.endFrame(at);
    return writer.finish();
  }
}
