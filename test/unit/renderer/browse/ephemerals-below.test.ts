import { describe, expect, test } from 'vitest';
import { ephemeralsBelow } from '../../../../renderer/features/browse/dialogs/ephemerals-below.ts';
import type { SessionDto } from '../../../../shared/api/sessions.ts';
import { session as makeSession } from '../sessions/make-session.ts';

const session = (ephemerals: string[] | null): SessionDto => makeSession({ sessionId: '0x1', ephemerals });

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

  test('a list that is cut short tells no number', () => {
    const cut = makeSession({ sessionId: '0x2', ephemerals: ['/app/a'], ephemeralCount: 5_000 });
    expect(ephemeralsBelow({ sessions: [cut] }, { path: '/app', chroot: '' })).toBeNull();
  });
});
