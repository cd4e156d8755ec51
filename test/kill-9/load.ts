/**
 * The load of the kill cycles: writers that leave traces in pairs of nodes and write one register, readers that look at
 * one server each all the time. What they see goes into the history; what must not be is thrown.
 */
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { AppError } from '../../shared/errors.ts';
import { HistoryError, type RegisterHistory } from './register-history.ts';

export const REGISTER = '/register';
const SESSION_TIMEOUT_MS = 60_000;

export function newClient(connectString: string): ZooKeeperClient {
  return new ZooKeeperClient({
    connectString,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    reconnectDelayMsMax: 20,
    roundDelayMs: 20,
  });
}

export function textOf(data: Uint8Array | null): string {
  return Buffer.from(data ?? []).toString();
}

/** Runs `step` until it is told to stop; what a client says of its connection is borne, everything else is not. */
abstract class Worker {
  #isStopped = true;
  #done: Promise<void> = Promise.resolve();

  start(): void {
    this.#isStopped = false;
    this.#done = this.#run();
    // Who stops it hears of it.
    this.#done.catch(() => undefined);
  }

  /** Rejects with what it found wrong. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  /** As long as nothing is wrong, it never settles by itself. */
  get failed(): Promise<void> {
    return this.#done;
  }

  protected abstract step(): Promise<void>;

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.step();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // Its server is gone; the client looks for another, and this turns until it has one.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

/** What a writer left below a node of one cycle, by number. */
export interface Traces {
  readonly folder: string;
  readonly acknowledged: Set<number>;
  readonly asked: Set<number>;
}

export class Writer extends Worker {
  readonly name: string;
  readonly client: ZooKeeperClient;
  readonly #history: RegisterHistory;
  #number = 0;
  #traces: Traces | undefined;

  constructor(options: { name: string; client: ZooKeeperClient; history: RegisterHistory }) {
    super();
    this.name = options.name;
    this.client = options.client;
    this.#history = options.history;
  }

  async createNodes(): Promise<void> {
    await this.client.create(`/${this.name}`);
    for (const half of ['left', 'right']) {
      await this.client.create(`/${this.name}/${half}`, { data: Buffer.from('0') });
    }
  }

  /** From now on traces go below a new node: one for all would have too many children for one answer. */
  async beginCycle(cycle: number): Promise<Traces> {
    const folder = `/${this.name}/cycle-${cycle}`;
    await this.client.create(folder);
    this.#traces = { folder, acknowledged: new Set(), asked: new Set() };
    return this.#traces;
  }

  protected async step(): Promise<void> {
    const traces = this.#traces;
    if (!traces) throw new Error('a writer without a cycle');
    const number = ++this.#number;
    traces.asked.add(number);
    const data = Buffer.from(String(number));
    await this.client.multi([
      { op: 'setData', path: `/${this.name}/left`, data },
      { op: 'create', path: `${traces.folder}/${number}`, data },
      { op: 'setData', path: `/${this.name}/right`, data },
    ]);
    traces.acknowledged.add(number);
    await this.#writeRegister(`${this.name}:${number}`);
  }

  async #writeRegister(value: string): Promise<void> {
    const invocation = this.#history.begin();
    const { version } = await this.client.setData(REGISTER, Buffer.from(value));
    this.#history.onAcknowledged(this.name, invocation, { version, value });
  }
}

export class Reader extends Worker {
  readonly #name: string;
  readonly #client: ZooKeeperClient;
  readonly #history: RegisterHistory;
  readonly #writers: readonly Writer[];
  #turn = 0;

  constructor(options: {
    name: string;
    client: ZooKeeperClient;
    history: RegisterHistory;
    writers: readonly Writer[];
  }) {
    super();
    this.#name = options.name;
    this.#client = options.client;
    this.#history = options.history;
    this.#writers = options.writers;
  }

  protected async step(): Promise<void> {
    this.#turn++;
    await this.#readRegister();
    const writer = this.#writers[this.#turn % this.#writers.length];
    if (writer) await this.#readPair(writer.name);
  }

  async #readRegister(): Promise<void> {
    const beginning = { acknowledgedVersion: 0 };
    const isSynced = this.#turn % 2 === 0;
    const invocation = isSynced ? this.#history.begin() : beginning;
    if (isSynced) await this.#client.sync(REGISTER);
    const { data, stat } = await this.#client.getData(REGISTER);
    this.#history.onRead(this.#name, invocation, { version: stat.version, value: textOf(data) });
  }

  /** Both are set in one transaction: whoever sees the first has the second at least as new. */
  async #readPair(writer: string): Promise<void> {
    const left = await this.#numberAt(`/${writer}/left`);
    const right = await this.#numberAt(`/${writer}/right`);
    if (right < left) {
      throw new HistoryError(
        `${this.#name} saw half of a write of ${writer}: left ${left}, then right ${right}`,
      );
    }
  }

  async #numberAt(path: string): Promise<number> {
    return Number(textOf((await this.#client.getData(path)).data));
  }
}
