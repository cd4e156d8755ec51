/** Streams whose pace the shell sets, and errors at the edge. */
import { ORPCError } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../../../electron/log.ts';
import { toContractError, toFailure } from '../../../../electron/services/failures.ts';
import { Observable } from '../../../../electron/services/observable.ts';
import { PacedStream } from '../../../../electron/services/paced-stream.ts';
import { ShellError } from '../../../../electron/services/shell-error.ts';
import { BugError } from '../../../../shared/assert.ts';
import { ConnectionError, KeeperError } from '../../../../shared/errors.ts';

describe('paced stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function counter(): { stream: PacedStream<number>; add: (by?: number) => void; ends: () => number } {
    let count = 0;
    let ends = 0;
    const stream = new PacedStream<number>({
      intervalMs: 100,
      take: () => {
        const taken = count;
        count = 0;
        return taken === 0 ? undefined : taken;
      },
      onEnd: () => ends++,
    });
    return {
      stream,
      add: (by = 1) => {
        count += by;
        stream.wake();
      },
      ends: () => ends,
    };
  }

  test('what comes between two values goes out together', async () => {
    const { stream, add } = counter();
    add();
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    const second = stream.next();
    let isThere = false;
    void second.then(() => (isThere = true));
    for (let i = 0; i < 50; i++) add();
    await vi.advanceTimersByTimeAsync(99);
    expect(isThere).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await second).toEqual({ done: false, value: 50 });
  });

  test('a stream that waits can be ended from outside, at once, and lets go of its producer', async () => {
    const { stream, ends } = counter();
    const pending = stream.next();
    await stream.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(ends()).toBe(1);
  });

  test('finishing and failing come after what is still to be said', async () => {
    const { stream, add } = counter();
    add(3);
    stream.finish();
    expect(await stream.next()).toEqual({ done: false, value: 3 });
    expect(await stream.next()).toMatchObject({ done: true });

    const failing = counter();
    failing.add(2);
    failing.stream.fail(new Error('lost'));
    expect(await failing.stream.next()).toEqual({ done: false, value: 2 });
    await expect(failing.stream.next()).rejects.toThrow('lost');
    expect(failing.ends()).toBe(1);
  });

  test('no timer is left when it ends', async () => {
    const { stream, add } = counter();
    add();
    await stream.next();
    void stream.next();
    add();
    await stream.return();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an observable gives its newest value at once, and ends after the last one', async () => {
    let value = 1;
    const observable = new Observable(() => value);
    const stream = observable.stream({ intervalMs: 100, isLast: (now) => now === 9 });
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    const next = stream.next();
    for (value of [2, 3, 9]) observable.changed();
    await vi.advanceTimersByTimeAsync(100);
    expect(await next).toEqual({ done: false, value: 9 });
    expect(await stream.next()).toMatchObject({ done: true });
    expect(observable.listenerCount).toBe(0);
  });
});

describe('failures', () => {
  test('an operating error keeps its code, number, path and server', () => {
    expect(toFailure(new KeeperError('BADVERSION', { path: '/a', server: 's:1' }))).toEqual({
      code: 'BADVERSION',
      number: -103,
      path: '/a',
      server: 's:1',
      retryable: false,
      message: 'BADVERSION (-103) for /a',
    });
    expect(toFailure(new ConnectionError('CONNECTION_REFUSED', 'm'))).toEqual({
      code: 'CONNECTION_REFUSED',
      message: 'm',
      retryable: true,
    });
    expect(toFailure(new ShellError('PRODUCTION_LOCKED', 'm')).code).toBe('PRODUCTION_LOCKED');
  });

  test('everything else is a bug, and is logged with its stack', () => {
    const error = vi.fn();
    const log = { ...silentLog, error };
    const bug = new BugError('x');
    expect(toContractError(bug, { log, procedure: 'znodes.get' })).toMatchObject({
      code: 'FAILURE',
      data: { code: 'BUG', message: 'BugError: x', retryable: false },
    });
    expect(error).toHaveBeenCalledWith({ err: bug, procedure: 'znodes.get' }, expect.any(String));
    expect(toFailure('a text').message).toBe('thrown: a text');
    const sent = new ORPCError('FAILURE', { data: {} });
    expect(toContractError(sent, { log, procedure: 'p' })).toBe(sent);
  });
});
