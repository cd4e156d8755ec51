/**
 * `npm run bench:diagnosis`: plays incidents and prints how many of them `diagnose` explained rightly, and how soon;
 * without --only also what it costs servers to be watched.
 * Options: --engine builtin|apache (both by default), --only NAME[,NAME…], --sources local,admin,data-dir,log (all by
 * default; none with an empty text), --show to print what was told.
 */
import { Command, InvalidArgumentError, Option } from 'commander';

import { ENGINE_NAMES, type EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import { REQUESTS_A_SECOND_MAX, requestsASecond } from './cost.ts';
import { SOURCES, type Source } from './diagnose-process.ts';
import type { Incident } from './incident.ts';
import { INCIDENTS } from './incidents.ts';
import { ANSWER_MS_MAX, type Played, play } from './play.ts';

interface Flags {
  readonly engine?: EngineName;
  readonly only?: string;
  readonly sources: readonly Source[];
  readonly show?: true;
}

const program = new Command('bench:diagnosis')
  .addOption(new Option('--engine <name>', 'both by default').choices(ENGINE_NAMES))
  .option('--only <names>', 'incidents, separated by commas')
  .option('--sources <names>', 'what the diagnosis is given besides the servers', sourcesOf, SOURCES)
  .option('--show', 'print every finding that was told')
  .action(async ({ engine, only, sources, show }: Flags) => {
    const names = only?.split(',');
    const chosen = INCIDENTS.filter(({ name }) => names?.includes(name) ?? true);
    for (const name of engine === undefined ? ENGINE_NAMES : [engine]) {
      if (names === undefined) await printCost(name);
      await playAll(chosen, { engine: name, sources, isShowing: show === true });
    }
  });

async function printCost(engine: EngineName): Promise<void> {
  const requests = await requestsASecond(engine);
  const verdict = requests <= REQUESTS_A_SECOND_MAX ? 'right' : 'TOO MANY';
  console.log(`${engine}: watching costs a server ${requests.toFixed(2)} requests a second  ${verdict}`);
}

async function playAll(
  incidents: readonly Incident[],
  { engine, sources, isShowing }: { engine: EngineName; sources: readonly Source[]; isShowing: boolean },
): Promise<void> {
  let right = 0;
  let late = 0;
  const played = incidents.filter(({ engines }) => engines?.includes(engine) ?? true);
  for (const incident of played) {
    const outcome = await play(incident, engine, sources).catch((error: unknown) => notPlayed(error));
    if (outcome.isRight) right++;
    if ((outcome.delayMs ?? 0) > ANSWER_MS_MAX) late++;
    console.log(row(engine, incident, outcome));
    if (isShowing) for (const { finding } of outcome.told) console.log(JSON.stringify(finding));
  }
  console.log(
    `${engine}: ${right} of ${played.length} right, ${late} later than ${ANSWER_MS_MAX / 1000} s\n`,
  );
}

/** One that could not be played is not right, and the others are played all the same. */
function notPlayed(error: unknown): Played {
  return {
    isRight: false,
    delayMs: undefined,
    remarks: [`could not be played: ${String(error)}`],
    truths: [],
    told: [],
    output: '',
  };
}

function row(engine: EngineName, { name, title }: Incident, outcome: Played): string {
  const { isRight, delayMs, remarks, output } = outcome;
  const verdict = isRight ? `right  ${((delayMs ?? 0) / 1000).toFixed(1)} s` : `WRONG  ${remarks.join('; ')}`;
  return `${engine.padEnd(8)} ${name.padEnd(22)} ${title.padEnd(46)} ${verdict}${output === '' ? '' : `\n${output}`}`;
}

function sourcesOf(text: string): readonly Source[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !SOURCES.some((source) => source === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`there is no source ${unknown}`);
  return SOURCES.filter((source) => names.includes(source));
}

await program.parseAsync();
