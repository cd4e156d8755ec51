/** All that dock and view show and do: the list of a connection, what feeds it, and the palette's commands for it. */
import type { Failure } from '../../../shared/api/failure.ts';
import type { WatchedSubtree } from '../../../shared/api/watches.ts';
import type { EventLog, EventLogView } from './event-log.ts';
import { useEventCommands } from './use-event-commands.ts';
import { eventLogOf, useEventFeed, useEventLogView, useWatchedSubtrees } from './use-event-log.ts';
import { type SubtreeCalls, useSubtreeCalls } from './use-subtree-calls.ts';

export interface Events {
  readonly connectionId: string;
  readonly log: EventLog;
  readonly view: EventLogView;
  /** Null while the shell has not said it. */
  readonly subtrees: readonly WatchedSubtree[] | null;
  /** Why the list is not fed. */
  readonly failure: Failure | null;
  readonly calls: SubtreeCalls;
}

export function useEvents(connectionId: string): Events {
  const log = eventLogOf(connectionId);
  const calls = useSubtreeCalls(connectionId);
  useEventCommands({ connectionId, log, watch: calls.watch });
  return {
    connectionId,
    log,
    view: useEventLogView(log),
    subtrees: useWatchedSubtrees(connectionId),
    failure: useEventFeed(connectionId),
    calls,
  };
}
