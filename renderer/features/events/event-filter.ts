/**
 * Which rows of the event log a person wants to see. Pure: a filter in, a yes or no a row out.
 * Gap rows pass every filter, since what was dropped may have matched.
 */
import { isWithin } from '../../../shared/path.ts';
import type { EventDto } from '../../../shared/api/watches.ts';

export type EventType = EventDto['type'];

export const NODE_EVENT_TYPES = [
  'NodeCreated',
  'NodeDeleted',
  'NodeDataChanged',
  'NodeChildrenChanged',
] as const satisfies readonly EventType[];

export const SESSION_EVENT_TYPES = [
  'SessionConnected',
  'SessionSuspended',
  'SessionReconnected',
  'SessionExpired',
  'SessionClosed',
] as const satisfies readonly EventType[];

export interface EventFilter {
  /** As typed: a `/` at its start makes it the beginning of a path, anything else is looked for in every column. */
  readonly text: string;
  /** One watched subtree; null for all of them. */
  readonly subtree: string | null;
  readonly hiddenTypes: ReadonlySet<EventType>;
}

export const NO_FILTER: EventFilter = { text: '', subtree: null, hiddenTypes: new Set() };

export function isFiltering(filter: EventFilter): boolean {
  return filter.text.trim() !== '' || filter.subtree !== null || filter.hiddenTypes.size > 0;
}

/** Compiles a filter once, so that 50,000 rows are not each asked how the text is to be read. */
export function eventMatcher(filter: EventFilter): (event: EventDto) => boolean {
  const text = filter.text.trim();
  const { subtree, hiddenTypes } = filter;
  const matchesText = textMatcher(text);
  return (event) =>
    !hiddenTypes.has(event.type) &&
    (subtree === null || (event.path !== null && isWithin({ path: event.path, ancestor: subtree }))) &&
    matchesText(event);
}

function textMatcher(text: string): (event: EventDto) => boolean {
  if (text === '') return () => true;
  if (text.startsWith('/')) return (event) => event.path?.startsWith(text) === true;
  const needle = text.toLowerCase();
  // A zxid is shown as 0x5_0000001c and known elsewhere as 0x50000001c: both find it.
  const bareNeedle = needle.replaceAll('_', '');
  return (event) =>
    event.type.toLowerCase().includes(needle) ||
    event.path?.toLowerCase().includes(needle) === true ||
    event.detail.toLowerCase().includes(needle) ||
    (bareNeedle !== '' && event.zxid?.includes(bareNeedle) === true);
}
