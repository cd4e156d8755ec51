/** The write guard, and how a client's states look to people. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectionState } from '../../../../../electron/services/connections/connection-status.ts';
import {
  connectStringOf,
  transitionOf,
} from '../../../../../electron/services/connections/open-connection.ts';
import { WriteGuardian } from '../../../../../electron/services/connections/write-guard.ts';
import { PROFILE_DEFAULTS } from '../../../../../shared/api/connections.ts';

describe('write guard', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const onChange = vi.fn();
  const guard = (environment: 'dev' | 'production', isReadOnly = false): WriteGuardian =>
    new WriteGuardian({ environment, isReadOnly, onChange });

  test('development is open, and unlocking changes nothing', () => {
    const dev = guard('dev');
    dev.requireOpen();
    dev.unlock(5);
    expect(dev.state).toEqual({ kind: 'open' });
  });

  test('production starts locked', () => {
    expect(() => guard('production').requireOpen()).toThrow(
      expect.objectContaining({ code: 'PRODUCTION_LOCKED' }),
    );
  });

  test('production unlocks for so many minutes and falls back by itself', async () => {
    const production = guard('production');
    production.unlock(2);
    expect(production.state).toEqual({ kind: 'unlocked', untilMs: Date.now() + 120_000 });
    production.requireOpen();
    onChange.mockClear();
    await vi.advanceTimersByTimeAsync(119_999);
    production.requireOpen();
    await vi.advanceTimersByTimeAsync(1);
    expect(production.state).toEqual({ kind: 'locked' });
    expect(onChange).toHaveBeenCalledOnce();
  });

  test('the clock decides when the machine slept through the timer', () => {
    const production = guard('production');
    production.unlock(1);
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(() => production.requireOpen()).toThrow(expect.objectContaining({ code: 'PRODUCTION_LOCKED' }));
  });

  test('a connection that is called production while it is open is locked at once, and open again as dev', () => {
    const changed = guard('dev');
    changed.follow({ environment: 'production', isReadOnly: false });
    expect(changed.state).toEqual({ kind: 'locked' });
    changed.unlock(5);
    changed.follow({ environment: 'production', isReadOnly: false });
    expect(changed.state.kind).toBe('unlocked');
    changed.follow({ environment: 'production', isReadOnly: true });
    expect(changed.state).toEqual({ kind: 'read-only' });
    changed.follow({ environment: 'dev', isReadOnly: false });
    expect(changed.state).toEqual({ kind: 'open' });
  });

  test('unlocking again lengthens the time; locking ends it at once', async () => {
    const production = guard('production');
    production.unlock(1);
    await vi.advanceTimersByTimeAsync(50_000);
    production.unlock(1);
    await vi.advanceTimersByTimeAsync(50_000);
    production.requireOpen();
    production.lock();
    expect(production.state).toEqual({ kind: 'locked' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a read-only profile stays read-only', () => {
    for (const readOnly of [guard('dev', true), guard('production', true)]) {
      expect(() => readOnly.unlock(5)).toThrow(expect.objectContaining({ code: 'READ_ONLY_PROFILE' }));
      expect(() => readOnly.requireOpen()).toThrow(expect.objectContaining({ code: 'READ_ONLY_PROFILE' }));
    }
  });
});

describe('states', () => {
  test('a client that looks for its first server connects; one that had a session is suspended', () => {
    for (const state of ['idle', 'connecting', 'handshaking', 'suspended'] as const) {
      expect(connectionState(state, { hasSession: false })).toBe('connecting');
      expect(connectionState(state, { hasSession: true })).toBe('suspended');
    }
    expect(connectionState('connectedReadOnly', { hasSession: true })).toBe('connected-read-only');
    expect(connectionState('authFailed', { hasSession: true })).toBe('auth-failed');
  });

  test('a second connection of one session is a reconnect; another attempt is nothing', () => {
    const change = { hadSession: true };
    expect(transitionOf({ before: 'handshaking', after: 'connected', hadSession: false })).toBe('connected');
    expect(transitionOf({ ...change, before: 'handshaking', after: 'connected' })).toBe('reconnected');
    expect(transitionOf({ ...change, before: 'connected', after: 'suspended' })).toBe('suspended');
    expect(transitionOf({ ...change, before: 'connecting', after: 'suspended' })).toBeUndefined();
    expect(transitionOf({ ...change, before: 'handshaking', after: 'expired' })).toBe('expired');
  });

  test('the chroot may be written with or without its slash', () => {
    const draft = { ...PROFILE_DEFAULTS, name: 'n', servers: 'a:1,b:2' };
    expect(['', '/', '/app', 'app'].map((chroot) => connectStringOf({ ...draft, chroot }))).toEqual([
      'a:1,b:2',
      'a:1,b:2/',
      'a:1,b:2/app',
      'a:1,b:2/app',
    ]);
  });
});
