/**
 * Which listeners wait for which events (ZooKeeper's ZKWatchManager; PROTOCOL.md 2.9 and 2.10). Pure. Listeners know paths
 * as the caller of the client does; the chroot is added and removed here.
 *
 * A server before 3.9 keeps one mode per connection and path: a one-shot watch asked for where a persistent one stands
 * replaces it, and a persistent one replaces a recursive one. The registry therefore keeps one *server mode* per path that
 * serves every listener there: recursive over persistent over one-shot. Beneath a persistent or recursive watch one-shot
 * watches exist in the client only (`isCovered`), and where a recursive one stands, NodeChildrenChanged, which it never
 * delivers, is derived from the creation and deletion of direct children. Every change of a path's listeners answers with the
 * steps that bring the server in line.
 */
import { assertNever } from '../../shared/assert.ts';
import { ancestorsOf, parentPath, withChroot, withoutChroot } from '../../shared/path.ts';
import type { SetWatches2Request } from '../../shared/protocol/set-watches.ts';
import type { EventTypeName } from '../../shared/protocol/watcher-event.ts';
import type { WatcherType } from '../../shared/protocol/watch-ops.ts';
import type { Zxid } from '../../shared/zxid.ts';

export type PersistentKind = 'persistent' | 'persistentRecursive';
export type WatchKind = 'data' | 'exist' | 'child' | PersistentKind;

/** Every kind, in the order in which SetWatches2 lists them. */
const WATCH_KINDS: readonly WatchKind[] = ['data', 'exist', 'child', 'persistent', 'persistentRecursive'];

export interface WatchEvent {
  readonly type: EventTypeName;
  readonly path: string;
  /** Of the transaction that fired; servers before 3.9 do not say it. */
  readonly zxid?: Zxid;
}

export type WatchListener = (event: WatchEvent) => void;

/** An event and who gets it. An event from the wire without a listener is delivered to nobody. */
export interface WatchDelivery {
  readonly event: WatchEvent;
  readonly listeners: readonly WatchListener[];
}

export type RemovableWatches = keyof typeof WatcherType;

/** What to ask of the server after a change. Paths are the caller's. An `isOptional` step may fail without harm. */
export type WatchStep =
  | { readonly type: 'addWatch'; readonly path: string; readonly mode: PersistentKind }
  | {
      readonly type: 'removeWatches';
      readonly path: string;
      readonly watches: RemovableWatches;
      readonly isOptional: boolean;
    }
  /** Registers one-shot watches anew that a removal took along; changes since the last seen zxid fire at once. */
  | { readonly type: 'setWatches'; readonly path: string; readonly kinds: readonly WatchKind[] };

/** Characters of paths after which a setWatches packet is full, as in Java's client. */
const SET_WATCHES_CHARACTERS_MAX = 128 * 1024;

export class WatchRegistry {
  readonly #chroot: string;
  readonly #listeners: Readonly<Record<WatchKind, Map<string, Set<WatchListener>>>> = {
    data: new Map(),
    exist: new Map(),
    child: new Map(),
    persistent: new Map(),
    persistentRecursive: new Map(),
  };

  constructor(chroot: string) {
    this.#chroot = chroot;
  }

  /** Watches held: one for each kind and path, however many listeners it has. */
  get size(): number {
    return WATCH_KINDS.reduce((sum, kind) => sum + this.#listeners[kind].size, 0);
  }

  toServerPath(path: string): string {
    return withChroot({ chroot: this.#chroot, path });
  }

  /** Compat: what lies outside the chroot, which a server should not send, keeps its path as in Java's client. */
  toClientPath(serverPath: string): string {
    return withoutChroot({ chroot: this.#chroot, path: serverPath }) ?? serverPath;
  }

  /** Whether a persistent or recursive watch stands at `path`, so that a read must not ask the server for another one. */
  isCovered(path: string): boolean {
    return this.#serverMode(path) !== undefined;
  }

  /** Registers a one-shot watch that the server has set (or that {@link isCovered} makes needless there). */
  addOneShot(kind: 'data' | 'exist' | 'child', path: string, listener: WatchListener): void {
    this.#add(kind, path, listener);
  }

  /** Registers a persistent watch and answers with what the server must be asked. */
  addPersistent(mode: PersistentKind, path: string, listener: WatchListener): WatchStep[] {
    const before = this.#serverMode(path);
    this.#add(mode, path, listener);
    return stepsToMode(path, { mode: this.#serverMode(path) ?? mode, replaced: before });
  }

  /** Removes one listener, of one kind or of all, and answers with what the server must be asked. */
  removeListener(path: string, listener: WatchListener, kind?: WatchKind): WatchStep[] {
    return this.#change(path, () => {
      for (const each of kind === undefined ? WATCH_KINDS : [kind]) this.#remove(each, path, listener);
    });
  }

  /**
   * Removes all watches of one type at `path`. The deliveries tell the removed listeners of it; undefined when there was
   * no such watch.
   */
  removeAll(
    path: string,
    watches: RemovableWatches,
  ): { deliveries: WatchDelivery[]; steps: WatchStep[] } | undefined {
    const kinds = kindsOf(watches).filter((kind) => this.#listeners[kind].has(path));
    if (kinds.length === 0) return undefined;
    const byType = new Map<EventTypeName, Set<WatchListener>>();
    const steps = this.#change(path, () => {
      for (const kind of kinds) {
        const type = removalEvent(kind);
        byType.set(type, union(byType.get(type), this.#pop(kind, path)));
      }
    });
    const deliveries = [...byType].map(([type, listeners]) => ({
      event: { type, path },
      listeners: [...listeners],
    }));
    return { deliveries, steps };
  }

  /** Takes an event from the wire (its path is the server's): pops one-shot watches and says who hears of what. */
  onEvent(type: EventTypeName, serverPath: string, zxid?: Zxid): WatchDelivery[] {
    const path = this.toClientPath(serverPath);
    const event: WatchEvent = { type, path, ...(zxid === undefined ? {} : { zxid }) };
    const deliveries: WatchDelivery[] = [{ event, listeners: [...this.#materialize(event)] }];
    const derived = this.#deriveChildrenChanged(event);
    if (derived !== undefined) deliveries.push(derived);
    return deliveries;
  }

  /** The packets that register everything on a new connection. Empty when there is nothing to register. */
  setWatchesBatches(relativeZxid: Zxid): SetWatches2Request[] {
    const batches: SetWatches2Request[] = [];
    let batch = emptyBatch();
    let characters = 0;
    for (const kind of WATCH_KINDS) {
      for (const path of this.#listeners[kind].keys()) {
        if (kind === 'persistent' && this.#listeners.persistentRecursive.has(path)) continue;
        const serverPath = this.toServerPath(path);
        batch[kind].push(serverPath);
        characters += serverPath.length;
        if (characters < SET_WATCHES_CHARACTERS_MAX) continue;
        batches.push(toRequest(relativeZxid, batch));
        batch = emptyBatch();
        characters = 0;
      }
    }
    if (characters > 0) batches.push(toRequest(relativeZxid, batch));
    return batches;
  }

  /** The packet for one path's one-shot watches. */
  setWatchesFor(path: string, kinds: readonly WatchKind[], relativeZxid: Zxid): SetWatches2Request {
    const batch = emptyBatch();
    for (const kind of kinds) batch[kind].push(this.toServerPath(path));
    return toRequest(relativeZxid, batch);
  }

  /** Forgets everything, when the session has ended. */
  clear(): void {
    for (const kind of WATCH_KINDS) this.#listeners[kind].clear();
  }

  #add(kind: WatchKind, path: string, listener: WatchListener): void {
    const listeners = this.#listeners[kind].get(path);
    if (listeners === undefined) this.#listeners[kind].set(path, new Set([listener]));
    else listeners.add(listener);
  }

  #remove(kind: WatchKind, path: string, listener: WatchListener): void {
    const listeners = this.#listeners[kind].get(path);
    if (listeners?.delete(listener) === true && listeners.size === 0) this.#listeners[kind].delete(path);
  }

  #pop(kind: WatchKind, path: string): Set<WatchListener> | undefined {
    const listeners = this.#listeners[kind].get(path);
    this.#listeners[kind].delete(path);
    return listeners;
  }

  #serverMode(path: string): PersistentKind | undefined {
    if (this.#listeners.persistentRecursive.has(path)) return 'persistentRecursive';
    return this.#listeners.persistent.has(path) ? 'persistent' : undefined;
  }

  #oneShotsAt(path: string): WatchKind[] {
    return (['data', 'exist', 'child'] as const).filter((kind) => this.#listeners[kind].has(path));
  }

  /** Runs a removal at `path` and works out what it means for the server. */
  #change(path: string, remove: () => void): WatchStep[] {
    const modeBefore = this.#serverMode(path);
    const oneShotsBefore = this.#oneShotsAt(path);
    remove();
    const mode = this.#serverMode(path);
    const oneShots = this.#oneShotsAt(path);
    if (mode !== undefined) {
      return mode === modeBefore ? [] : stepsToMode(path, { mode, replaced: modeBefore });
    }
    if (modeBefore !== undefined) return stepsToOneShots(path, oneShots);
    return lostOneShotSteps(path, { before: oneShotsBefore, after: oneShots });
  }

  /** Who hears of `event`; one-shot watches are gone after it. */
  #materialize(event: WatchEvent): Set<WatchListener> {
    const { path } = event;
    const listeners = new Set<WatchListener>();
    const pop = (kind: WatchKind): void => {
      for (const listener of this.#pop(kind, path) ?? []) listeners.add(listener);
    };
    switch (event.type) {
      case 'NodeCreated':
      case 'NodeDataChanged':
        pop('data');
        pop('exist');
        this.#collectPersistent(path, listeners);
        break;
      case 'NodeDeleted':
        pop('data');
        pop('exist');
        pop('child');
        this.#collectPersistent(path, listeners);
        break;
      case 'NodeChildrenChanged':
        pop('child');
        // Where a recursive watch stands these listeners hear the derived event, so not this one as well.
        if (this.#serverMode(path) === 'persistent') this.#collect('persistent', path, listeners);
        break;
      case 'None':
      case 'DataWatchRemoved':
      case 'ChildWatchRemoved':
      case 'PersistentWatchRemoved':
        // Never on the wire for a path; nobody waits for them here.
        break;
      default:
        assertNever(event.type, 'event type');
    }
    return listeners;
  }

  #collectPersistent(path: string, into: Set<WatchListener>): void {
    this.#collect('persistent', path, into);
    if (this.#listeners.persistentRecursive.size === 0) return;
    for (const ancestor of [...ancestorsOf(path), path]) this.#collect('persistentRecursive', ancestor, into);
  }

  #collect(kind: PersistentKind, path: string, into: Set<WatchListener>): void {
    for (const listener of this.#listeners[kind].get(path) ?? []) into.add(listener);
  }

  #deriveChildrenChanged(event: WatchEvent): WatchDelivery | undefined {
    if ((event.type !== 'NodeCreated' && event.type !== 'NodeDeleted') || event.path === '/')
      return undefined;
    const path = parentPath(event.path);
    if (this.#serverMode(path) !== 'persistentRecursive') return undefined;
    const listeners = union(this.#pop('child', path), this.#listeners.persistent.get(path));
    if (listeners.size === 0) return undefined;
    return { event: { ...event, type: 'NodeChildrenChanged', path }, listeners: [...listeners] };
  }
}

function stepsToMode(
  path: string,
  { mode, replaced }: { mode: PersistentKind; replaced: PersistentKind | undefined },
): WatchStep[] {
  const steps: WatchStep[] = [{ type: 'addWatch', path, mode }];
  // Compat: from 3.9 on the old mode stays beside the new one; before, it is replaced and this step refused.
  if (replaced !== undefined && replaced !== mode) {
    steps.push({ type: 'removeWatches', path, watches: replaced, isOptional: true });
  }
  return steps;
}

/** Compat: a server before 3.9 can remove a persistent watch only together with every other one at its path. */
function stepsToOneShots(path: string, oneShots: readonly WatchKind[]): WatchStep[] {
  const steps: WatchStep[] = [{ type: 'removeWatches', path, watches: 'any', isOptional: false }];
  if (oneShots.length > 0) steps.push({ type: 'setWatches', path, kinds: oneShots });
  return steps;
}

function lostOneShotSteps(
  path: string,
  { before, after }: { before: readonly WatchKind[]; after: readonly WatchKind[] },
): WatchStep[] {
  const isDataLost = before.some((kind) => kind !== 'child') && !after.some((kind) => kind !== 'child');
  const isChildLost = before.includes('child') && !after.includes('child');
  if (isDataLost && isChildLost) return [{ type: 'removeWatches', path, watches: 'any', isOptional: false }];
  if (isDataLost) return [{ type: 'removeWatches', path, watches: 'data', isOptional: false }];
  if (isChildLost) return [{ type: 'removeWatches', path, watches: 'children', isOptional: false }];
  return [];
}

function kindsOf(watches: RemovableWatches): readonly WatchKind[] {
  switch (watches) {
    case 'children':
      return ['child'];
    case 'data':
      return ['data', 'exist'];
    case 'any':
      return WATCH_KINDS;
    case 'persistent':
    case 'persistentRecursive':
      return [watches];
    default:
      return assertNever(watches, 'watcher type');
  }
}

function removalEvent(kind: WatchKind): EventTypeName {
  switch (kind) {
    case 'data':
    case 'exist':
      return 'DataWatchRemoved';
    case 'child':
      return 'ChildWatchRemoved';
    case 'persistent':
    case 'persistentRecursive':
      return 'PersistentWatchRemoved';
    default:
      return assertNever(kind, 'watch kind');
  }
}

function union<T>(a: Iterable<T> | undefined, b: Iterable<T> | undefined): Set<T> {
  return new Set([...(a ?? []), ...(b ?? [])]);
}

function emptyBatch(): Record<WatchKind, string[]> {
  return { data: [], exist: [], child: [], persistent: [], persistentRecursive: [] };
}

function toRequest(relativeZxid: Zxid, batch: Readonly<Record<WatchKind, string[]>>): SetWatches2Request {
  return {
    relativeZxid,
    dataWatches: batch.data,
    existWatches: batch.exist,
    childWatches: batch.child,
    persistentWatches: batch.persistent,
    persistentRecursiveWatches: batch.persistentRecursive,
  };
}
