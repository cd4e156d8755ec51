/**
 * Starts builtin servers, each a process of its own that ends with the process that started it. How a process is made is a
 * parameter: Node's fork by default, a utility process in the packaged app.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { OnLog, ServerHandle } from './engine.ts';
import { canGuard, spawnGuarded } from './guard.ts';
import { StartError } from './start-error.ts';
import type { Conditions, ServerArguments, ToParent, ToServer } from '../server-messages.ts';

/** How long a server may take to end by itself before it is killed. */
const STOP_MS_MAX = 5000;

/** A process under way, as far as the launcher needs it. Listeners are set right after it is made. */
export interface ServerProcess {
  readonly pid: number | undefined;
  send(message: ToServer): void;
  kill(): void;
  onMessage(listener: (message: ToParent) => void): void;
  /** Called once; `code` is null when a signal ended it. */
  onExit(listener: (code: number | null) => void): void;
}

/** Runs main.ts with one argument. */
export type ForkServer = (argument: string) => ServerProcess;

export interface LaunchOptions {
  readonly serverArguments: ServerArguments;
  readonly onLog?: OnLog | undefined;
  readonly forkServer?: ForkServer | undefined;
}

/** Makes the process and returns at once; it is up when it says that clients can connect. */
export function launchServer({
  serverArguments,
  onLog,
  forkServer = forkSource,
}: LaunchOptions): ServerHandle {
  const server = forkServer(JSON.stringify(serverArguments));
  const exited = new Promise<number | null>((resolve) => {
    server.onExit(resolve);
  });
  const talk = new ServerTalk(server, exited, onLog);
  const { up } = talk;
  // Who does not wait for it learns of a failure by `exited`.
  up.catch(() => undefined);
  return {
    // Some processes have none before they are spawned.
    get pid() {
      return server.pid;
    },
    up,
    exited,
    get lastWords() {
      return talk.lastWords;
    },
    setConditions: (conditions) =>
      Promise.race([talk.setConditions(conditions), exited.then(() => undefined)]),
    setDialRoutes(routes) {
      server.send({ kind: 'dialRoutes', routes });
    },
    async stop() {
      server.send({ kind: 'stop' });
      const timer = setTimeout(() => {
        server.kill();
      }, STOP_MS_MAX);
      await exited;
      clearTimeout(timer);
    },
    async kill() {
      server.kill();
      await exited;
    },
  };
}

/** What is said to a server process and what it answers. */
class ServerTalk {
  /** Rejects with {@link StartError} when the process ends before it is up. */
  readonly up: Promise<void>;
  /** Why it ends, when it said so. */
  lastWords: string | undefined;
  readonly #server: ServerProcess;
  readonly #awaited = new Map<number, () => void>();
  #requestNumber = 0;

  constructor(server: ServerProcess, exited: Promise<number | null>, onLog: OnLog | undefined) {
    this.#server = server;
    this.up = new Promise((resolve, reject) => {
      server.onMessage((message) => {
        switch (message.kind) {
          case 'ready':
            resolve();
            break;
          case 'failed':
            this.lastWords = message.message;
            reject(new StartError(message.message));
            break;
          case 'log':
            onLog?.(message.level, message.message);
            break;
          case 'conditionsSet':
            this.#awaited.get(message.requestNumber)?.();
            this.#awaited.delete(message.requestNumber);
            break;
        }
      });
      void exited.then((code) => {
        reject(new StartError(`the server ended before it was ready (exit code ${code ?? 'none'})`));
      });
    });
  }

  setConditions(conditions: Conditions): Promise<void> {
    const requestNumber = ++this.#requestNumber;
    const answered = new Promise<void>((resolve) => {
      this.#awaited.set(requestNumber, resolve);
    });
    this.#server.send({ kind: 'conditions', requestNumber, conditions });
    return answered;
  }
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Where Node keeps what it compiled: a server that finds it starts in half the time and needs a quarter less memory. */
const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/zabra-servers', import.meta.url));

/** Room (MB) in which what a request needs is dead before it is copied; twice as much gains nothing and costs memory. */
const NODE_FLAGS = ['--max-semi-space-size=16'];
/** The same for glibc, which would give each of Node's threads an arena. Others do not know it. */
const MEMORY_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

/** Standard output is not passed on, since the messages say the same. */
function makeProcess(script: string, argument: string): ChildProcess {
  const compileCache = script === MAIN ? { NODE_COMPILE_CACHE: COMPILE_CACHE } : {};
  const env = { ...MEMORY_ENVIRONMENT, ...compileCache, ...process.env };
  if (!canGuard) {
    return fork(script, [argument], {
      execArgv: NODE_FLAGS,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env,
    });
  }
  return spawnGuarded({
    file: process.execPath,
    args: [...NODE_FLAGS, script, argument],
    env,
    stdout: 'ignore',
    stderr: 'inherit',
    hasChannel: true,
  });
}

const forkSource = forkWithNode(MAIN);

/** Servers as processes of Node that run this script: main.ts, or what it was bundled into. */
export function forkWithNode(script: string): ForkServer {
  return (argument) => asServerProcess(makeProcess(script, argument));
}

function asServerProcess(child: ChildProcess): ServerProcess {
  return {
    pid: child.pid,
    send(message) {
      // When it is gone already there is nobody to tell; `onExit` says so.
      if (child.connected) child.send(message, () => undefined);
    },
    kill() {
      child.kill('SIGKILL');
    },
    onMessage(listener) {
      child.on('message', (message) => {
        listener(message as ToParent);
      });
    },
    onExit(listener) {
      child.once('close', listener);
      child.once('error', () => {
        listener(null);
      });
    },
  };
}
