/**
 * `npm run simulate:mutants -- [--seeds N] [--only NAME]`: plants every fault of mutants.ts in turn and demands that the
 * simulator finds it within N seeds, 2,000 by default.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { MUTANTS } from './mutants.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    first: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});

const survivors: string[] = [];
for (const { name } of MUTANTS.filter((mutant) => values.only === undefined || mutant.name === values.only)) {
  const run = spawnSync(
    process.execPath,
    [
      '--import',
      new URL('load-mutant.ts', import.meta.url).href,
      new URL('simulate.ts', import.meta.url).pathname,
      '--seeds',
      values.seeds,
      '--first',
      values.first,
    ],
    { encoding: 'utf8', env: { ...process.env, ZABRA_MUTANT: name } },
  );
  const seed = /seed=(\d+)/.exec(run.stderr)?.[1];
  const problem = /^(?:\w+: )?(?:Violation|BugError|\w*Error): .*$/m.exec(run.stderr)?.[0] ?? '';
  if (seed === undefined) {
    survivors.push(name);
    console.log(`SURVIVED ${name} ${run.stderr.slice(0, 400)}`);
  } else {
    console.log(
      `killed ${name} after ${Number(seed) - Number(values.first) + 1} seeds: ${problem.slice(0, 110)}`,
    );
  }
}
if (survivors.length > 0) {
  console.error(`${survivors.length} mutants survive: ${survivors.join(', ')}`);
  process.exitCode = 1;
}
