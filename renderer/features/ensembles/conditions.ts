/** What a server's disk and clock, and a link's speed, can be set to, and how that is written. Pure. */
import type { ConditionsDto, LinkDto } from '../../../shared/api/ensembles.ts';
import { type Language, formatBytes, formatDuration, formatMs } from '../../app/format.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const KILOBYTE = 1024;

/** From none to what ends a quorum. */
export const DELAYS_MS: readonly number[] = [0, 5, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

const AHEAD_MS = [SECOND_MS, 10 * SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS, 365 * DAY_MS];

/** From a year behind to a year ahead. */
export const SKEWS_MS: readonly number[] = [...AHEAD_MS.map((ms) => -ms).reverse(), 0, ...AHEAD_MS];

/** Bytes a second, the fastest first; null for as much as it can. */
export const RATES: readonly (number | null)[] = [
  null,
  ...[10 * KILOBYTE, 1024, 100, 10, 1].map((kilobytes) => kilobytes * KILOBYTE),
];

/** The step that is `value`, or the last one in front of it. */
export function stepOf(steps: readonly number[], value: number): number {
  return Math.max(
    0,
    steps.findLastIndex((step) => step <= value),
  );
}

export function rateStepOf(bytesPerSecond: number | null): number {
  if (bytesPerSecond === null) return 0;
  const step = RATES.findIndex((rate) => rate !== null && rate <= bytesPerSecond);
  return step === -1 ? RATES.length - 1 : step;
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `+1 h`, `−10 s`. */
export function formatSkew(skewMs: number, language: Language): string {
  if (skewMs === 0) return '0';
  return `${skewMs < 0 ? '\u2212' : '+'}${formatDuration(Math.abs(skewMs), language)}`;
}

export function areUsual({ syncDelayMs, isDiskFull, clockSkewMs }: ConditionsDto): boolean {
  return syncDelayMs === 0 && !isDiskFull && clockSkewMs === 0;
}

/** What its sign says while it is not cut; undefined while it is as at first. */
export function slownessOf({ there, back }: LinkDto): string | undefined {
  const delayMs = Math.max(there.delayMs, back.delayMs);
  const rate = there.bytesPerSecond ?? back.bytesPerSecond;
  const parts = [
    ...(delayMs === 0 ? [] : [formatMs(delayMs)]),
    ...(rate === null ? [] : [`\u2264\u00a0${formatRate(rate)}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
