/**
 * Countdowns: one timer for all of them, and a component renders only when what it says has changed. So a table of thousands
 * of sessions stands still while its seconds run.
 */
import { useSyncExternalStore } from 'react';

/** Below ten seconds tenths are shown. */
const STEP_MS = 100;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What `read` says of the present time, or of `frozenMs` where time stands still. Must return a text or a number. */
export function useTicking<T extends string | number>(
  read: (nowMs: number) => T,
  frozenMs: number | null = null,
): T {
  return useSyncExternalStore(subscribe, () => read(frozenMs ?? Date.now()));
}
