/** Watch notifications (zookeeper.jute `WatcherEvent`, PROTOCOL.md 2.8). */
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';

export const EventType = {
  None: -1,
  NodeCreated: 1,
  NodeDeleted: 2,
  NodeDataChanged: 3,
  NodeChildrenChanged: 4,
  /** The following three are made by a client for itself after removeWatches; they are never on the wire. */
  DataWatchRemoved: 5,
  ChildWatchRemoved: 6,
  PersistentWatchRemoved: 7,
} as const;

export type EventTypeName = keyof typeof EventType;

const NAME_BY_TYPE: ReadonlyMap<number, EventTypeName> = new Map(
  Object.entries(EventType).map(([name, type]) => [type, name as EventTypeName]),
);

/** Undefined for a number that no event has. */
export function eventTypeName(type: number): EventTypeName | undefined {
  return NAME_BY_TYPE.get(type);
}

/** Watcher.Event.KeeperState. Notifications on the wire always carry SyncConnected. */
export const KeeperState = {
  Disconnected: 0,
  SyncConnected: 3,
  AuthFailed: 4,
  ConnectedReadOnly: 5,
  SaslAuthenticated: 6,
  Closed: 7,
  Expired: -112,
} as const;

export interface WatcherEvent {
  readonly type: number;
  readonly state: number;
  readonly path: string;
}

/** `WatcherEvent => type(int) state(int) path(ustring)` */
export function encodeWatcherEvent(writer: JuteWriter, event: WatcherEvent): void {
  writer.writeInt(event.type);
  writer.writeInt(event.state);
  writer.writeString(event.path);
}

export function decodeWatcherEvent(reader: JuteReader): WatcherEvent {
  return { type: reader.readInt(), state: reader.readInt(), path: reader.readString() };
}
