/**
 * Keeps the watches that a connection holds in line with the plan: one pass at a time, additions before removals, and again
 * when the wishes changed meanwhile. Watches survive a reconnect (the client sets them again) and end with the session.
 */
import { AppError, KeeperError } from '../../../shared/errors.ts';
import type { WatchEvent, WatchListener } from '../../client/watch-registry.ts';
import type { Log } from '../../log.ts';
import type { ReadingClient } from '../connections/open-connection.ts';
import { type PlanStep, type PlannedMode, type WatchPlan, comparePlans } from './watch-plan.ts';

export type WatchingClient = Pick<ReadingClient, 'addWatch' | 'exists' | 'getChildren'>;

export interface WatchExecutorOptions {
  readonly client: WatchingClient;
  /** The plan as it should be now. */
  readonly plan: () => WatchPlan;
  /** `subtree` is the path of the recursive watch that brought the event; undefined for a single node's. */
  readonly onEvent: (event: WatchEvent, subtree: string | undefined) => void;
  /** The set of watches that stand has changed. */
  readonly onApplied: () => void;
  /** The server does not know persistent watches; the plan must do without them. */
  readonly onNoPersistentWatches: () => void;
  readonly log: Log;
}

interface Held {
  readonly mode: PlannedMode;
  readonly dispose: () => void;
}

export class WatchExecutor {
  readonly #options: WatchExecutorOptions;
  readonly #held = new Map<string, Held>();
  /** The pass under way, and whether the wishes changed since it began. */
  #pass: Promise<void> | undefined;
  #isStale = false;
  #isEnded = false;

  constructor(options: WatchExecutorOptions) {
    this.#options = options;
  }

  isLive(path: string, mode: PlannedMode): boolean {
    return this.#held.get(path)?.mode === mode;
  }

  /** Resolves when the watches stand as planned, or when the connection is lost and `apply` must come again. */
  apply(): Promise<void> {
    this.#isStale = true;
    this.#pass ??= this.#run().finally(() => {
      this.#pass = undefined;
    });
    return this.#pass;
  }

  /** The session is over, and its watches with it. */
  end(): void {
    this.#isEnded = true;
    this.#held.clear();
  }

  async #run(): Promise<void> {
    while (this.#isStale && !this.#isEnded) {
      this.#isStale = false;
      const { add, remove } = comparePlans({ held: this.#heldPlan(), wanted: this.#options.plan() });
      // New before old, also at one path: the client merges what stands there for one moment.
      const added = await Promise.all(add.map((step) => this.#add(step)));
      const refused = new Set(add.filter((_, at) => added[at] === undefined).map(({ path }) => path));
      for (const { path } of remove) {
        if (!refused.has(path)) this.#release(path);
      }
      for (const [at, { path }] of add.entries()) {
        const held = added[at];
        if (held !== undefined) this.#held.set(path, held);
      }
      if (add.length + remove.length > 0) this.#options.onApplied();
    }
  }

  #heldPlan(): WatchPlan {
    return new Map([...this.#held].map(([path, { mode }]) => [path, mode]));
  }

  #release(path: string): void {
    this.#held.get(path)?.dispose();
    this.#held.delete(path);
  }

  /** Undefined when it could not be set. */
  async #add({ path, mode }: PlanStep): Promise<Held | undefined> {
    try {
      if (mode === 'oneShot') return await this.#addOneShot(path);
      const subtree = mode === 'persistentRecursive' ? path : undefined;
      const subscription = await this.#options.client.addWatch(path, mode, (event) => {
        if (!this.#isEnded) this.#options.onEvent(event, subtree);
      });
      return { mode, dispose: () => subscription.dispose() };
    } catch (error) {
      if (error instanceof KeeperError && error.code === 'UNIMPLEMENTED')
        this.#options.onNoPersistentWatches();
      else if (!(error instanceof AppError)) throw error;
      else this.#options.log.debug({ code: error.code, path, mode }, 'a watch could not be set');
      return undefined;
    }
  }

  /** Sets the watches again before it tells of an event, so that whoever reads because of it misses nothing after. */
  async #addOneShot(path: string): Promise<Held> {
    let isHeld = true;
    const arm = async (): Promise<void> => {
      const stat = await this.#options.client.exists(path, { watch: onEvent });
      if (stat === null) return;
      try {
        await this.#options.client.getChildren(path, { watch: onEvent });
      } catch (error) {
        if (!(error instanceof KeeperError)) throw error;
      }
    };
    const onEvent: WatchListener = (event) => {
      if (!isHeld || this.#isEnded) return;
      arm()
        .catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          this.#release(path);
        })
        .finally(() => this.#options.onEvent(event, undefined));
    };
    await arm();
    return {
      mode: 'oneShot',
      // What the server still has fires once more into nothing; taking it back would cost others theirs.
      dispose: () => {
        isHeld = false;
      },
    };
  }
}
