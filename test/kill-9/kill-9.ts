/**
 * `npm run kill-9 -- --cycles N [--seed S]`: kills servers of a builtin ensemble N times under load, and says what came of
 * it. The first broken promise ends it with exit code 1 and the seed; which operations a kill meets differs from run to run.
 */
import { parseArgs } from 'node:util';

import { runKillCycles } from './kill-cycles.ts';

const { values } = parseArgs({
  options: { cycles: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const cycles = Number(values.cycles);
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x1_0000_0000) : Number(values.seed);
const startMs = performance.now();
try {
  const summary = await runKillCycles({
    cycles,
    seed,
    onCycle(cycle, victims) {
      if (cycle % 10 === 0) console.log(`cycle ${cycle}, the last killed: ${victims.join(' and ')}`);
    },
  });
  const { kills, leaderKills, acknowledgedWrites, unansweredWrites, reads } = summary;
  console.log(
    `${cycles} cycles, ${kills} kills (the leader in ${leaderKills} cycles), ${acknowledgedWrites} writes acknowledged and ` +
      `none lost, ${unansweredWrites} without an answer, ${reads} reads, ` +
      `in ${Math.round((performance.now() - startMs) / 1000)} s; seed=${seed}`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  console.error(`seed=${seed}`);
  process.exitCode = 1;
}
