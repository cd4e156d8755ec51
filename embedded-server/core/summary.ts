/** A series of measurements in a few numbers (ZooKeeper's AvgMinMaxCounter and AvgMinMaxPercentileCounter). */

/** Least, greatest and mean. */
export class Summary {
  min = 0;
  max = 0;
  sum = 0;
  count = 0;

  add(value: number): void {
    if (this.count === 0 || value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.sum += value;
    this.count++;
  }

  get average(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  reset(): void {
    this.min = 0;
    this.max = 0;
    this.sum = 0;
    this.count = 0;
  }
}

/** Whole numbers up to this are counted one by one. */
const EXACT_MAX = 1023;
/** Above it each power of two has so many bins: a value is known to a sixteenth. */
const BINS_A_POWER = 16;
const POWERS = 32;

/**
 * A summary of whole numbers, milliseconds mostly, that also knows how they are spread.
 *
 * Differs: Apache draws a sample of 4096 values; this counts all, in bins.
 */
export class PercentileSummary extends Summary {
  readonly #bins = new Uint32Array(EXACT_MAX + 1 + POWERS * BINS_A_POWER);

  override add(value: number): void {
    super.add(value);
    const bin = binOf(value);
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
  }

  /** How long ago the leader made a transaction, by its clock; nothing where the clocks are too far apart to say. */
  addSince(timeMs: bigint, wallMs: number): void {
    const sinceMs = wallMs - Number(timeMs);
    if (sinceMs >= 0) this.add(sinceMs);
  }

  /** The least value that is not less than this share of all; 0 of an empty series. */
  percentile(share: number): number {
    let missing = Math.ceil(this.count * share);
    if (missing === 0) return 0;
    for (const [bin, count] of this.#bins.entries()) {
      missing -= count;
      if (missing <= 0) return Math.min(this.max, greatestOf(bin));
    }
    return this.max;
  }

  override reset(): void {
    super.reset();
    this.#bins.fill(0);
  }
}

function binOf(value: number): number {
  if (value <= EXACT_MAX) return Math.max(0, Math.floor(value));
  const power = Math.min(Math.floor(Math.log2(value / (EXACT_MAX + 1))), POWERS - 1);
  const share = Math.min(value / ((EXACT_MAX + 1) * 2 ** power) - 1, 1 - Number.EPSILON);
  return EXACT_MAX + 1 + power * BINS_A_POWER + Math.floor(share * BINS_A_POWER);
}

/** The greatest value that a bin counts. */
function greatestOf(bin: number): number {
  if (bin <= EXACT_MAX) return bin;
  const above = bin - EXACT_MAX - 1;
  const power = Math.floor(above / BINS_A_POWER);
  return Math.floor((EXACT_MAX + 1) * 2 ** power * (1 + ((above % BINS_A_POWER) + 1) / BINS_A_POWER)) - 1;
}
