/** Zabra itself as a person starts it without a window: `node electron/start.ts --no-open`, with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor, within } from '../../support/wait.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_MS_MAX = 90_000;
const STOP_MS_MAX = 45_000;

export interface ZabraHost {
  /** Opens the app; holds for this run. */
  readonly url: string;
  readonly dataFolder: string;
  /** Asks it to end as Ctrl+C does. Rejects when it does not, or ends with a failure. Keeps the data folder. */
  stop(): Promise<void>;
  /** As {@link stop}; the data folder goes, too. */
  dispose(): Promise<void>;
}

/** Starts on the data folder given (an earlier host's), else on a new one. */
export async function startZabra(dataFolder?: string): Promise<ZabraHost> {
  const folder = dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'zabra-e2e-')));
  const child = spawn(process.execPath, ['electron/start.ts', '--no-open', '--data-dir', folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await endHost(child, ended, output);
  };
  const printed = waitFor('Zabra prints its address', () => findUrlLine(output()), START_MS_MAX);
  const endedEarly = ended.then(([code]): never => {
    throw new Error(`it ended with code ${String(code)}`);
  });
  const url = await Promise.race([printed, endedEarly]).catch(async (cause: unknown) => {
    child.kill('SIGKILL');
    await ended;
    throw new Error(`Zabra did not start:\n${output()}`, { cause });
  });
  return {
    url,
    dataFolder: folder,
    stop,
    async dispose() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The address stands on a line of its own, so that scripts find it. */
export function findUrlLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.startsWith('http://127.0.0.1:'));
}

async function endHost(
  child: ChildProcess,
  ended: Promise<[number | null, NodeJS.Signals | null]>,
  output: () => string,
): Promise<void> {
  child.kill('SIGINT');
  try {
    const [code] = await within('Zabra ends when it is asked to', ended, STOP_MS_MAX);
    if (code !== 0) throw new Error(`Zabra ended with code ${String(code)}:\n${output()}`);
  } finally {
    child.kill('SIGKILL');
  }
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const append = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  return () => text;
}
