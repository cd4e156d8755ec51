/** Plays one incident on one engine with the diagnosis beside it, and judges what that says. */
import { waitFor } from '../support/wait.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { DiagnoseProcess, SOURCES, type Source, type Told } from './diagnose-process.ts';
import type { Incident, Truth } from './incident.ts';
import { withFaultLibrary } from './library-faults.ts';
import { type Judgement, judge } from './judge.ts';
import { Stage } from './stage.ts';

/** Short ticks: what a cluster notices after ten seconds elsewhere, it notices after two and a half here. */
const CONFIG = { '4lw.commands.whitelist': '*', tickTime: '500', initLimit: '10', syncLimit: '5' };
/** The diagnosis gets to know the ensemble. */
const ACQUAINTANCE_MS = 4000;
export const ANSWER_MS_MAX = 10_000;
/** A right answer must stand for so long. */
const STANDING_MS = 3000;

export interface Played extends Judgement {
  readonly truths: readonly Truth[];
  readonly told: readonly Told[];
  /** What the diagnosis printed where it should not. */
  readonly output: string;
}

export async function play(
  incident: Incident,
  engine: EngineName,
  sources: readonly Source[] = SOURCES,
): Promise<Played> {
  const { config, ...request } = incident.ensemble ?? {};
  const start = (): Promise<Ensemble> =>
    startEnsemble({
      servers: 3,
      ...request,
      engine,
      config: { ...CONFIG, ...config, ...incident.configOf?.[engine] },
    });
  const needsLibrary = engine === 'apache' && incident.hasFaultyParts === true;
  const ensemble = await (needsLibrary ? withFaultLibrary(start) : start());
  const stage = new Stage(ensemble, engine);
  let startMs = Date.now();
  await incident.prepare?.(stage);
  const diagnosis = new DiagnoseProcess(ensemble, engine, sources);
  try {
    await diagnosis.watching();
    if (incident.prepare === undefined) {
      await stage.lasting(ACQUAINTANCE_MS);
      startMs = Date.now();
    }
    const truths = await incident.run(stage);
    const endMs = Date.now();
    const judged = (): Judgement => judge({ truths, told: diagnosis.told, startMs, endMs });
    const hasAnswer = truths.some(({ cause, isAside }) => cause !== null && !isAside);
    await waitFor('the diagnosis is right', () => hasAnswer && judged().isRight, ANSWER_MS_MAX).catch(
      () => undefined,
    );
    await stage.lasting(STANDING_MS);
    return { ...judged(), truths, told: diagnosis.told, output: diagnosis.isRunning ? '' : diagnosis.output };
  } finally {
    await diagnosis.stop();
    await stage.close();
    await ensemble.close();
  }
}
