/**
 * Starts and stops servers, each a process of its own that ends with the process that started it. How a process is made
 * is a parameter: Node's fork by default, a utility process in the packaged app.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { findFreePort } from './free-port.ts';
import type { LogLevel, ServerArguments, ToParent, ToServer } from '../server-messages.ts';

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

export interface StartOptions {
  readonly name: string;
  /** Of this program; it becomes part of what `srvr` shows. */
  readonly version: string;
  /** Undefined: a free one is found. */
  readonly clientPort?: number | undefined;
  /** Keys and values as in zoo.cfg. */
  readonly config?: Readonly<Record<string, string>>;
  readonly onLog?: (level: LogLevel, message: string) => void;
  /** The server ended, asked to or not. Not called when it failed to start. */
  readonly onExit?: (code: number | null) => void;
  readonly forkServer?: ForkServer;
}

export interface RunningServer {
  readonly name: string;
  readonly connectString: string;
  readonly clientPort: number;
  readonly pid: number | undefined;
  /** Ends it in order; resolves once the process is gone. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** A server did not come up; the message says why, in words for people. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Resolves when clients can connect; rejects with {@link StartError}. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { name, version, onLog, onExit, forkServer = forkWithNode } = options;
  const clientPort = options.clientPort ?? (await findFreePort());
  const host = options.config?.['clientPortAddress'] ?? '127.0.0.1';
  const config = { ...options.config, clientPort: String(clientPort) };
  const server = forkServer(JSON.stringify({ name, version, config } satisfies ServerArguments));
  const exited = new Promise<number | null>((resolve) => {
    server.onExit(resolve);
  });
  await untilReady(server, exited, onLog);
  void exited.then((code) => onExit?.(code));
  return {
    name,
    connectString: `${host}:${clientPort}`,
    clientPort,
    pid: server.pid,
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

function untilReady(
  server: ServerProcess,
  exited: Promise<number | null>,
  onLog: StartOptions['onLog'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.onMessage((message) => {
      switch (message.kind) {
        case 'ready':
          resolve();
          break;
        case 'failed':
          reject(new StartError(message.message));
          break;
        case 'log':
          onLog?.(message.level, message.message);
          break;
      }
    });
    void exited.then((code) => {
      reject(new StartError(`the server ended before it was ready (exit code ${code ?? 'none'})`));
    });
  });
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Node's own fork; standard output is not passed on, since the messages say the same. */
function forkWithNode(argument: string): ServerProcess {
  const child = fork(MAIN, [argument], {
    execPath: process.execPath,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
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
      child.once('exit', listener);
      child.once('error', () => {
        listener(null);
      });
    },
  };
}
