import { describe, expect, test } from 'vitest';
import { ephemeralsBelow } from '../../../../renderer/features/browse/dialogs/ephemerals-below.ts';
import type { SessionDto } from '../../../../shared/api/cluster.ts';

const session = (ephemerals: string[] | null): SessionDto => ({
  sessionId: '0x1',
  isOwn: false,
  server: null,
  serverRole: null,
  address: null,
  timeoutMs: null,
  expiresAtMs: null,
  ephemerals,
  establishedAtMs: null,
  lastOperation: null,
  lastCxid: null,
  lastZxid: null,
  latencyMs: null,
  received: null,
  sent: null,
  queued: null,
});

describe('delete: ephemerals that would go along', () => {
  const list = { sessions: [session(['/app/locks/a', '/app2/x']), session(['/app/locks', '/other'])] };

  test('those of all sessions count, the node itself included', () => {
    expect(ephemeralsBelow(list, { path: '/app', chroot: '' })).toBe(2);
    expect(ephemeralsBelow(list, { path: '/app/locks', chroot: '' })).toBe(2);
    expect(ephemeralsBelow(list, { path: '/none', chroot: '' })).toBe(0);
  });

  test('paths of the connection lie below its chroot, those of the servers do not', () => {
    expect(ephemeralsBelow(list, { path: '/locks', chroot: '/app' })).toBe(2);
    expect(ephemeralsBelow(list, { path: '/', chroot: '/app' })).toBe(2);
  });

  test('what no server told is not known, which is not none', () => {
    expect(ephemeralsBelow(undefined, { path: '/app', chroot: '' })).toBeNull();
    expect(ephemeralsBelow({ sessions: [session(null)] }, { path: '/app', chroot: '' })).toBeNull();
  });
});
