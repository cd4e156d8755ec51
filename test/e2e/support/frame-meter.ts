/**
 * Whether a page keeps answering: how long its tasks are, and how much work a frame takes (from requestAnimationFrame to the
 * message that is delivered after that frame's scripts, styles and layout). Gaps between frames say more about the machine.
 * How slow that is just now is measured as well: a busy machine makes any task long.
 */
import type { Page } from 'playwright-core';

export interface FrameFigures {
  readonly tookMs: number;
  readonly frames: number;
  /** Milliseconds of work, by percentile. */
  readonly workMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  /** Tasks over 50 ms, as the browser counts them. */
  readonly longTasksMs: readonly number[];
  /** How many times as long as on a quiet machine of the developers' the page takes for the same work. */
  readonly slowness: number;
}

interface Meter {
  readonly work: number[];
  readonly tasks: number[];
  isOn: boolean;
}

declare global {
  interface Window {
    zabraMeter?: Meter;
  }
}

/** Measures what the page does while `act` runs. */
export async function measureFrames(page: Page, act: () => Promise<void>): Promise<FrameFigures> {
  const slownessBefore = await page.evaluate(measureSlowness, SLOWNESS);
  await page.evaluate(startMeter);
  const startedAt = performance.now();
  await act();
  const tookMs = Math.round(performance.now() - startedAt);
  const { work, tasks } = await page.evaluate(stopMeter);
  const slownessAfter = await page.evaluate(measureSlowness, SLOWNESS);
  const sorted = [...work].sort((a, b) => a - b);
  const percentile = (share: number): number => round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return {
    tookMs,
    frames: work.length,
    workMs: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), max: percentile(1) },
    longTasksMs: tasks.map(round),
    slowness: round(Math.max(1, slownessBefore, slownessAfter)),
  };
}

/** How long the longest task would have been where nothing else runs; 0 without a long one. */
export function longestTaskMs({ longTasksMs, slowness }: FrameFigures): number {
  return round(Math.max(0, ...longTasksMs) / slowness);
}

export function formatFigures(title: string, figures: FrameFigures): string {
  const { tookMs, frames, workMs, longTasksMs, slowness } = figures;
  const work = `p50 ${workMs.p50}, p95 ${workMs.p95}, p99 ${workMs.p99}, max ${workMs.max} ms`;
  const longest = Math.max(0, ...longTasksMs);
  return `${title}: ${tookMs} ms, ${frames} frames, work ${work}; ${longTasksMs.length} long tasks, longest ${longest} ms; the machine is ${slowness}× as slow`;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** What a round takes where nothing else runs. It is no script of its own, which may run well compiled or not. */
const SLOWNESS = { rounds: 20, numbersPerRound: 1_000_000, quietMs: 10 };

async function measureSlowness({ rounds, numbersPerRound, quietMs }: typeof SLOWNESS): Promise<number> {
  const text = JSON.stringify(Array.from({ length: numbersPerRound }, (_number, at) => at % 1000));
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    JSON.parse(text);
    tookMs.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve));
  }
  tookMs.sort((a, b) => a - b);
  // Not the worst of them: a long task is held up as much as most are.
  return (tookMs[Math.floor(rounds * 0.75)] ?? quietMs) / quietMs;
}

function startMeter(): void {
  const meter: Meter = { work: [], tasks: [], isOn: true };
  window.zabraMeter = meter;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (meter.isOn) meter.tasks.push(entry.duration);
  });
  observer.observe({ type: 'longtask' });
  const { port1, port2 } = new MessageChannel();
  let startedAt = 0;
  port1.onmessage = () => {
    meter.work.push(performance.now() - startedAt);
    if (meter.isOn) requestAnimationFrame(onFrame);
    else observer.disconnect();
  };
  const onFrame = (): void => {
    startedAt = performance.now();
    port2.postMessage(null);
  };
  requestAnimationFrame(onFrame);
}

/** Waits for two more frames, since a long task is reported after it. */
async function stopMeter(): Promise<{ work: number[]; tasks: number[] }> {
  const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  await nextFrame();
  await nextFrame();
  const meter = window.zabraMeter;
  if (meter === undefined) throw new Error('nothing is measured');
  meter.isOn = false;
  return { work: meter.work, tasks: meter.tasks };
}
