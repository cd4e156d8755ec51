/** The process of a window: a browser in app mode, or Electron. Its end is the end of the program, and the reverse. */
import { type ChildProcess, spawn } from 'node:child_process';

/** How long a window may take to close by itself. */
const CLOSE_MS_MAX = 5_000;

export interface WindowProcess {
  /** Resolves with the exit code when the last window is closed; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends it with all processes that it started. */
  close(): Promise<void>;
}

export function openWindowProcess(
  binary: string,
  args: readonly string[],
  { environment, showsOutput }: { environment: NodeJS.ProcessEnv; showsOutput: boolean },
): WindowProcess {
  const child = spawn(binary, args, {
    env: environment,
    stdio: ['ignore', showsOutput ? 'inherit' : 'ignore', showsOutput ? 'inherit' : 'ignore'],
    // A group of its own, so that its helpers can be ended with it, and Ctrl+C reaches us alone.
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  return {
    ended,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        signalGroup(child, 'SIGTERM');
        const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), CLOSE_MS_MAX);
        await ended.catch(() => null);
        clearTimeout(timer);
      }
      // What it started and did not take along (a crashed browser's helpers).
      signalGroup(child, 'SIGKILL');
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
