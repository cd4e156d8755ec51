/**
 * Assertions for invariants of our own code. A failed one is a bug in Zabra, never bad input:
 * input that somebody else sent is answered with an AppError (errors.ts).
 */

/** A broken invariant. In a server it stops that server before an acknowledgement leaves. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/** Throws {@link BugError} when `condition` is false. Always on, in production too. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** Marks the end of an exhaustive switch; reaching it means that a case was forgotten. */
export function assertNever(value: never, what = 'value'): never {
  throw new BugError(`unexpected ${what}: ${String(value)}`);
}
