/**
 * The notification radius of a change before it is made: how many watchers would fire, and whose. What the servers hold in
 * sum is cheap; which paths are watched by whom only `wchp` tells, which lists everything and is asked for only on demand.
 */
import { z } from 'zod';
import { ConnectionId, Hex64, Hidden, TimeMs, ZnodePath, procedure } from './common.ts';

const Of = z.object({ connectionId: ConnectionId });

export const NodeChange = z.enum(['data', 'create', 'delete']);
export type NodeChange = z.infer<typeof NodeChange>;

export const RADIUS_PATHS_MAX = 500;
export const WATCHERS_MAX = 200;

/** How many watches the servers hold, whatever on. Cheap. */
export const WatchTotals = z.object({
  /** Data, exists and persistent watches of all servers that tell, Zabra's own included; null: nobody tells. */
  dataWatches: z.int().nullable(),
  /** Child watches, as far as the servers tell both sums; persistent ones count here, too. */
  childWatches: z.int().nullable(),
  servers: z.int(),
  hidden: z.array(Hidden),
});
export type WatchTotals = z.infer<typeof WatchTotals>;

export const Watcher = z.object({
  sessionId: Hex64,
  label: z.string().nullable(),
  address: z.string().nullable(),
  /**
   * `certain`: it watches a path that changes. `possible`: it watches a node above, which hears of it only if that watch is
   * recursive, or persistent on the parent; servers do not tell of what kind a watch is.
   */
  certainty: z.enum(['certain', 'possible']),
  /** The path of its watch; the first where there are several. */
  path: z.string(),
});
export type Watcher = z.infer<typeof Watcher>;

/** Who watches the paths of a change, by `wchp` of every server. */
export const NotificationRadius = z.object({
  /** Others than Zabra, certain ones first, at most {@link WATCHERS_MAX}. */
  watchers: z.array(Watcher),
  certainCount: z.int(),
  possibleCount: z.int(),
  /** Whether Zabra itself would hear of it, too: it watches what it shows. */
  isZabraNotified: z.boolean(),
  /** Whether the change would also fire child watches (getChildren), which no server lists by path. */
  firesChildWatches: z.boolean(),
  hidden: z.array(Hidden),
  servers: z.int(),
  atMs: TimeMs,
});
export type NotificationRadius = z.infer<typeof NotificationRadius>;

export const radius = {
  totals: procedure.input(Of).output(WatchTotals),
  /** Asks every server for every watched path: only when a person wants to know. */
  ask: procedure
    .input(Of.extend({ change: NodeChange, paths: z.array(ZnodePath).min(1).max(RADIUS_PATHS_MAX) }))
    .output(NotificationRadius),
};
