/** A child process that is spoken to in lines: each line that it prints goes to a listener, what it printed is kept. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { within } from '../support/wait.ts';

const LINES_KEPT = 200;
const END_MS_MAX = 10_000;

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly onLine: (line: string) => void;
}

export class ChildLines {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<unknown>;
  readonly #lines: string[] = [];

  constructor({ file, args, onLine }: ChildCommand) {
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    // A program that is not there ends with an error and never closes.
    this.#ended = Promise.race([once(this.#child, 'close'), once(this.#child, 'error')]);
    this.#child.stdin.on('error', () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        if (this.#lines.length > LINES_KEPT) this.#lines.shift();
        if (stream === this.#child.stdout) onLine(line);
      });
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it printed lately, for the message of a failure. */
  get output(): string {
    return this.#lines.join('\n');
  }

  writeLine(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Closes its input and waits; kills it when it does not end by itself. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await within('the client ends', this.#ended, END_MS_MAX).catch(() => this.kill());
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }

  /** Asks it to end and waits; kills it when it does not. */
  async terminate(): Promise<void> {
    this.#child.kill('SIGTERM');
    await within('the program ends', this.#ended, END_MS_MAX).catch(() => this.kill());
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
