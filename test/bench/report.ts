/** What the benchmark says of its measurements: medians, ratios to Apache, and whether a ratio meets its target. Pure. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export interface Target {
  readonly kind: 'atLeast' | 'atMost';
  readonly ratio: number;
}

export interface Measured {
  readonly title: string;
  readonly unit: string;
  /** By engine: one value a round. */
  readonly values: ReadonlyMap<string, readonly number[]>;
  /** Of the first engine's value by another's, by that other one. */
  readonly targets: ReadonlyMap<string, Target>;
}

/** One line: the median of each engine, and the ratio of the first to each other, rounds taken in pairs. */
export function describe({ title, unit, values, targets }: Measured): string {
  const medians = [...values].map(([name, own]) => `${name} ${round(median(own))}`);
  const [first = []] = values.values();
  const ratios = [...values].slice(1).map(([name, others]) => {
    const ratio = median(first.map((value, at) => value / (others[at] ?? NaN)));
    return `${ratio.toFixed(2)}× ${name}${verdict(ratio, targets.get(name))}`;
  });
  return [`${title} (${unit})`.padEnd(34), medians.join(', '), ...ratios].join('  |  ');
}

function verdict(ratio: number, target: Target | undefined): string {
  if (!target) return '';
  const isAtLeast = target.kind === 'atLeast';
  const isMet = isAtLeast ? ratio >= target.ratio : ratio <= target.ratio;
  return ` (${isMet ? 'meets' : 'MISSES'} ${isAtLeast ? '≥' : '≤'} ${round(target.ratio)}×)`;
}

/** Three digits that count, large numbers whole. */
function round(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
