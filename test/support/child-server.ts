/**
 * A ZooKeeper server under test as a child process: started, awaited until it serves, stopped without leaving anything
 * behind. What it printed is kept for the message of a start that fails.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { isReadWriteServer, sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import { waitFor } from './wait.ts';

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;
const OUTPUT_CHARACTERS_MAX = 20_000;

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** `host:port` */
  readonly connectString: string;
  readonly pid: number;
  /** What the process has printed lately. */
  output(): string;
  stop(): Promise<void>;
  /** What is done to it while it is in use. */
  readonly disturbances?: Disturbances;
}

export interface Disturbances {
  /** So far, the one that is under way included. */
  count(): number;
  /** Resolves when it serves. */
  untilOver(): Promise<void>;
}

export interface ServerCommand {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly port: number;
  /** Runs after the process has ended. */
  readonly onStopped: () => Promise<void>;
}

export async function startServerProcess(command: ServerCommand): Promise<RunningServer> {
  const child = spawn(command.file, command.args, { cwd: command.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collectOutput(child);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    await endProcess(child, ended);
    await command.onStopped();
  };
  const host = '127.0.0.1';
  try {
    await waitFor(
      `${command.name} serves on port ${command.port}`,
      () => {
        const hasEnded = child.exitCode !== null || child.signalCode !== null;
        return hasEnded || servesRequests({ host, port: command.port });
      },
      START_MS_MAX,
    );
    if (child.exitCode !== null || child.pid === undefined)
      throw new Error(`${command.name} ended by itself`);
  } catch (error) {
    await stop();
    throw new Error(`${command.name} did not start:\n${output()}`, { cause: error });
  }
  return { host, port: command.port, connectString: `${host}:${command.port}`, pid: child.pid, output, stop };
}

async function servesRequests(host: { host: string; port: number }): Promise<boolean> {
  // srvr is on every whitelist; isro would need one.
  const answer = await sendFourLetterWord(host, 'srvr', { timeoutMs: 1000 });
  return answer.status === 'ok' || (await isReadWriteServer(host));
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const append = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  child.on('error', (error) => {
    append(Buffer.from(`${error.message}\n`));
  });
  return () => text;
}

async function endProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  // A program that could not be started has no process and emits no close.
  if (child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}
