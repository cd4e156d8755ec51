/**
 * What Zabra itself created in this run, which no Stat tells: container, TTL and sequential nodes look like plain ones. The
 * czxid proves that it is still the same node. Bounded; the oldest are forgotten.
 */
import type { CreateMode } from '../../../shared/protocol/create-mode.ts';
import type { Zxid } from '../../../shared/zxid.ts';

const NODES_MAX = 10_000;

interface Created {
  readonly mode: CreateMode;
  readonly czxid: Zxid;
}

export class CreatedModes {
  readonly #nodes = new Map<string, Created>();

  remember(node: Created & { readonly connectionId: string; readonly path: string }): void {
    const key = `${node.connectionId}:${node.path}`;
    this.#nodes.delete(key);
    this.#nodes.set(key, { mode: node.mode, czxid: node.czxid });
    if (this.#nodes.size <= NODES_MAX) return;
    const [oldest] = this.#nodes.keys();
    if (oldest !== undefined) this.#nodes.delete(oldest);
  }

  modeOf(node: {
    readonly connectionId: string;
    readonly path: string;
    readonly czxid: Zxid;
  }): CreateMode | undefined {
    const created = this.#nodes.get(`${node.connectionId}:${node.path}`);
    return created?.czxid === node.czxid ? created.mode : undefined;
  }
}
