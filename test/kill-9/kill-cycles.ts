/**
 * Servers of a builtin ensemble of three killed by SIGKILL over and over, under load from real clients: the leader mostly,
 * followers, two at once, all three. After each cycle every server is asked for what it has: all that was acknowledged is
 * there, nothing is there that nobody asked for, and no write is there by half.
 */
import type { ZooKeeperClient } from '../../electron/client/client.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { Prng } from '../fuzz/prng.ts';
import { waitFor } from '../support/wait.ts';
import { REGISTER, Reader, type Traces, Writer, newClient, textOf } from './load.ts';
import { HistoryError, RegisterHistory } from './register-history.ts';

const SERVERS = 3;
const WRITERS = 3;
const CONVERGE_MS_MAX = 30_000;
/** Acknowledged register writes before a kill, and after it. */
const WRITES_MIN = 10;
const WRITES_MAX = 150;

export interface KillOptions {
  readonly cycles: number;
  readonly seed: number;
  readonly onCycle?: (cycle: number, victims: readonly number[]) => void;
}

export interface KillSummary {
  readonly kills: number;
  readonly leaderKills: number;
  /** Multis that left a trace, and writes of the register. */
  readonly acknowledgedWrites: number;
  /** Multis of which no answer came. */
  readonly unansweredWrites: number;
  readonly reads: number;
}

/** Rejects with HistoryError for what must not be, with another error when the ensemble does not come back. */
export async function runKillCycles({ cycles, seed, onCycle }: KillOptions): Promise<KillSummary> {
  const ensemble = await startEnsemble({
    servers: SERVERS,
    // Often enough that kills hit snapshots and files just begun.
    config: { tickTime: '500', maxSessionTimeout: '60000', snapCount: '100', preAllocSize: '16' },
  });
  const run = new KillRun(ensemble, new Prng(seed));
  try {
    await run.prepare();
    for (let cycle = 1; cycle <= cycles; cycle++) {
      const victims = await run.cycle(cycle);
      onCycle?.(cycle, victims);
    }
    return await run.finish();
  } finally {
    await run.close();
    await ensemble.close();
  }
}

class KillRun {
  readonly #ensemble: Ensemble;
  readonly #prng: Prng;
  readonly #history = new RegisterHistory();
  readonly #clients: ZooKeeperClient[] = [];
  readonly #writers: Writer[] = [];
  readonly #readers: Reader[] = [];
  readonly #traces: Traces[] = [];
  #kills = 0;
  #leaderKills = 0;

  constructor(ensemble: Ensemble, prng: Prng) {
    this.#ensemble = ensemble;
    this.#prng = prng;
  }

  async prepare(): Promise<void> {
    for (let number = 1; number <= WRITERS; number++) {
      const client = await this.#connect(this.#ensemble.connectString);
      const writer = new Writer({ name: `writer-${number}`, client, history: this.#history });
      await writer.createNodes();
      this.#writers.push(writer);
    }
    const [first] = this.#writers;
    await first?.client.create(REGISTER, { data: Buffer.from('nobody') });
    await first?.client.create('/ephemeral', { mode: 'EPHEMERAL' });
    for (const { sid, connectString } of this.#ensemble.servers) {
      const client = await this.#connect(connectString);
      await client.sync(REGISTER);
      const name = `reader at ${sid}`;
      this.#readers.push(new Reader({ name, client, history: this.#history, writers: this.#writers }));
    }
  }

  /** Resolves to who was killed. */
  async cycle(cycle: number): Promise<readonly number[]> {
    const traces: Traces[] = [];
    for (const writer of this.#writers) traces.push(await writer.beginCycle(cycle));
    this.#traces.push(...traces);
    const workers = [...this.#writers, ...this.#readers];
    for (const worker of workers) worker.start();
    await this.#untilMoreIsWritten();
    const victims = await this.#chooseVictims();
    await Promise.all(victims.map((sid) => this.#ensemble.kill(sid)));
    await Promise.all(victims.map((sid) => this.#ensemble.startServer(sid)));
    await this.#ensemble.untilServing(CONVERGE_MS_MAX);
    await this.#untilMoreIsWritten();
    await Promise.all(workers.map((worker) => worker.stop()));
    await this.#checkServers(traces);
    return victims;
  }

  /** Everything that was ever acknowledged, once more, on every server. */
  async finish(): Promise<KillSummary> {
    await this.#checkServers(this.#traces);
    const count = (pick: (traces: Traces) => number): number =>
      this.#traces.reduce((sum, traces) => sum + pick(traces), 0);
    const acknowledgedMultis = count(({ acknowledged }) => acknowledged.size);
    return {
      kills: this.#kills,
      leaderKills: this.#leaderKills,
      acknowledgedWrites: acknowledgedMultis + this.#history.acknowledgedWrites,
      unansweredWrites: count(({ asked }) => asked.size) - acknowledgedMultis,
      reads: this.#history.reads,
    };
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#writers, ...this.#readers].map((worker) => worker.stop()));
    await Promise.allSettled(this.#clients.map((client) => client.close()));
  }

  async #connect(connectString: string): Promise<ZooKeeperClient> {
    const client = newClient(connectString);
    this.#clients.push(client);
    await client.connect();
    return client;
  }

  async #untilMoreIsWritten(): Promise<void> {
    const goal = this.#history.acknowledgedWrites + WRITES_MIN + this.#prng.below(WRITES_MAX - WRITES_MIN);
    const done = waitFor('writes go on', () => this.#history.acknowledgedWrites >= goal, CONVERGE_MS_MAX);
    await Promise.race([done, ...[...this.#writers, ...this.#readers].map(({ failed }) => failed)]);
  }

  async #chooseVictims(): Promise<readonly number[]> {
    const sids = this.#ensemble.servers.map(({ sid }) => sid);
    const leader = await this.#ensemble.leader();
    const kind = this.#prng.below(20);
    const others = sids.filter((sid) => sid !== leader);
    const victims =
      kind === 0
        ? sids
        : kind === 1
          ? [leader ?? sids[0]!, this.#prng.pick(others)]
          : kind < 5 || leader === undefined
            ? [this.#prng.pick(others)]
            : [leader];
    this.#kills += victims.length;
    if (leader !== undefined && victims.includes(leader)) this.#leaderKills++;
    return victims;
  }

  async #checkServers(traces: readonly Traces[]): Promise<void> {
    for (const { sid, connectString } of this.#ensemble.servers) {
      const client = newClient(connectString);
      await client.connect();
      try {
        await client.sync(REGISTER);
        for (const each of traces) await checkTraces(client, sid, each);
        for (const { name } of this.#writers) await checkPair(client, sid, name);
        if ((await client.exists('/ephemeral')) === null) {
          throw new HistoryError(`server ${sid} has no ephemeral of a session that lives`);
        }
      } finally {
        await client.close();
      }
    }
  }
}

async function checkTraces(client: ZooKeeperClient, sid: number, traces: Traces): Promise<void> {
  const { folder, acknowledged, asked } = traces;
  const there = new Set((await client.getChildren(folder)).children.map(Number));
  const lost = [...acknowledged].filter((number) => !there.has(number));
  if (lost.length > 0) throw new HistoryError(`server ${sid} has lost of ${folder}: ${lost.join(', ')}`);
  const strange = [...there].filter((number) => !asked.has(number));
  if (strange.length > 0) {
    throw new HistoryError(`server ${sid} has what nobody wrote in ${folder}: ${strange.join(', ')}`);
  }
}

/** Nobody writes meanwhile. */
async function checkPair(client: ZooKeeperClient, sid: number, writer: string): Promise<void> {
  const left = textOf((await client.getData(`/${writer}/left`)).data);
  const right = textOf((await client.getData(`/${writer}/right`)).data);
  if (left !== right) throw new HistoryError(`server ${sid} has half a write: left ${left}, right ${right}`);
}
