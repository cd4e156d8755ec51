/**
 * Notices when the process did not run, because it was paused, starved of CPU or busy with one thing, and when the wall
 * clock moved against the monotonic one: both look like silent peers to the servers around it.
 */
import type { Now } from './core/effects.ts';

const INTERVAL_MS = 250;
/** A timer that is later than this tells of a stall; clocks that part by more tell of a jump. */
const TOLERANCE_MS = 200;

export interface ProcessWatchOptions {
  readonly now: () => Now;
  /** At every look, with the time since the last one. */
  readonly onLook: (elapsedMs: number) => void;
  readonly onStall: (durationMs: number) => void;
  readonly onClockJump: (byMs: number) => void;
}

/** Looks until what is returned is called. */
export function watchProcess(options: ProcessWatchOptions): () => void {
  let last = readClocks(options.now);
  const timer = setInterval(() => {
    const next = readClocks(options.now);
    report(options, last, next);
    last = next;
  }, INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Pure: what two looks, one interval apart, tell. */
export function report(
  { onLook, onStall, onClockJump }: Omit<ProcessWatchOptions, 'now'>,
  last: Now,
  next: Now,
): void {
  const elapsedMs = next.elapsedMs - last.elapsedMs;
  onLook(elapsedMs);
  const lateMs = elapsedMs - INTERVAL_MS;
  if (lateMs > TOLERANCE_MS) onStall(lateMs);
  const jumpMs = next.wallMs - last.wallMs - elapsedMs;
  if (Math.abs(jumpMs) > TOLERANCE_MS) onClockJump(jumpMs);
}

/** Both clocks of one moment: when the process was paused between reading them, they are read again. */
function readClocks(now: () => Now): Now {
  for (;;) {
    const { elapsedMs } = now();
    const second = now();
    if (second.elapsedMs - elapsedMs < TOLERANCE_MS / 4) return second;
  }
}
