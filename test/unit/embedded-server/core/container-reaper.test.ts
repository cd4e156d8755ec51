/** Containers and nodes with a time to live (PROTOCOL.md 7.7). */
import { beforeEach, describe, expect, test } from 'vitest';

import { create, createContainer, createTTL } from '../../../../shared/protocol/create.ts';
import { deleteNode } from '../../../../shared/protocol/delete.ts';
import { exists } from '../../../../shared/protocol/exists.ts';
import { setData } from '../../../../shared/protocol/set-data.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

let harness: ServerHarness;
let client: HarnessClient;

function start(config: Readonly<Record<string, string>> = {}): void {
  harness = new ServerHarness({
    maxSessionTimeout: '9999999',
    extendedTypesEnabled: 'true',
    'znode.container.checkIntervalMs': '1000',
    ...config,
  });
  client = harness.connect({ timeoutMs: 9_999_999 });
}

function isThere(path: string): boolean {
  return client.errorOf(exists, { path, watch: false }) === 0;
}

beforeEach(() => {
  start();
});

describe('containers', () => {
  test('one that has had children goes when the last has gone', () => {
    client.call(createContainer, creation('/c', { mode: 'CONTAINER' }));
    client.call(create, creation('/c/x'));
    harness.advance(5000);
    expect(isThere('/c')).toBe(true);
    client.call(deleteNode, { path: '/c/x', version: -1 });
    harness.advance(2000);
    expect(isThere('/c')).toBe(false);
  });

  test('one that was never used stays, unless a limit for that is set', () => {
    client.call(createContainer, creation('/c', { mode: 'CONTAINER' }));
    harness.advance(600_000, 1000);
    expect(isThere('/c')).toBe(true);
    start({ 'znode.container.maxNeverUsedIntervalMs': '3000' });
    client.call(createContainer, creation('/c', { mode: 'CONTAINER' }));
    harness.advance(2900);
    expect(isThere('/c')).toBe(true);
    harness.advance(2000);
    expect(isThere('/c')).toBe(false);
  });

  test('deletions keep to the rate per minute', () => {
    start({ 'znode.container.maxPerMinute': '60' });
    for (const path of ['/c1', '/c2', '/c3']) {
      client.call(createContainer, creation(path, { mode: 'CONTAINER' }));
      client.call(create, creation(`${path}/x`));
      client.call(deleteNode, { path: `${path}/x`, version: -1 });
    }
    harness.advance(1100);
    expect(harness.server.database.tree.containers.size).toBe(2);
    harness.advance(500);
    expect(harness.server.database.tree.containers.size).toBe(2);
    harness.advance(2000);
    expect(harness.server.database.tree.containers.size).toBe(0);
  });

  test('a child that comes while the deletion is under way saves it', () => {
    client.call(createContainer, creation('/c', { mode: 'CONTAINER' }));
    client.call(create, creation('/c/x'));
    client.call(deleteNode, { path: '/c/x', version: -1 });
    harness.holdLog();
    client.send(create, creation('/c/y'));
    harness.advance(2000);
    harness.releaseLog();
    expect(client.next().header.err).toBe(0);
    expect(isThere('/c/y')).toBe(true);
  });
});

describe('time to live', () => {
  const ttl = { ...creation('/t', { mode: 'PERSISTENT_WITH_TTL' }), ttlMs: 3000n };

  test('counts from the last change of the data', () => {
    client.call(createTTL, ttl);
    harness.advance(2500);
    client.call(setData, { path: '/t', data: null, version: -1 });
    harness.advance(2500);
    expect(isThere('/t')).toBe(true);
    harness.advance(2000);
    expect(isThere('/t')).toBe(false);
  });

  test('does not end a node that has children', () => {
    client.call(createTTL, ttl);
    client.call(create, creation('/t/x'));
    harness.advance(60_000);
    expect(isThere('/t')).toBe(true);
  });
});
