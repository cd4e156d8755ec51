/** Live changes of every open connection; connection-watches.ts has one connection's. */
import type { ChangeBatch, EventBatch, WatchedSubtree } from '../../../shared/api/watches.ts';
import type { Log } from '../../log.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import type { PacedStream } from '../paced-stream.ts';
import type { SeenStats } from '../znodes/seen-stats.ts';
import { ConnectionWatches } from './connection-watches.ts';

const SUBTREES_INTERVAL_MS = 200;

export interface ObserveRequest {
  readonly page: AbortSignal;
  readonly connectionId: string;
  readonly paths: readonly string[];
}

export class WatchesService {
  readonly #connections: ConnectionsService;
  readonly #seen: SeenStats;
  readonly #log: Log;
  readonly #byConnection = new Map<string, ConnectionWatches>();

  constructor({ connections, seen, log }: { connections: ConnectionsService; seen: SeenStats; log: Log }) {
    this.#connections = connections;
    this.#seen = seen;
    this.#log = log;
    connections.onSession(({ connection, transition, sessionId }) => {
      const { connectionId } = connection;
      const watches = this.#watchesOf(connectionId);
      watches.onSession(transition, { sessionId, client: connection.reader });
      if (transition !== 'closed') return;
      watches.finish();
      this.#byConnection.delete(connectionId);
    });
  }

  /** Each throws ShellError CONNECTION_NOT_OPEN, and ProtocolError BAD_PATH where it takes a path. */
  async observe({ connectionId, ...wish }: ObserveRequest): Promise<void> {
    await this.#of(connectionId).observe(wish);
  }

  changes(connectionId: string): PacedStream<ChangeBatch> {
    return this.#of(connectionId).changes.follow();
  }

  async watchSubtree({ connectionId, path }: { connectionId: string; path: string }): Promise<void> {
    await this.#of(connectionId).watchSubtree(path);
  }

  async unwatchSubtree({ connectionId, path }: { connectionId: string; path: string }): Promise<void> {
    await this.#of(connectionId).unwatchSubtree(path);
  }

  subtrees(connectionId: string): PacedStream<WatchedSubtree[]> {
    return this.#of(connectionId).subtrees.stream({ intervalMs: SUBTREES_INTERVAL_MS });
  }

  events(connectionId: string): PacedStream<EventBatch> {
    return this.#of(connectionId).events.follow();
  }

  #of(connectionId: string): ConnectionWatches {
    this.#connections.get(connectionId);
    return this.#watchesOf(connectionId);
  }

  #watchesOf(connectionId: string): ConnectionWatches {
    let watches = this.#byConnection.get(connectionId);
    if (watches === undefined)
      this.#byConnection.set(connectionId, (watches = this.#newWatches(connectionId)));
    return watches;
  }

  #newWatches(connectionId: string): ConnectionWatches {
    return new ConnectionWatches({
      seenStat: (path) => this.#seen.get({ connectionId, path }),
      log: this.#log,
    });
  }
}
