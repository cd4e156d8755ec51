/** The plan of watches, who hears of what, and the executor against a client that answers when it is told to. */
import { describe, expect, test, vi } from 'vitest';
import type { WatchEvent, WatchListener } from '../../../../../electron/client/watch-registry.ts';
import { silentLog } from '../../../../../electron/log.ts';
import { ChangeFeed } from '../../../../../electron/services/watches/change-feed.ts';
import { ConnectionWatches } from '../../../../../electron/services/watches/connection-watches.ts';
import { EventLog } from '../../../../../electron/services/watches/event-log.ts';
import type { WatchingClient } from '../../../../../electron/services/watches/watch-executor.ts';
import {
  comparePlans,
  isCovered,
  planWatches,
  treeChanges,
} from '../../../../../electron/services/watches/watch-plan.ts';
import { KeeperError } from '../../../../../shared/errors.ts';
import type { Stat } from '../../../../../shared/protocol/stat.ts';
import { toZxid } from '../../../../../shared/zxid.ts';
import { waitFor } from '../../../../support/wait.ts';

const plan = (subtrees: string[], observed: string[], hasPersistentWatches = true): Record<string, string> =>
  Object.fromEntries(
    planWatches({ subtrees: new Set(subtrees), observed: new Set(observed), hasPersistentWatches }),
  );

describe('watch plan', () => {
  test('single nodes get a watch each, subtrees a recursive one', () => {
    expect(plan(['/e'], ['/', '/a'])).toEqual({
      '/e': 'persistentRecursive',
      '/': 'persistent',
      '/a': 'persistent',
    });
  });

  test('a node inside a watched subtree needs none of its own', () => {
    expect(plan(['/a'], ['/a', '/a/b/c', '/ab'])).toEqual({
      '/a': 'persistentRecursive',
      '/ab': 'persistent',
    });
    expect(plan(['/'], ['/', '/x'])).toEqual({ '/': 'persistentRecursive' });
  });

  test('a subtree inside another keeps its watch, for when the outer one ends', () => {
    expect(plan(['/a', '/a/b'], [])).toEqual({ '/a': 'persistentRecursive', '/a/b': 'persistentRecursive' });
  });

  test('an old server gets one-shot watches for nodes, and none for subtrees', () => {
    expect(plan(['/a'], ['/a/b', '/c'], false)).toEqual({ '/a/b': 'oneShot', '/c': 'oneShot' });
  });

  test('covered: the subtree itself and everything below it', () => {
    expect(['/a', '/a/b', '/ab', '/'].map((path) => isCovered(path, new Set(['/a'])))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('a change of mode is an addition and a removal at one path', () => {
    const held = planWatches({
      subtrees: new Set(),
      observed: new Set(['/a', '/b']),
      hasPersistentWatches: true,
    });
    const wanted = planWatches({
      subtrees: new Set(['/a']),
      observed: new Set(['/a', '/a/x']),
      hasPersistentWatches: true,
    });
    expect(comparePlans({ held, wanted })).toEqual({
      add: [{ path: '/a', mode: 'persistentRecursive' }],
      remove: [
        { path: '/a', mode: 'persistent' },
        { path: '/b', mode: 'persistent' },
      ],
    });
  });
});

describe('what an event means for the tree', () => {
  const observed = new Set(['/', '/a']);

  test.each<[string, string, string[]]>([
    ['NodeCreated', '/a/x', ['created /a/x', 'children /a']],
    ['NodeDeleted', '/a', ['deleted /a', 'children /']],
    ['NodeDataChanged', '/a/x', ['data /a/x']],
    ['NodeDataChanged', '/a/x/deep', []],
    ['NodeCreated', '/a/x/deep', []],
    ['NodeChildrenChanged', '/a', ['children /a']],
    ['NodeChildrenChanged', '/a/x', []],
    ['NodeDataChanged', '/', ['data /']],
    ['PersistentWatchRemoved', '/a', []],
  ])('%s %s', (type, path, changes) => {
    expect(treeChanges({ type, path }, observed).map((change) => `${change.kind} ${change.path}`)).toEqual(
      changes,
    );
  });
});

describe('event log', () => {
  const event = { atMs: 1, type: 'NodeCreated', path: '/a', zxid: null, detail: '' } as const;

  test('a reader gets what is kept, then what comes', async () => {
    const log = new EventLog();
    log.append(event);
    const reader = log.follow();
    expect((await reader.next()).value).toEqual({ events: [{ seq: 0, ...event }], dropped: 0 });
    const next = reader.next();
    log.append(event);
    log.append(event);
    expect((await next).value?.events.map(({ seq }) => seq)).toEqual([1, 2]);
    await reader.return();
  });

  test('batches are bounded, and a reader that is too slow hears how much it missed', async () => {
    const log = new EventLog();
    const reader = log.follow();
    for (let i = 0; i < 10_500; i++) log.append(event);
    const first = (await reader.next()).value!;
    expect([first.dropped, first.events.length, first.events[0]?.seq]).toEqual([500, 1_000, 500]);
    const late = (await log.follow().next()).value!;
    expect([late.dropped, late.events[0]?.seq]).toEqual([0, 500]);
    await reader.return();
  });
});

describe('change feed', () => {
  test('a node that changes often is one change', async () => {
    const feed = new ChangeFeed();
    const reader = feed.follow();
    for (let i = 0; i < 5; i++) feed.add([{ kind: 'data', path: '/a' }]);
    expect((await reader.next()).value).toEqual({
      changes: [{ kind: 'data', path: '/a' }],
      isIncomplete: false,
    });
    await reader.return();
  });

  test('too many changes mean: read everything again', async () => {
    const feed = new ChangeFeed();
    const reader = feed.follow();
    for (let i = 0; i < 2_001; i++) feed.add([{ kind: 'data', path: `/n${i}` }]);
    expect((await reader.next()).value).toEqual({ changes: [], isIncomplete: true });
    await reader.return();
  });
});

type Watch = { readonly mode: string; readonly listener: WatchListener };

/** A client whose watches are a list; `log` has every call in order. */
class FakeClient implements WatchingClient {
  readonly log: string[] = [];
  readonly watches = new Map<string, Watch[]>();
  readonly stats = new Map<string, Stat>();
  isOld = false;

  readonly addWatch: WatchingClient['addWatch'] = async (path, mode, listener) => {
    this.log.push(`add ${mode} ${path}`);
    await Promise.resolve();
    if (this.isOld) throw new KeeperError('UNIMPLEMENTED', { path });
    const watch = { mode, listener };
    this.watches.set(path, [...(this.watches.get(path) ?? []), watch]);
    return {
      dispose: () => {
        this.log.push(`remove ${mode} ${path}`);
        this.watches.set(
          path,
          this.watches.get(path)!.filter((other) => other !== watch),
        );
      },
    };
  };

  readonly exists: WatchingClient['exists'] = async (path, options) => {
    this.log.push(`exists ${path}`);
    if (options?.watch !== undefined) this.watches.set(path, [{ mode: 'oneShot', listener: options.watch }]);
    return this.stats.get(path) ?? null;
  };

  readonly getChildren: WatchingClient['getChildren'] = async (path) => {
    this.log.push(`children ${path}`);
    return { children: [], stat: this.stats.get(path)! };
  };

  fire(event: WatchEvent): void {
    for (const [path, watches] of this.watches) {
      const isAt = path === event.path;
      const isBelow = path === '/' || event.path.startsWith(`${path}/`);
      for (const { mode, listener } of watches) {
        if (isAt || (mode === 'persistentRecursive' && isBelow)) listener(event);
      }
    }
  }
}

const statOf = (zxid: bigint): Stat =>
  ({ czxid: toZxid(1n), mzxid: toZxid(zxid), pzxid: toZxid(1n) }) as Stat;

describe('watches of a connection', () => {
  const { signal: page } = new AbortController();

  function connected(
    client = new FakeClient(),
    seen = new Map<string, Stat>(),
  ): { watches: ConnectionWatches; client: FakeClient } {
    const watches = new ConnectionWatches({ seenStat: (path) => seen.get(path), log: silentLog });
    watches.onSession('connected', { sessionId: '0x1', client });
    return { watches, client };
  }

  test('what is new is watched before the old goes, also when a path changes its mode', async () => {
    const { watches, client } = connected();
    await watches.observe({ page, paths: ['/a', '/a/b'] });
    client.log.length = 0;
    await watches.watchSubtree('/a');
    expect(client.log).toEqual([
      'add persistentRecursive /a',
      'remove persistent /a',
      'remove persistent /a/b',
    ]);
    client.log.length = 0;
    await watches.unwatchSubtree('/a');
    expect(client.log).toEqual(['add persistent /a', 'add persistent /a/b', 'remove persistentRecursive /a']);
    watches.finish();
  });

  test('an event of two overlapping subtrees is one event, counted for both', async () => {
    const { watches, client } = connected();
    await watches.watchSubtree('/a');
    await watches.watchSubtree('/a/b');
    client.fire({ type: 'NodeCreated', path: '/a/b/c', zxid: toZxid(3n) });
    const events = (await watches.events.follow().next()).value!.events;
    expect(events.map(({ type, path }) => [type, path])).toEqual([
      ['SessionConnected', null],
      ['NodeCreated', '/a/b/c'],
    ]);
    const subtrees = (await watches.subtrees.stream({ intervalMs: 1 }).next()).value!;
    expect(subtrees.map(({ eventCount, isLive }) => [eventCount, isLive])).toEqual([
      [1, true],
      [1, true],
    ]);
    watches.finish();
  });

  test('while a node watch gives way to a subtree, its last event is a change and a line of the list', async () => {
    const { watches, client } = connected();
    await watches.observe({ page, paths: ['/a'] });
    const node = client.watches.get('/a')![0]!;
    await watches.watchSubtree('/a');
    const reader = watches.changes.follow();
    const event: WatchEvent = { type: 'NodeDataChanged', path: '/a', zxid: toZxid(7n) };
    node.listener(event);
    client.fire(event);
    expect(await waitForBatch(reader, (changes) => changes.length > 0)).toHaveLength(1);
    const { events } = (await watches.events.follow().next()).value!;
    expect(events.map(({ type, zxid }) => [type, zxid])).toEqual([
      ['SessionConnected', null],
      ['NodeDataChanged', '0x7'],
    ]);
    watches.finish();
  });

  test('the tree hears of children below a subtree, which has no such event of its own', async () => {
    const { watches, client } = connected();
    await watches.watchSubtree('/a');
    await watches.observe({ page, paths: ['/a/b'] });
    const reader = watches.changes.follow();
    client.fire({ type: 'NodeCreated', path: '/a/b/c' });
    const batch = await waitForBatch(reader, (changes) => changes.some(({ kind }) => kind === 'children'));
    expect(batch).toEqual([
      { kind: 'created', path: '/a/b/c' },
      { kind: 'children', path: '/a/b' },
    ]);
    watches.finish();
  });

  test('two pages show two parts of the tree, and a page that goes takes its part along', async () => {
    const { watches, client } = connected();
    const other = new AbortController();
    await watches.observe({ page, paths: ['/a', '/b'] });
    await watches.observe({ page: other.signal, paths: ['/b', '/c'] });
    expect(client.log).toEqual(['add persistent /a', 'add persistent /b', 'add persistent /c']);
    client.log.length = 0;
    other.abort();
    await waitFor('its watch is gone', () => client.log.length > 0);
    expect(client.log).toEqual(['remove persistent /c']);
    // A call that was under way when its page went.
    await watches.observe({ page: other.signal, paths: ['/d'] });
    expect(client.log).toEqual(['remove persistent /c']);
    watches.finish();
  });

  test("the tree's own watches do not fill the Events view", async () => {
    const { watches, client } = connected();
    await watches.observe({ page, paths: ['/a'] });
    client.fire({ type: 'NodeDataChanged', path: '/a' });
    expect((await watches.events.follow().next()).value!.events.map(({ type }) => type)).toEqual([
      'SessionConnected',
    ]);
    watches.finish();
  });

  test('a change between the read and the watch counts as a change now', async () => {
    const seen = new Map([
      ['/a', statOf(5n)],
      ['/same', statOf(5n)],
    ]);
    const { watches, client } = connected(new FakeClient(), seen);
    client.stats.set('/a', statOf(6n));
    client.stats.set('/same', statOf(5n));
    const reader = watches.changes.follow();
    await watches.observe({ page, paths: ['/a', '/same', '/not-shown-yet'] });
    expect(await waitForBatch(reader, (changes) => changes.length > 0)).toEqual([
      { kind: 'data', path: '/a' },
    ]);
    expect(client.log).not.toContain('exists /not-shown-yet');
    watches.finish();
  });

  test('after a reconnect, and in a new session, everything is to be read again', async () => {
    const { watches, client } = connected();
    await watches.observe({ page, paths: ['/a'] });
    const reader = watches.changes.follow();
    watches.onSession('suspended', { sessionId: '0x1', client });
    watches.onSession('reconnected', { sessionId: '0x1', client });
    expect((await waitForIncomplete(reader)).isIncomplete).toBe(true);
    watches.onSession('expired', { sessionId: '0x1', client });
    const next = new FakeClient();
    watches.onSession('connected', { sessionId: '0x2', client: next });
    expect((await waitForIncomplete(reader)).isIncomplete).toBe(true);
    // The new session watches what the old one did.
    expect(next.log).toEqual(['add persistent /a']);
    client.fire({ type: 'NodeDataChanged', path: '/a' });
    const events = (await watches.events.follow().next()).value!.events;
    expect(events.map(({ type }) => type)).toEqual([
      'SessionConnected',
      'SessionSuspended',
      'SessionReconnected',
      'SessionExpired',
      'SessionConnected',
    ]);
    watches.finish();
  });

  test('a server before 3.6: nodes are watched by one-shot watches that come back, subtrees are not live', async () => {
    const client = new FakeClient();
    client.isOld = true;
    client.stats.set('/a', statOf(1n));
    const { watches } = connected(client);
    await watches.watchSubtree('/s');
    await watches.observe({ page, paths: ['/a'] });
    await waitFor('a one-shot watch', () => client.log.includes('children /a'));
    expect((await watches.subtrees.stream({ intervalMs: 1 }).next()).value![0]?.isLive).toBe(false);
    const reader = watches.changes.follow();
    client.log.length = 0;
    client.fire({ type: 'NodeDataChanged', path: '/a' });
    expect(await waitForBatch(reader, (changes) => changes.length > 0)).toEqual([
      { kind: 'data', path: '/a' },
    ]);
    // The watch stood again before the change was told.
    expect(client.log).toEqual(['exists /a', 'children /a']);
    watches.finish();
  });

  test('a closed connection ends its streams', async () => {
    const { watches } = connected();
    const changes = watches.changes.follow();
    const pending = changes.next();
    watches.finish();
    await vi.waitFor(async () =>
      expect((await pending).done === true || (await changes.next()).done).toBe(true),
    );
  });
});

type Reader = ReturnType<ChangeFeed['follow']>;

async function waitForIncomplete(reader: Reader): Promise<{ isIncomplete: boolean }> {
  for (;;) {
    const { value, done } = await reader.next();
    if (done === true) throw new Error('the stream ended');
    if (value.isIncomplete) return value;
  }
}

async function waitForBatch(
  reader: Reader,
  isIt: (changes: readonly { kind: string; path: string }[]) => boolean,
): Promise<readonly { kind: string; path: string }[]> {
  for (;;) {
    const { value, done } = await reader.next();
    if (done === true) throw new Error('the stream ended');
    if (isIt(value.changes)) return value.changes;
  }
}
