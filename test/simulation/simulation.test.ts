/** Whole ensembles under faults, a fixed set of seeds on every run; `npm run simulate` draws new ones. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { Coverage } from './coverage.ts';
import { MUTANTS } from './mutants.ts';
import { Simulation } from './simulation.ts';

const SEEDS = 200;
const SEEDS_PER_TEST = 20;

describe('simulation: elections, synchronisation and broadcast under crashes, partitions and slow disks', () => {
  const coverage = new Coverage();

  for (let first = 1; first <= SEEDS; first += SEEDS_PER_TEST) {
    test(`seeds ${first} to ${first + SEEDS_PER_TEST - 1}`, () => {
      let acknowledgedWrites = 0;
      for (let seed = first; seed < first + SEEDS_PER_TEST; seed++) {
        const outcome = new Simulation(seed).run();
        acknowledgedWrites += outcome.acknowledgedWrites;
        coverage.add(outcome.coverage);
      }
      expect(acknowledgedWrites).toBeGreaterThan(SEEDS_PER_TEST * 10);
    });
  }

  test('all of them together have seen every fault, every way to synchronise and every role', () => {
    expect(coverage.missing).toEqual([]);
  });

  test('a seed replays exactly', () => {
    const trace = (seed: number): string[] => {
      const lines: string[] = [];
      new Simulation(seed, (line) => lines.push(line)).run();
      return lines;
    };
    expect(trace(7)).toEqual(trace(7));
  });
});

/** Whether the simulator finds them takes too long for every run: `npm run simulate:mutants`. */
test.each(MUTANTS)('the planted fault $name has its place', ({ file, find }) => {
  const source = readFileSync(new URL(`../../embedded-server/core/${file}`, import.meta.url), 'utf8');
  expect(source.split(find)).toHaveLength(2);
});
