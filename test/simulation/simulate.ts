/**
 * `npm run simulate -- --seeds N [--first SEED] [--trace]`: runs whole simulated ensembles, seed after seed, and says how
 * many an hour that makes. The first broken promise ends it with `seed=… commit=…`, which is all it takes to see it again.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { Coverage } from './coverage.ts';
import { Simulation } from './simulation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    first: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

const first = values.first === undefined ? Math.floor(Math.random() * 0x1_0000_0000) : Number(values.first);
const seeds = Number(values.seeds);
let done = 0;
let transactions = 0;
let epochs = 0;
const coverage = new Coverage();
for (; done < seeds; done++) {
  const seed = first + done;
  try {
    const outcome = new Simulation(seed, values.trace ? (line) => console.log(line) : undefined).run();
    transactions += outcome.transactions;
    epochs += outcome.epochs;
    coverage.add(outcome.coverage);
  } catch (error) {
    console.error(error instanceof Error ? error.stack : error);
    console.error(`seed=${seed} commit=${commit()}`);
    process.exitCode = 1;
    break;
  }
}
// Of processor time, so that the figure does not depend on what else the machine does.
const hours = process.cpuUsage().user / 1e6 / 3600;
console.log(coverage.format());
console.log(
  `${done} seeds from ${first}: ${transactions} transactions, ${epochs} epochs; ` +
    `${Math.round(done / hours)} seeds/hour a core`,
);
