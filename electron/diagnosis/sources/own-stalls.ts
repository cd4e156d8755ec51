/** Notices when Zabra's own process did not run: what it then missed must not be blamed on servers. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { Observation } from '../observation.ts';

const RESOLUTION_MS = 20;
const LOOK_MS = 250;
/** Shorter ones cannot be mistaken for a server's silence. */
const STALL_MS = 500;
const NS_IN_MS = 1e6;

/** Watches until the signal aborts. */
export function watchOwnStalls({
  now,
  observe,
  signal,
}: {
  readonly now: () => number;
  readonly observe: (observation: Observation) => void;
  readonly signal: AbortSignal;
}): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const timer = setInterval(() => {
    const durationMs = delays.max / NS_IN_MS;
    if (durationMs >= STALL_MS) observe({ kind: 'own-stall', atMs: now(), durationMs });
    delays.reset();
  }, LOOK_MS);
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(timer);
      delays.disable();
    },
    { once: true },
  );
}
