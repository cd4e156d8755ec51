/**
 * What the renderer was last told of a node. A view reads a node first and asks for its changes a little later; what happened
 * in between is found by comparing the node with this (watches/connection-watches.ts). Bounded; the oldest are forgotten.
 *
 * A node is read in several ways, and one that is newer does not mend what another has put on screen: a row's summary may
 * have come after a write, the pane's data before it. So each way is remembered by itself, and the oldest counts.
 */
import type { Stat } from '../../../shared/protocol/stat.ts';
import type { TreeChange } from '../watches/watch-plan.ts';

const NODES_MAX = 20_000;

export type WayOfReading = 'data' | 'children' | 'summary';

type SeenStat = Pick<Stat, 'czxid' | 'mzxid' | 'pzxid'>;

export class SeenStats {
  readonly #stats = new Map<string, Map<WayOfReading, SeenStat>>();

  remember({
    connectionId,
    path,
    stat: { czxid, mzxid, pzxid },
    way,
  }: {
    connectionId: string;
    path: string;
    stat: Stat;
    way: WayOfReading;
  }): void {
    const key = `${connectionId}:${path}`;
    const seen = this.#stats.get(key) ?? new Map<WayOfReading, SeenStat>();
    // To the end of both maps: what is first was read longest ago.
    this.#stats.delete(key);
    this.#stats.set(key, seen);
    seen.delete(way);
    seen.set(way, { czxid, mzxid, pzxid });
    if (this.#stats.size <= NODES_MAX) return;
    const [oldest] = this.#stats.keys();
    if (oldest !== undefined) this.#stats.delete(oldest);
  }

  /** Which node it was the last time; how old its oldest picture is. */
  get({ connectionId, path }: { connectionId: string; path: string }): SeenStat | undefined {
    const seen = [...(this.#stats.get(`${connectionId}:${path}`)?.values() ?? [])];
    const latest = seen.at(-1);
    if (latest === undefined) return undefined;
    return seen.reduce(
      (oldest, { mzxid, pzxid }) => ({
        czxid: latest.czxid,
        mzxid: mzxid < oldest.mzxid ? mzxid : oldest.mzxid,
        pzxid: pzxid < oldest.pzxid ? pzxid : oldest.pzxid,
      }),
      latest,
    );
  }
}

/** What changed since a node was shown. Pure. */
export function changesSince(
  path: string,
  { seen, now }: { seen: SeenStat; now: SeenStat | null },
): TreeChange[] {
  if (now === null) return [{ kind: 'deleted', path }];
  if (now.czxid !== seen.czxid) {
    return [
      { kind: 'deleted', path },
      { kind: 'created', path },
    ];
  }
  const changes: TreeChange[] = [];
  if (now.mzxid !== seen.mzxid) changes.push({ kind: 'data', path });
  if (now.pzxid !== seen.pzxid) changes.push({ kind: 'children', path });
  return changes;
}
