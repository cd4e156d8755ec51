import { expect, test } from 'vitest';
import {
  type EventFilter,
  NO_FILTER,
  eventMatcher,
  isFiltering,
} from '../../../../renderer/features/events/event-filter.ts';
import type { EventDto } from '../../../../shared/api/watches.ts';

const EVENT: EventDto = {
  seq: 1,
  atMs: 0,
  type: 'NodeDataChanged',
  path: '/kafka/Controller',
  zxid: '0x50000001c',
  detail: '',
};
const EXPIRED: EventDto = { ...EVENT, type: 'SessionExpired', path: null, zxid: null, detail: '0x1000abc' };

function passes(filter: Partial<EventFilter>, event = EVENT): boolean {
  return eventMatcher({ ...NO_FILTER, ...filter })(event);
}

test('event filter: without one everything passes', () => {
  expect(passes({})).toBe(true);
  expect(passes({ text: '   ' })).toBe(true);
  expect(isFiltering(NO_FILTER)).toBe(false);
  expect(isFiltering({ ...NO_FILTER, subtree: '/' })).toBe(true);
});

test('event filter: text is found in path, type, zxid and detail, in any case', () => {
  expect(passes({ text: 'controller' })).toBe(true);
  expect(passes({ text: 'datachanged' })).toBe(true);
  expect(passes({ text: '1000ABC' }, EXPIRED)).toBe(true);
  expect(passes({ text: 'broker' })).toBe(false);
});

test('event filter: a zxid is found as it is shown and as ZooKeeper prints it', () => {
  expect(passes({ text: '0x5_0000001c' })).toBe(true);
  expect(passes({ text: '0x50000001c' })).toBe(true);
  expect(passes({ text: '_' })).toBe(false);
});

test('event filter: text with a slash in front is the beginning of a path', () => {
  expect(passes({ text: '/kaf' })).toBe(true);
  expect(passes({ text: '/Controller' })).toBe(false);
  expect(passes({ text: '/' }, EXPIRED)).toBe(false);
});

test('event filter: a subtree has its root and what is below, not its namesakes', () => {
  expect(passes({ subtree: '/kafka' })).toBe(true);
  expect(passes({ subtree: '/kafka/Controller' })).toBe(true);
  expect(passes({ subtree: '/kaf' })).toBe(false);
  expect(passes({ subtree: '/' }, EXPIRED)).toBe(false);
});

test('event filter: hidden types do not pass', () => {
  expect(passes({ hiddenTypes: new Set(['NodeDataChanged']) })).toBe(false);
  expect(passes({ hiddenTypes: new Set(['NodeDeleted']) })).toBe(true);
});
