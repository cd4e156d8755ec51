/**
 * Countdowns: one timer for all of them, and a component renders only when what it says has changed. So a table of thousands
 * of sessions stands still while its seconds run.
 */
import { useSyncExternalStore } from 'react';

/** Below ten seconds tenths are shown. */
const STEP_MS = 100;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
/** The same for all components until the next step, or what one says would change while it is drawn. */
let nowMs = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const tell of listeners) tell();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Nobody keeps the time before the first component listens. */
function presentMs(): number {
  if (timer === undefined) nowMs = Date.now();
  return nowMs;
}

/** What `read` says of the present time, or of `frozenMs` where time stands still. Must return a text or a number. */
export function useTicking<T extends string | number>(
  read: (nowMs: number) => T,
  frozenMs: number | null = null,
): T {
  return useSyncExternalStore(subscribe, () => read(frozenMs ?? presentMs()));
}
