/**
 * Tells the shell which nodes' changes the tree wants: the cursor's, those that are expanded, and those on screen, so that
 * a count that one sees is right. It waits until keys and wheel have come to rest, but not for ever: a tree in which
 * something changes all the time must be watched as well.
 */
import type { Timers } from './listings.ts';

/** The contract's limit. What matters most is taken first. */
const OBSERVED_MAX = 5_000;
/** After the cursor moved, or something was opened or closed. */
const QUIET_MS = 120;
/** After other rows came into sight. */
const SCROLLED_MS = 300;
const WAIT_MS_MAX = 2_000;

export interface ObservingOptions {
  /** Replaces the set of nodes whose changes are wanted. */
  readonly observe: (paths: string[]) => Promise<void>;
  readonly cursor: () => string;
  readonly expanded: () => Iterable<string>;
  readonly timers: Timers;
}

export class Observing {
  readonly #options: ObservingOptions;
  /** What the shell was told last; empty when it must be told in any case. */
  #told: ReadonlySet<string> = new Set();
  #rows: readonly string[] = [];
  #isRunning = false;
  #cancelQuiet: (() => void) | undefined;
  #cancelWait: (() => void) | undefined;

  constructor(options: ObservingOptions) {
    this.#options = options;
  }

  /** The shell knows nothing yet, or has forgotten what it was told. */
  start(): void {
    this.#isRunning = true;
    this.#told = new Set();
    this.soon();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimers();
  }

  /** Something else may be wanted now. */
  soon(quietMs = QUIET_MS): void {
    if (!this.#isRunning) return;
    const tell = (): void => {
      this.#tell();
    };
    this.#cancelQuiet?.();
    this.#cancelQuiet = this.#options.timers.after(quietMs, tell);
    this.#cancelWait ??= this.#options.timers.after(WAIT_MS_MAX, tell);
  }

  /** These rows are on screen. Called for every frame, so it does nothing while they are the same. */
  showRows(paths: readonly string[]): void {
    const isSame = paths.length === this.#rows.length && paths.every((path, at) => path === this.#rows[at]);
    if (isSame) return;
    this.#rows = paths;
    this.soon(SCROLLED_MS);
  }

  #cancelTimers(): void {
    this.#cancelQuiet?.();
    this.#cancelWait?.();
    this.#cancelQuiet = undefined;
    this.#cancelWait = undefined;
  }

  #tell(): void {
    this.#cancelTimers();
    const wanted = this.#wanted();
    if (wanted.size === this.#told.size && [...wanted].every((path) => this.#told.has(path))) return;
    this.#told = wanted;
    // Without a session there is nothing to watch; `start` runs again with the next one.
    this.#options.observe([...wanted]).catch(() => (this.#told = new Set()));
  }

  #wanted(): Set<string> {
    const wanted = new Set([this.#options.cursor(), ...this.#rows]);
    for (const path of this.#options.expanded()) {
      if (wanted.size >= OBSERVED_MAX) break;
      wanted.add(path);
    }
    return wanted;
  }
}
