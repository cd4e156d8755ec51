/**
 * Who watches which path (ZooKeeper 3.8's WatchManager and WatcherModeManager; PROTOCOL.md 2.9). One table holds at
 * most one mode per watcher and path, so a standard watch takes the place of a persistent one and the other way round.
 * A server has two such tables, for data and for children (watches.ts); sending the events is not done here.
 */

export type WatchMode = 'standard' | 'persistent' | 'persistentRecursive';

export class WatchTable<W extends object> {
  readonly #byPath = new Map<string, Map<W, WatchMode>>();
  readonly #byWatcher = new Map<W, Set<string>>();
  #recursiveCount = 0;
  #size = 0;

  /** Watches altogether: pairs of watcher and path. */
  get size(): number {
    return this.#size;
  }

  get pathCount(): number {
    return this.#byPath.size;
  }

  get watcherCount(): number {
    return this.#byWatcher.size;
  }

  add(path: string, watcher: W, mode: WatchMode): void {
    let watchers = this.#byPath.get(path);
    if (!watchers) {
      watchers = new Map();
      this.#byPath.set(path, watchers);
    }
    const replaced = watchers.get(watcher);
    watchers.set(watcher, mode);
    this.#recursiveCount +=
      Number(mode === 'persistentRecursive') - Number(replaced === 'persistentRecursive');
    if (replaced !== undefined) return;
    this.#size++;
    const paths = this.#byWatcher.get(watcher);
    if (paths) paths.add(path);
    else this.#byWatcher.set(watcher, new Set([path]));
  }

  /** Whether there was such a watch, whatever its mode. */
  remove(path: string, watcher: W): boolean {
    const watchers = this.#byPath.get(path);
    const mode = watchers?.get(watcher);
    if (!watchers || mode === undefined) return false;
    watchers.delete(watcher);
    if (watchers.size === 0) this.#byPath.delete(path);
    this.#forget(path, watcher, mode);
    return true;
  }

  removeWatcher(watcher: W): void {
    const paths = this.#byWatcher.get(watcher);
    if (!paths) return;
    for (const path of [...paths]) this.remove(path, watcher);
  }

  #forget(path: string, watcher: W, mode: WatchMode): void {
    this.#size--;
    if (mode === 'persistentRecursive') this.#recursiveCount--;
    const paths = this.#byWatcher.get(watcher);
    paths?.delete(path);
    if (paths?.size === 0) this.#byWatcher.delete(watcher);
  }

  /** Whether `watcher` itself watches exactly `path`, in whatever mode. */
  has(path: string, watcher: W): boolean {
    return this.#byPath.get(path)?.has(watcher) === true;
  }

  /**
   * Takes out whoever is to hear that `path` changed, each once; their standard watches are used up. Recursive watches
   * hear of everything but changes of a list of children, of which the child's own event tells them.
   */
  trigger(path: string, isChildrenChange: boolean): Set<W> | undefined {
    let heard: Set<W> | undefined;
    const watchers = this.#byPath.get(path);
    if (watchers) {
      for (const [watcher, mode] of watchers) {
        if (mode === 'persistentRecursive' && isChildrenChange) continue;
        (heard ??= new Set()).add(watcher);
        if (mode !== 'standard') continue;
        watchers.delete(watcher);
        this.#forget(path, watcher, mode);
      }
      if (watchers.size === 0) this.#byPath.delete(path);
    }
    if (this.#recursiveCount === 0 || isChildrenChange) return heard;
    for (let above = stepUp(path); above !== undefined; above = stepUp(above)) {
      const listeners = this.#byPath.get(above);
      if (!listeners) continue;
      for (const [watcher, mode] of listeners) {
        if (mode === 'persistentRecursive') (heard ??= new Set()).add(watcher);
      }
    }
    return heard;
  }

  /** For the admin commands: every watched path with its watchers. */
  *entriesByPath(): Generator<readonly [string, Iterable<W>]> {
    for (const [path, watchers] of this.#byPath) yield [path, watchers.keys()];
  }

  entriesByWatcher(): Iterable<readonly [W, ReadonlySet<string>]> {
    return this.#byWatcher;
  }
}

/** The path one level up, undefined above the root. */
function stepUp(path: string): string | undefined {
  if (path === '/' || path === '') return undefined;
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}
