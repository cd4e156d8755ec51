/**
 * Live changes. Two consumers, one source (the client's watches): the tree says which nodes it shows (`observe`) and
 * gets their changes; the Events view names subtrees (`watchSubtree`) and gets a list that it can keep and filter.
 * Streams have no back-pressure, so the shell sends bounded batches, at most one in 50 ms, and counts what it dropped.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ConnectionId, Hex64, TimeMs, ZnodePath, procedure } from './common.ts';

export const ChangeKind = z.enum(['created', 'deleted', 'data', 'children']);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** Something changed at a path; the renderer invalidates what it shows of it. */
export const ChangeBatch = z.object({
  changes: z.array(z.object({ kind: ChangeKind, path: z.string() })),
  /** Watches were lost or changes dropped: everything on screen must be read again. */
  isIncomplete: z.boolean(),
});
export type ChangeBatch = z.infer<typeof ChangeBatch>;

const EVENT_TYPES = [
  'NodeCreated',
  'NodeDeleted',
  'NodeDataChanged',
  'NodeChildrenChanged',
  /** Of this connection's own session. */
  'SessionConnected',
  'SessionSuspended',
  'SessionReconnected',
  'SessionExpired',
  'SessionClosed',
] as const;

export const EventDto = z.object({
  /** Grows by one an event; a gap means that events were dropped. */
  seq: z.int(),
  atMs: TimeMs,
  type: z.enum(EVENT_TYPES),
  /** Null for events of the session. */
  path: z.string().nullable(),
  /**
   * The zxid of the transaction that fired: the server says it (3.9 and later), or the node's Stat does, read right behind
   * the event. Null when not known: other changes came too close behind, or too many at once.
   */
  zxid: Hex64.nullable(),
  /** The session id for session events, else ''. */
  detail: z.string(),
});
export type EventDto = z.infer<typeof EventDto>;

export const EventBatch = z.object({
  events: z.array(EventDto),
  /** Events that were not kept since the last batch, because too many came at once. */
  dropped: z.int(),
});
export type EventBatch = z.infer<typeof EventBatch>;

export const WatchedSubtree = z.object({
  path: z.string(),
  sinceMs: TimeMs,
  eventCount: z.int(),
  /** Whether the server watches it now; false while the connection is lost or the server is too old (before 3.6). */
  isLive: z.boolean(),
});
export type WatchedSubtree = z.infer<typeof WatchedSubtree>;

export const watches = {
  /**
   * Replaces the set of nodes whose changes this page's tree wants: those expanded, on screen or open in a pane. At most
   * 5,000. It holds as long as the wire that it came over.
   */
  observe: procedure.input(z.object({ connectionId: ConnectionId, paths: z.array(ZnodePath).max(5000) })),
  changes: procedure.input(z.object({ connectionId: ConnectionId })).output(eventIterator(ChangeBatch)),
  watchSubtree: procedure.input(z.object({ connectionId: ConnectionId, path: ZnodePath })),
  unwatchSubtree: procedure.input(z.object({ connectionId: ConnectionId, path: ZnodePath })),
  /** The watched subtrees, at once and when they change. */
  subtrees: procedure
    .input(z.object({ connectionId: ConnectionId }))
    .output(eventIterator(z.array(WatchedSubtree))),
  /** First the events that the shell still has (the last 10,000), then live ones. */
  events: procedure.input(z.object({ connectionId: ConnectionId })).output(eventIterator(EventBatch)),
};
