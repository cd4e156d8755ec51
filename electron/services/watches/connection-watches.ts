/**
 * Live changes of one connection: the wishes of tree and Events view, the watches that serve them, and what both get to see.
 * Outlives sessions: a new one gets the same watches, and whoever shows something reads it again.
 */
import type { EventDto, WatchedSubtree } from '../../../shared/api/watches.ts';
import { AppError } from '../../../shared/errors.ts';
import { requireValidPath } from '../../../shared/path.ts';
import type { Stat } from '../../../shared/protocol/stat.ts';
import type { WatchEvent } from '../../client/watch-registry.ts';
import type { Log } from '../../log.ts';
import type { SessionTransition } from '../connections/open-connection.ts';
import { Observable } from '../observable.ts';
import { changesSince } from '../znodes/seen-stats.ts';
import { ChangeFeed } from './change-feed.ts';
import { DatedEvents } from './dated-events.ts';
import { EventLog } from './event-log.ts';
import { ObservedNodes } from './observed-nodes.ts';
import { WatchExecutor, type WatchingClient } from './watch-executor.ts';
import { planWatches, treeChanges } from './watch-plan.ts';

interface Subtree {
  readonly path: string;
  readonly sinceMs: number;
  eventCount: number;
}

const SESSION_EVENT: Readonly<Record<SessionTransition, EventDto['type']>> = {
  connected: 'SessionConnected',
  suspended: 'SessionSuspended',
  reconnected: 'SessionReconnected',
  expired: 'SessionExpired',
  closed: 'SessionClosed',
};

export interface ConnectionWatchesOptions {
  /** What the renderer was last told of a node; undefined when it does not show it. */
  readonly seenStat: (path: string) => Pick<Stat, 'czxid' | 'mzxid' | 'pzxid'> | undefined;
  readonly log: Log;
}

export class ConnectionWatches {
  readonly changes = new ChangeFeed();
  readonly events = new EventLog();
  readonly subtrees = new Observable(() => this.#subtreeDtos());
  readonly #dated = new DatedEvents({
    append: (event) => this.events.append(event),
    nowMs: () => performance.now(),
  });
  readonly #seenStat: ConnectionWatchesOptions['seenStat'];
  readonly #log: Log;
  readonly #watched = new Map<string, Subtree>();
  readonly #observed = new ObservedNodes<AbortSignal>();
  #hasPersistentWatches = true;
  #executor: WatchExecutor | undefined;
  #client: WatchingClient | undefined;
  #isConnected = false;
  /** Two watches that cover one path bring the same event; it is one change, and one line of the list. */
  #lastChange: WatchEvent | undefined;
  #lastListed: WatchEvent | undefined;

  constructor({ seenStat, log }: ConnectionWatchesOptions) {
    this.#seenStat = seenStat;
    this.#log = log;
  }

  /**
   * Replaces what the tree of one page shows. A change between the moment when a node was read and this call counts as a change now, so
   * that it does not matter which came first. Holds until `page` is aborted. Throws ProtocolError BAD_PATH.
   */
  async observe({ page, paths }: { page: AbortSignal; paths: readonly string[] }): Promise<void> {
    for (const path of paths) requireValidPath(path);
    if (page.aborted) return;
    if (!this.#observed.has(page)) page.addEventListener('abort', () => this.#forget(page), { once: true });
    const added = this.#observed.replace(page, paths);
    if (this.#executor === undefined) return;
    await this.#executor.apply();
    await this.#catchUp(added);
  }

  async watchSubtree(path: string): Promise<void> {
    requireValidPath(path);
    if (!this.#watched.has(path)) {
      this.#watched.set(path, { path, sinceMs: Date.now(), eventCount: 0 });
      this.subtrees.changed();
    }
    await this.#executor?.apply();
  }

  async unwatchSubtree(path: string): Promise<void> {
    if (!this.#watched.delete(path)) return;
    this.subtrees.changed();
    await this.#executor?.apply();
  }

  /** `client` is the one that the session belongs to. */
  onSession(
    transition: SessionTransition,
    { sessionId, client }: { sessionId: string; client: WatchingClient },
  ): void {
    this.#isConnected = transition === 'connected' || transition === 'reconnected';
    this.#dated.flush();
    this.events.append({
      atMs: Date.now(),
      type: SESSION_EVENT[transition],
      path: null,
      zxid: null,
      detail: sessionId,
    });
    if (transition === 'connected') this.#startOver(client);
    if (transition === 'reconnected') this.#applyThenReadAgain();
    if (transition === 'expired' || transition === 'closed') this.#endSession();
    this.subtrees.changed();
  }

  /** The connection is closed: streams end, and nothing is watched any more. */
  finish(): void {
    this.#endSession();
    this.changes.finish();
    this.events.finish();
  }

  /** The page is gone, and nothing is watched for it any more. */
  #forget(page: AbortSignal): void {
    this.#observed.forget(page);
    this.#inBackground(this.#executor?.apply());
  }

  #startOver(client: WatchingClient): void {
    this.#endSession();
    this.#hasPersistentWatches = true;
    this.#client = client;
    this.#executor = new WatchExecutor({
      client,
      plan: () =>
        planWatches({
          subtrees: new Set(this.#watched.keys()),
          observed: this.#observed.all,
          hasPersistentWatches: this.#hasPersistentWatches,
        }),
      onEvent: (event, subtree) => this.#onEvent(event, subtree),
      onApplied: () => this.subtrees.changed(),
      onNoPersistentWatches: () => {
        this.#hasPersistentWatches = false;
        this.#inBackground(this.#executor?.apply());
      },
      log: this.#log,
    });
    this.#applyThenReadAgain();
  }

  #endSession(): void {
    this.#executor?.end();
    this.#executor = undefined;
    this.#client = undefined;
  }

  async #catchUp(paths: readonly string[]): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    try {
      await Promise.all(paths.map((path) => this.#catchUpOne(client, path)));
    } catch (error) {
      // The connection is lost; everything is read again when it is back.
      if (!(error instanceof AppError)) throw error;
    }
  }

  async #catchUpOne(client: WatchingClient, path: string): Promise<void> {
    if (this.#seenStat(path) === undefined) return;
    const now = await client.exists(path);
    // What was told meanwhile counts.
    const seen = this.#seenStat(path);
    if (seen !== undefined) this.changes.add(changesSince(path, { seen, now }));
  }

  /** Persistent watches come back without the events that were missed, so the screen must be read again. */
  #applyThenReadAgain(): void {
    this.#inBackground(this.#executor?.apply().then(() => this.changes.addIncomplete()));
  }

  #inBackground(work: Promise<void> | undefined): void {
    work?.catch((error: unknown) => this.#log.error({ err: error }, 'setting watches failed by a bug'));
  }

  #onEvent(event: WatchEvent, subtree: string | undefined): void {
    const type = nodeEventType(event);
    if (type === undefined) return;
    if (event !== this.#lastChange) this.changes.add(treeChanges(event, this.#observed.all));
    this.#lastChange = event;
    // The tree's own watches are not what the Events view was asked to show.
    const watched = subtree === undefined ? undefined : this.#watched.get(subtree);
    if (watched === undefined) return;
    watched.eventCount++;
    this.subtrees.changed();
    if (event !== this.#lastListed) this.#list(event, type);
    this.#lastListed = event;
  }

  #list({ path, zxid }: WatchEvent, type: EventDto['type']): void {
    const client = this.#client;
    if (client === undefined) return;
    this.#dated.add(
      { atMs: Date.now(), type, path, detail: '' },
      { zxid, watched: this.#liveSubtrees(), readStat: (asked) => client.exists(asked) },
    );
  }

  #subtreeDtos(): WatchedSubtree[] {
    return [...this.#watched.values()].map((subtree) => ({
      ...subtree,
      isLive: this.#isConnected && this.#isLive(subtree),
    }));
  }

  #liveSubtrees(): Set<string> {
    const live = [...this.#watched.values()].filter((subtree) => this.#isLive(subtree));
    return new Set(live.map(({ path }) => path));
  }

  #isLive({ path }: Subtree): boolean {
    return this.#executor?.isLive(path, 'persistentRecursive') === true;
  }
}

function nodeEventType({ type }: WatchEvent): EventDto['type'] | undefined {
  switch (type) {
    case 'NodeCreated':
    case 'NodeDeleted':
    case 'NodeDataChanged':
    case 'NodeChildrenChanged':
      return type;
    default:
      return undefined;
  }
}
