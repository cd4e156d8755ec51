/**
 * What the renderer was last told of a node. A view reads a node first and asks for its changes a little later; what happened
 * in between is found by comparing the node with this (watches/connection-watches.ts). Bounded; the oldest are forgotten.
 */
import type { Stat } from '../../../shared/protocol/stat.ts';
import type { TreeChange } from '../watches/watch-plan.ts';

const NODES_MAX = 20_000;

type SeenStat = Pick<Stat, 'czxid' | 'mzxid' | 'pzxid'>;

export class SeenStats {
  readonly #stats = new Map<string, SeenStat>();

  remember({ connectionId, path, stat }: { connectionId: string; path: string; stat: Stat }): void {
    const key = `${connectionId}:${path}`;
    const { czxid, mzxid, pzxid } = stat;
    this.#stats.delete(key);
    this.#stats.set(key, { czxid, mzxid, pzxid });
    if (this.#stats.size <= NODES_MAX) return;
    const [oldest] = this.#stats.keys();
    if (oldest !== undefined) this.#stats.delete(oldest);
  }

  get({ connectionId, path }: { connectionId: string; path: string }): SeenStat | undefined {
    return this.#stats.get(`${connectionId}:${path}`);
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
