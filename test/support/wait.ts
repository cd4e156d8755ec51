/** Waiting for conditions and events with a bound, instead of sleeping. */

const POLL_MS = 10;
export const WAIT_MS_DEFAULT = 10_000;

/**
 * Resolves with the first value of `probe` that is neither undefined nor false. Rejects, saying what did not happen, when the
 * time is over; what `probe` throws last is the cause.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = WAIT_MS_DEFAULT,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadlineMs) throw new Error(`within ${timeoutMs} ms: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Rejects, saying what did not happen, unless `promise` settles in time. */
export async function within<T>(what: string, promise: Promise<T>, timeoutMs = WAIT_MS_DEFAULT): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`within ${timeoutMs} ms: ${what}`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
