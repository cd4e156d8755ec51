/**
 * Ensembles for other people's tests, and for the command `ensemble`: one call starts one, `close()` ends it.
 *
 *   const ensemble = await startEnsemble({ servers: 3, engine: 'apache' });
 *   const client = connect(ensemble.connectString);
 *   await ensemble.kill(await ensemble.leader());
 *   await ensemble.close();
 */
import { readFileSync } from 'node:fs';

import { Ensemble, type EnsembleOptions } from './running-ensemble.ts';

export type StartEnsembleOptions = Omit<EnsembleOptions, 'version'> & {
  /** Of the program that shows itself in what builtin servers say; this one's when left out. */
  readonly version?: string;
  /** The ensemble is there and its servers are about to start: for who must be able to end it before it serves. */
  readonly onOpened?: (ensemble: Ensemble) => void | Promise<void>;
};

/**
 * Resolves when a leader and all servers serve. Throws ConfigError for what cannot be, StartError for what did not work;
 * nothing runs then.
 */
export async function startEnsemble({
  onOpened,
  version = packageVersion(),
  ...options
}: StartEnsembleOptions = {}): Promise<Ensemble> {
  const ensemble = await Ensemble.open({ ...options, version });
  try {
    await onOpened?.(ensemble);
    await ensemble.start();
    return ensemble;
  } catch (error) {
    await ensemble.close();
    throw error;
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
