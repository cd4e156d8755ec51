/**
 * The command `ensemble`, of npm (ensemble.ts), of `npm start` and of the packaged app alike: runs an ensemble in the
 * foreground, prints one line `ready host:port,…` when it serves, and ends with exit code 0 on SIGINT or SIGTERM. What it
 * cannot do is said on standard error, with exit code 1.
 */
import { Command, InvalidArgumentError, Option } from 'commander';

import { ConfigError } from '../core/config.ts';
import { ENGINE_NAMES, type EngineName } from './ensemble-description.ts';
import { type FaultApi, openFaultApi } from './fault-api.ts';
import type { ForkServer } from './launcher.ts';
import { whenNpmEnds } from './npm-parent.ts';
import type { Ensemble } from './running-ensemble.ts';
import { startEnsemble } from './start-ensemble.ts';
import { StartError } from './start-error.ts';

/** What differs with the program that has the command; what is left out is as for sources run by Node. */
export interface CommandSurroundings {
  readonly forkServer?: ForkServer;
  /** Of that program. */
  readonly version?: string;
}

interface EnsembleOptions {
  readonly servers?: number;
  readonly observers?: number;
  readonly engine?: EngineName;
  readonly clientPort?: number;
  readonly dataDir?: string;
  readonly config: Readonly<Record<string, string>>;
  readonly links: boolean;
  readonly faultApi?: number;
  readonly apacheHome?: string;
  readonly verbose?: true;
}

function integer(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('a whole number is needed.');
  return Number(text);
}

function collectPair(text: string, pairs: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('key=value is needed.');
  return { ...pairs, [text.slice(0, at).trim()]: text.slice(at + 1) };
}

/** What runs, from the moment that something does. Stopping is the same whether it serves by then or not. */
class Running {
  #ensemble: Ensemble | undefined;
  #faultApi: FaultApi | undefined;
  #stopping: Promise<void> | undefined;
  #onEnded: () => void = () => undefined;
  /** Resolves when everything is stopped. */
  readonly ended = new Promise<void>((resolve) => {
    this.#onEnded = resolve;
  });
  exitCode = 0;

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  async open(ensemble: Ensemble, faultApiPort: number | undefined): Promise<void> {
    if (this.isStopping) throw new StartError('the ensemble was stopped before it started');
    this.#ensemble = ensemble;
    if (faultApiPort !== undefined) this.#faultApi = await openFaultApi(ensemble, faultApiPort);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Whether anything is left that serves or could be made to serve again. */
  async isUseful(): Promise<boolean> {
    if (this.#faultApi !== undefined) return true;
    const statuses = (await this.#ensemble?.status()) ?? [];
    return statuses.some(({ state }) => state !== 'stopped');
  }

  async #stop(): Promise<void> {
    await this.#faultApi?.close();
    await this.#ensemble?.close();
    this.#onEnded();
  }
}

async function run(
  { faultApi, verbose, ...request }: EnsembleOptions,
  surroundings: CommandSurroundings,
): Promise<number> {
  const running = new Running();
  stopOnSignal(running);
  try {
    const ensemble = await startEnsemble({
      ...request,
      ...surroundings,
      onOpened: (opened) => running.open(opened, faultApi),
      onLog(_name, level, message) {
        if (level === 'warn' || verbose) process.stderr.write(`${message}\n`);
      },
      onFailure(message) {
        process.stderr.write(`${message}\n`);
        void endWhenUseless(running);
      },
    });
    process.stdout.write(`ready ${ensemble.connectString}\n`);
    await running.ended;
  } catch (error) {
    const wasStopped = running.isStopping;
    await running.stop();
    if (!wasStopped) throw error;
  }
  return running.exitCode;
}

/** The last server has ended by itself, and nobody can start it again. */
async function endWhenUseless(running: Running): Promise<void> {
  if (running.isStopping || (await running.isUseful())) return;
  running.exitCode = 1;
  await running.stop();
}

function stopOnSignal(running: Running): void {
  const stop = (): void => {
    void running.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenNpmEnds(stop);
}

/** What stands behind `ensemble` in a command line, past switches of others; undefined when that is not asked for. */
export function ensembleArguments(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex((word) => !word.startsWith('--'));
  return words[at] === 'ensemble' ? words.slice(at + 1) : undefined;
}

/** Resolves with the exit code when all is over. `words` begin behind the command's own name. */
export async function runEnsembleCommand(
  words: readonly string[],
  surroundings: CommandSurroundings = {},
): Promise<number> {
  let exitCode = 0;
  await newCommand(async (options) => {
    exitCode = await runOrSay(options, surroundings);
  }).parseAsync([...words], { from: 'user' });
  return exitCode;
}

async function runOrSay(options: EnsembleOptions, surroundings: CommandSurroundings): Promise<number> {
  try {
    return await run(options, surroundings);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function newCommand(action: (options: EnsembleOptions) => Promise<void>): Command {
  return new Command('ensemble')
    .description('Runs a ZooKeeper ensemble in the foreground.')
    .option('--servers <count>', 'how many servers vote (default: 1)', integer)
    .option('--observers <count>', 'how many more only observe (default: 0)', integer)
    .addOption(new Option('--engine <name>', 'what runs a server (default: builtin)').choices(ENGINE_NAMES))
    .option(
      '--client-port <port>',
      'for clients of the first server, the others follow; free ones when left out',
      integer,
    )
    .option(
      '--data-dir <folder>',
      'where the ensemble lives and stays; one that is there already is continued',
    )
    .option(
      '--config <key=value>',
      'a key of zoo.cfg or a ZooKeeper property, for all servers; may be repeated',
      collectPair,
      {},
    )
    .option(
      '--fault-api <port>',
      'serve the levers (start, kill, pause, cut …) over HTTP on 127.0.0.1',
      integer,
    )
    .option('--no-links', 'servers reach each other directly, and nothing can be cut')
    .option('--apache-home <folder>', "an unpacked Apache distribution, in place of Debian's packages")
    .option('--verbose', 'show what builtin servers log (an Apache server writes server.log in its folder)')
    .action(action);
}
