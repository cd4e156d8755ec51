/**
 * `npm run simulate:mutants -- [--seeds N] [--first SEED] [--only NAME,NAME] [--from NAME]`: plants every fault of mutants.ts
 * in turn and demands that the simulator finds it within N seeds, 2,000 by default. `--from` goes on where a run was
 * interrupted.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { MUTANTS, type Mutant } from './mutants.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    first: { type: 'string', default: '1' },
    only: { type: 'string' },
    from: { type: 'string' },
  },
});

/** Throws when a name is not in the list. */
function chosenMutants(): readonly Mutant[] {
  const only = values.only?.split(',');
  for (const name of [...(only ?? []), ...(values.from === undefined ? [] : [values.from])]) {
    if (!MUTANTS.some((mutant) => mutant.name === name)) throw new Error(`no mutant is called ${name}`);
  }
  if (only) return MUTANTS.filter(({ name }) => only.includes(name));
  return MUTANTS.slice(
    Math.max(
      0,
      MUTANTS.findIndex(({ name }) => name === values.from),
    ),
  );
}

/** Whether the simulator finds the fault; says so. */
function isFound({ name }: Mutant): boolean {
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
  if (seed === undefined) {
    console.log(`SURVIVED ${name} ${run.stderr.slice(0, 400)}`);
    return false;
  }
  const problem = /^(?:\w+: )?(?:Violation|BugError|\w*Error): .*$/m.exec(run.stderr)?.[0] ?? '';
  const count = Number(seed) - Number(values.first) + 1;
  console.log(`${String(count).padStart(5)} seeds  ${name.padEnd(50)} ${problem.slice(0, 100)}`);
  return true;
}

const chosen = chosenMutants();
const survivors = chosen.filter((mutant) => !isFound(mutant));
console.log(`${chosen.length - survivors.length} of ${chosen.length} found`);
if (survivors.length > 0) {
  console.error(`not found: ${survivors.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}
