/**
 * A client whose driver (drivers/) speaks JSON lines: `{call, name, args}` in; `{call, value}`, `{call, error}`, `{event}`
 * and `{connected}` out.
 */
import { waitFor } from '../support/wait.ts';
import { ChildLines } from './child-lines.ts';
import { type ForeignClient, ForeignError, type ForeignEvent, type ForeignMode } from './foreign-client.ts';

const CALL_MS_MAX = 20_000;

interface Line {
  readonly call?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly event?: ForeignEvent;
  readonly connected?: true;
}

export class ScriptedClient implements ForeignClient {
  readonly events: ForeignEvent[] = [];
  connectCount = 0;
  readonly #child: ChildLines;
  readonly #answers = new Map<number, Line>();
  #nextCall = 1;

  private constructor({ file, args }: { file: string; args: readonly string[] }) {
    this.#child = new ChildLines({
      file,
      args,
      onLine: (line) => {
        if (line.startsWith('{')) this.#onLine(JSON.parse(line) as Line);
      },
    });
  }

  /** Starts the driver and waits for its session. */
  static async start(command: { file: string; args: readonly string[] }): Promise<ScriptedClient> {
    const client = new ScriptedClient(command);
    try {
      await client.#until('the client connects', () => client.connectCount > 0);
    } catch (error) {
      await client.kill();
      throw error;
    }
    return client;
  }

  async create(path: string, data: string, mode: ForeignMode): Promise<string> {
    return String(await this.#call('create', path, data, mode));
  }

  async get(path: string): Promise<string> {
    return String(await this.#call('get', path));
  }

  async set(path: string, data: string): Promise<void> {
    await this.#call('set', path, data);
  }

  async delete(path: string): Promise<void> {
    await this.#call('delete', path);
  }

  async list(path: string): Promise<readonly string[]> {
    return (await this.#call('list', path)) as string[];
  }

  async watchData(path: string): Promise<void> {
    await this.#call('watchData', path);
  }

  async watchChildren(path: string): Promise<void> {
    await this.#call('watchChildren', path);
  }

  async sessionId(): Promise<string> {
    return String(await this.#call('sessionId'));
  }

  /** Calls of one driver alone. */
  async acquireLock(path: string): Promise<void> {
    await this.#call('acquireLock', path);
  }

  async releaseLock(path: string): Promise<void> {
    await this.#call('releaseLock', path);
  }

  async close(): Promise<void> {
    if (this.#child.isRunning) await this.#call('close');
    await this.#child.end();
  }

  kill(): Promise<void> {
    return this.#child.kill();
  }

  async #call(name: string, ...args: readonly string[]): Promise<unknown> {
    const call = this.#nextCall++;
    this.#child.writeLine(JSON.stringify({ call, name, args }));
    const answer = await this.#until(`${name} is answered`, () => this.#answers.get(call));
    this.#answers.delete(call);
    if (answer.error !== undefined) throw new ForeignError(answer.error, args[0] ?? '');
    return answer.value;
  }

  async #until<T>(what: string, probe: () => T | undefined | false): Promise<T> {
    const probeAlive = (): { value: T | undefined } | false => {
      const value = probe();
      if (value !== undefined && value !== false) return { value };
      return this.#child.isRunning ? false : { value: undefined };
    };
    const found = await waitFor(what, probeAlive, CALL_MS_MAX).catch(() => undefined);
    if (found?.value !== undefined) return found.value;
    throw new Error(`not so: ${what}; the client said:\n${this.#child.output}`);
  }

  #onLine(line: Line): void {
    if (line.call !== undefined) this.#answers.set(line.call, line);
    if (line.event !== undefined) this.events.push(line.event);
    if (line.connected === true) this.connectCount++;
  }
}
