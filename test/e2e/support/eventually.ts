/** Waiting for values: locators wait by themselves, what is read from a page or a server does not. */
import { expect } from 'vitest';
import { LOOK_MS_MAX } from './look.ts';

/** Waits until what `read` says passes a matcher: `await eventually(() => …).toBe(…)`. */
export function eventually<T>(
  read: () => T | Promise<T>,
  timeoutMs = LOOK_MS_MAX,
): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: timeoutMs, interval: 25 });
}
