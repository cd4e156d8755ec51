/** Stops watching a subtree, and takes back a filter that shows only its events: without its chip nobody could. */
import type { EventLog } from './event-log.ts';

export function removeSubtree(log: EventLog, path: string, unwatch: (path: string) => void): void {
  const { filter } = log.view();
  if (filter.subtree === path) log.setFilter({ ...filter, subtree: null });
  unwatch(path);
}
