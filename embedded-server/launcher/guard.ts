/**
 * Starts a program that ends when this process does, however this one ends: also by SIGKILL, and also while the program
 * is stopped by SIGSTOP. A program of others (a JVM) does not watch its parent, and a stopped one cannot.
 *
 * A shell starts a watcher in the background and then becomes the program, so the program is a child of this process with
 * the shell's pid. The watcher reads from a pipe that only this process holds open: a line means that the program has
 * ended, end of file that this process has. Nothing is missed in between, since the watcher is there first.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Descriptor 3 is Node's channel of messages where there is one; it belongs to the program alone. */
const SCRIPT = '( read -r _ <&4 || kill -KILL $$ ) >/dev/null 2>&1 3<&- & exec "$@" 4<&-';
const GUARD_DESCRIPTOR = 4;

export interface GuardedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where output goes: a descriptor, or one of Node's words. */
  readonly stdout: number | 'ignore';
  readonly stderr: number | 'inherit';
  /** Whether Node's messages can be exchanged with it. */
  readonly hasChannel: boolean;
}

const WATCH_SCRIPT = 'read -r _ || kill -KILL "$1"';

/**
 * Ends a process that somebody else made when this one ends, however this one ends; the caller says when the process has
 * ended by itself, so that its number is not taken for a stranger's.
 */
export function guardProcess(pid: number): { readonly release: () => void } {
  const watcher = spawn('/bin/sh', ['-c', WATCH_SCRIPT, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  return { release: () => void watcher.stdin.end('\n') };
}

/** Whether this system has what {@link spawnGuarded} needs. */
export const canGuard = process.platform !== 'win32';

/**
 * The child's event 'close' comes when the program and its watcher are gone. It leads a process group of its own: a
 * Ctrl-C meant for this process does not reach it.
 */
export function spawnGuarded(command: GuardedCommand): ChildProcess {
  const { file, args, cwd, env, stdout, stderr, hasChannel } = command;
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', file, ...args], {
    stdio: ['ignore', stdout, stderr, hasChannel ? 'ipc' : 'ignore', 'pipe'],
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  });
  const guard = child.stdio[GUARD_DESCRIPTOR] as Writable;
  // A watcher that somebody ended has nothing more to hear.
  guard.on('error', () => undefined);
  child.once('exit', () => guard.end('\n'));
  return child;
}
