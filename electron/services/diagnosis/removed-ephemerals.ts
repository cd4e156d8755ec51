/**
 * What became of the ephemeral nodes that went with a session: looks for each a few times, through the session of the open
 * connection, and remembers who made it again and when, as its Stat tells. Also remembers which of them Zabra's own watches
 * were told of. Bounded, and slow on purpose: this is curiosity, not need.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { HiddenPart, Notified, RemovedEphemeral } from '../../../shared/api/diagnosis.ts';
import { AppError } from '../../../shared/errors.ts';
import { sessionIdToHex } from '../../../shared/ids.ts';
import type { ReadingClient } from '../connections/open-connection.ts';

export interface Looking {
  readonly client: Pick<ReadingClient, 'exists'>;
  /** '' for none. */
  readonly chroot: string;
}

export interface RemovedEphemeralsOptions {
  /** What to look with; undefined while there is no session. */
  readonly through: () => Looking | undefined;
  readonly onNews: (sessionId: string) => void;
  readonly signal: AbortSignal;
  /** Real time, unless a test has another. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Times after a session's end. */
const LOOKS_MS = [1_000, 4_000, 15_000, 50_000];
/** Between two looks at anything. */
const PACE_MS = 500;
const WAIT_MS_MAX = 1_000;
const PATHS_MAX = 10;
const SESSIONS_MAX = 50;
/** What ended earlier is history: looking now would tell nothing of then. */
const NEWS_MS_MAX = 120_000;
const SEEN_MAX = 500;
/** A watch event of a session's end comes about then. */
const TOGETHER_MS = 3_000;

interface Removal {
  readonly endMs: number;
  readonly paths: Map<string, RemovedEphemeral>;
  /** More than are looked for. */
  readonly isCut: boolean;
  isOutside: boolean;
  looks: number;
}

export class RemovedEphemerals {
  readonly #options: RemovedEphemeralsOptions;
  readonly #removals = new Map<string, Removal>();
  #deletions: { readonly path: string; readonly atMs: number; readonly sessionId: string }[] = [];
  readonly #wait: (ms: number) => Promise<void>;
  #isLooking = false;

  constructor(options: RemovedEphemeralsOptions) {
    this.#options = options;
    const { signal } = options;
    this.#wait = options.wait ?? ((ms) => delay(ms, undefined, { signal }).catch(() => undefined));
  }

  /** Looks for what ended with this session from now on; nothing happens when that is known already. */
  add(sessionId: string, { endMs, paths }: { endMs: number; paths: readonly string[] }): void {
    if (this.#removals.has(sessionId) || paths.length === 0 || Date.now() - endMs > NEWS_MS_MAX) return;
    this.#removals.set(sessionId, {
      endMs,
      paths: new Map(
        paths.slice(0, PATHS_MAX).map((path) => [path, { path, restored: null, lookedMs: null }]),
      ),
      isCut: paths.length > PATHS_MAX,
      isOutside: false,
      looks: 0,
    });
    const [oldest] = this.#removals.keys();
    if (this.#removals.size > SESSIONS_MAX && oldest !== undefined) this.#removals.delete(oldest);
    void this.#look();
  }

  /** Zabra's own watch was told that `path` is gone; `sessionId` is Zabra's. */
  onDeletion(deletion: { readonly path: string; readonly atMs: number; readonly sessionId: string }): void {
    this.#deletions.push(deletion);
    if (this.#deletions.length > SEEN_MAX) this.#deletions.shift();
  }

  of(sessionId: string): readonly RemovedEphemeral[] {
    return [...(this.#removals.get(sessionId)?.paths.values() ?? [])];
  }

  notified(paths: readonly string[], endMs: number): Notified[] {
    return this.#deletions.filter(
      ({ path, atMs }) => paths.includes(path) && Math.abs(atMs - endMs) <= TOGETHER_MS,
    );
  }

  hidden(sessionId: string): HiddenPart[] {
    const removal = this.#removals.get(sessionId);
    if (removal === undefined) return [];
    if (removal.isOutside) return [{ part: 'restored', why: 'outside-chroot' }];
    if (removal.isCut) return [{ part: 'restored', why: 'too-many' }];
    const wasLooked = [...removal.paths.values()].some(({ lookedMs }) => lookedMs !== null);
    return wasLooked ? [] : [{ part: 'restored', why: 'not-connected' }];
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { signal } = this.#options;
    try {
      for (let due = this.#next(); due !== undefined && !signal.aborted; due = this.#next()) {
        // No longer than that, since another session may end meanwhile.
        const waitMs = Math.min(WAIT_MS_MAX, Math.max(PACE_MS, due.atMs - Date.now()));
        await this.#wait(waitMs);
        if (Date.now() >= due.atMs) await this.#lookFor(due.sessionId, due.removal);
      }
    } finally {
      this.#isLooking = false;
    }
  }

  /** The removal to look at next, and when. */
  #next(): { sessionId: string; removal: Removal; atMs: number } | undefined {
    let next: { sessionId: string; removal: Removal; atMs: number } | undefined;
    for (const [sessionId, removal] of this.#removals) {
      const afterMs = LOOKS_MS[removal.looks];
      const isOpen = [...removal.paths.values()].some(({ restored }) => restored === null);
      if (afterMs === undefined || !isOpen || removal.isOutside) continue;
      const atMs = removal.endMs + afterMs;
      if (next === undefined || atMs < next.atMs) next = { sessionId, removal, atMs };
    }
    return next;
  }

  async #lookFor(sessionId: string, removal: Removal): Promise<void> {
    removal.looks += 1;
    for (const { path, restored } of removal.paths.values()) {
      if (this.#options.signal.aborted) return;
      if (restored !== null) continue;
      const looking = this.#options.through();
      if (looking === undefined) return;
      const { client, chroot } = looking;
      if (!path.startsWith(`${chroot}/`)) {
        removal.isOutside = true;
        continue;
      }
      removal.paths.set(path, await lookAt(client, { path, shown: path.slice(chroot.length) }));
      await this.#wait(PACE_MS);
    }
    this.#options.onNews(sessionId);
  }
}

async function lookAt(
  client: Looking['client'],
  { path, shown }: { path: string; shown: string },
): Promise<RemovedEphemeral> {
  try {
    const stat = await client.exists(shown);
    const lookedMs = Date.now();
    if (stat === null) return { path, restored: null, lookedMs };
    return {
      path,
      restored: {
        atMs: Number(stat.ctime),
        sessionId: sessionIdToHex(stat.ephemeralOwner),
        address: null,
      },
      lookedMs,
    };
  } catch (error) {
    if (error instanceof AppError) return { path, restored: null, lookedMs: null };
    throw error;
  }
}
