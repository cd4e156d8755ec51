/**
 * The short version of `npm run kill-9`: servers of a builtin ensemble killed in the middle of their work, the leader
 * mostly, two and all three at times. ZABRA_KILL_CYCLES=<count> kills more often, ZABRA_KILL_SEED=<number> the same ones.
 */
import { expect, test } from 'vitest';

import { runKillCycles } from '../kill-9/kill-cycles.ts';

const CYCLES = Number(process.env['ZABRA_KILL_CYCLES'] ?? 12);
const SEED = Number(process.env['ZABRA_KILL_SEED'] ?? Date.now() % 1_000_000);

test(
  `killed ${CYCLES} times under load, it loses nothing acknowledged and shows no half-write (seed ${SEED})`,
  async () => {
    const { kills, acknowledgedWrites, reads } = await runKillCycles({ cycles: CYCLES, seed: SEED });
    expect(kills).toBeGreaterThanOrEqual(CYCLES);
    expect(acknowledgedWrites).toBeGreaterThan(CYCLES * 20);
    expect(reads).toBeGreaterThan(CYCLES * 20);
  },
  60_000 + CYCLES * 20_000,
);
