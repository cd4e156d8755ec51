/** The command `ensemble` as a child process, spoken to as a script would: by its one line, its exit code, its fault API. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { waitFor, within } from './wait.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = [path.join(ROOT, 'embedded-server/launcher/ensemble.ts')];
const READY_MS_MAX = 60_000;
const END_MS_MAX = 20_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `GET /servers` tells of one. */
export interface ListedServer {
  readonly sid: number;
  readonly pid: number | null;
  readonly clientPort: number;
  readonly adminPort: number | null;
  readonly state: string;
}

export class EnsembleCommand {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<unknown>;
  readonly #faultApiPort: number | undefined;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], { faultApiPort, env, command = COMMAND }: CommandOptions = {}) {
    this.#faultApiPort = faultApiPort;
    const faultApi = faultApiPort === undefined ? [] : ['--fault-api', String(faultApiPort)];
    this.#child = spawn(process.execPath, [...command, ...args, ...faultApi], {
      cwd: ROOT,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close');
    this.#child.stdout.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
  }

  /** The `host:port` of every server, once the command has said that they serve. */
  async ready(): Promise<readonly string[]> {
    await waitFor(
      'the ensemble is ready',
      () => {
        if (this.#child.exitCode !== null) throw new Error(`the command ended: ${this.#stderr}`);
        return this.#stdout.includes('\n');
      },
      READY_MS_MAX,
    );
    const line = /^ready (\S+)\n$/.exec(this.#stdout);
    if (line === null) throw new Error(`not one line: ${this.#stdout}`);
    return line[1]!.split(',');
  }

  /** Sends the signal, if any, and waits until the command and its streams have ended. */
  async end(signal?: NodeJS.Signals): Promise<Ended> {
    if (signal !== undefined) this.#child.kill(signal);
    await within('the command ends', this.#ended, END_MS_MAX);
    return { code: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  async servers(): Promise<readonly ListedServer[]> {
    const response = await fetch(this.#url('/servers'));
    return (await response.json()) as ListedServer[];
  }

  post(lever: string): Promise<Response> {
    return fetch(this.#url(lever), { method: 'POST' });
  }

  /** Of the servers, without a fault API to ask. Linux only. */
  async childPids(): Promise<readonly number[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const parents = await Promise.all(pids.map(parentOf));
    return pids.filter((_, index) => parents[index] === this.#child.pid);
  }

  #url(lever: string): string {
    return `http://127.0.0.1:${this.#faultApiPort}${lever}`;
  }
}

export interface CommandOptions {
  readonly faultApiPort?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** What Node runs: the script of the command when left out. */
  readonly command?: readonly string[];
}

/** Whether a process is there that could do anything; one that only waits to be buried is not. Linux only. */
export async function isAlive(pid: number): Promise<boolean> {
  const fields = await statOf(pid);
  return fields !== undefined && fields.state !== 'Z';
}

async function parentOf(pid: number): Promise<number | undefined> {
  return (await statOf(pid))?.parentPid;
}

async function statOf(pid: number): Promise<{ state: string; parentPid: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name in brackets may hold anything.
  const match = /^\d+ \(.*\) (\S) (\d+) /s.exec(text);
  return match === null ? undefined : { state: match[1]!, parentPid: Number(match[2]) };
}
