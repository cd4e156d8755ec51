/** What became of ephemeral nodes that went with a session (electron/services/diagnosis/removed-ephemerals.ts). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Stat } from '../../../../../shared/protocol/stat.ts';
import {
  type Looking,
  RemovedEphemerals,
} from '../../../../../electron/services/diagnosis/removed-ephemerals.ts';

const END_MS = Date.UTC(2026, 10, 21, 12);
const STAT = { ctime: BigInt(END_MS + 3000), ephemeralOwner: 0xabn } as Stat;

beforeEach(() => {
  vi.useFakeTimers({ now: END_MS + 500, toFake: ['Date', 'setTimeout', 'clearTimeout', 'setImmediate'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function start({ chroot = '', isConnected = true }: { chroot?: string; isConnected?: boolean } = {}) {
  const there = new Map<string, Stat>();
  const asked: string[] = [];
  const news: string[] = [];
  const looking: Looking = {
    chroot,
    client: {
      exists: (path) => {
        asked.push(path);
        return Promise.resolve(there.get(path) ?? null);
      },
    },
  };
  const removed = new RemovedEphemerals({
    through: () => (isConnected ? looking : undefined),
    onNews: (sessionId) => news.push(sessionId),
    signal: new AbortController().signal,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  return { removed, there, asked, news };
}

test('a node that somebody makes again is found at a later look, with who and when', async () => {
  const { removed, there, news } = start();
  removed.add('0x1', { endMs: END_MS, paths: ['/a', '/b'] });
  await vi.advanceTimersByTimeAsync(2000);
  expect(removed.of('0x1').map(({ restored }) => restored)).toEqual([null, null]);
  there.set('/a', STAT);
  await vi.advanceTimersByTimeAsync(5000);
  expect(removed.of('0x1')).toMatchObject([
    { path: '/a', restored: { atMs: END_MS + 3000, sessionId: '0xab' } },
    { path: '/b', restored: null },
  ]);
  expect(news.length).toBeGreaterThanOrEqual(2);
});

test('looking ends: when all are there again, and after a minute', async () => {
  const { removed, asked } = start();
  removed.add('0x1', { endMs: END_MS, paths: ['/a'] });
  await vi.advanceTimersByTimeAsync(300_000);
  expect(asked).toHaveLength(4);
  const found = start();
  found.there.set('/b', STAT);
  found.removed.add('0x2', { endMs: Date.now(), paths: ['/b'] });
  await vi.advanceTimersByTimeAsync(300_000);
  expect(found.asked).toHaveLength(1);
});

test('what lies outside of the chroot, is too much, or cannot be asked for now, is said', async () => {
  const outside = start({ chroot: '/app' });
  outside.removed.add('0x1', { endMs: END_MS, paths: ['/app/a', '/b'] });
  await vi.advanceTimersByTimeAsync(5000);
  expect(outside.asked).toContain('/a');
  expect(outside.removed.hidden('0x1')).toEqual([{ part: 'restored', why: 'outside-chroot' }]);

  const many = start();
  many.removed.add('0x1', {
    endMs: END_MS,
    paths: Array.from({ length: 30 }, (_, index) => `/${index}`),
  });
  expect(many.removed.hidden('0x1')).toEqual([{ part: 'restored', why: 'too-many' }]);

  const alone = start({ isConnected: false });
  alone.removed.add('0x1', { endMs: END_MS, paths: ['/a'] });
  await vi.advanceTimersByTimeAsync(5000);
  expect(alone.removed.hidden('0x1')).toEqual([{ part: 'restored', why: 'not-connected' }]);
});

test('own watches that were told of the end are known, others of the time are not mixed in', () => {
  const { removed } = start();
  removed.onDeletion({ path: '/a', atMs: END_MS + 5, sessionId: '0x9' });
  removed.onDeletion({ path: '/other', atMs: END_MS + 5, sessionId: '0x9' });
  removed.onDeletion({ path: '/a', atMs: END_MS - 60_000, sessionId: '0x9' });
  expect(removed.notified(['/a'], END_MS)).toEqual([{ path: '/a', atMs: END_MS + 5, sessionId: '0x9' }]);
});
