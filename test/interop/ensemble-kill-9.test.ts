/**
 * Servers of a builtin ensemble killed in the middle of their work, one at a time and all at once: every write that was
 * acknowledged is there afterwards, on every server.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { AppError } from '../../shared/errors.ts';
import { waitFor } from '../support/wait.ts';

const CONVERGE_MS_MAX = 30_000;
const WRITERS = 3;
/** Acknowledged writes, of all writers together, between two kills. */
const WRITES = 100;

let ensemble: Ensemble;
let client: ZooKeeperClient;
const writers: Writer[] = [];

/** Counts up in a node of its own; what is not acknowledged may be there or not. */
class Writer {
  readonly path: string;
  acknowledged = 0;
  #isStopped = false;
  readonly #done: Promise<void>;

  constructor(path: string) {
    this.path = path;
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #run(): Promise<void> {
    for (let next = 1; !this.#isStopped; next++) {
      try {
        await client.setData(this.path, Buffer.from(String(next)));
        this.acknowledged = next;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // Its server is gone; the client looks for another, and this turns until it has one.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

beforeAll(async () => {
  ensemble = await startEnsemble({
    servers: 3,
    // Often enough that kills hit snapshots and files just begun.
    config: { tickTime: '500', maxSessionTimeout: '60000', snapCount: '60', preAllocSize: '16' },
  });
  client = new ZooKeeperClient({ connectString: ensemble.connectString, sessionTimeoutMs: 60_000 });
  await client.connect();
  for (let number = 1; number <= WRITERS; number++) {
    const path = `/writer-${number}`;
    await client.create(path, { data: Buffer.from('0') });
    writers.push(new Writer(path));
  }
});

afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.stop()));
  await client.close();
  await ensemble.close();
});

async function untilMoreIsWritten(): Promise<void> {
  const sum = (): number => writers.reduce((total, { acknowledged }) => total + acknowledged, 0);
  const before = sum();
  await waitFor('writes go on', () => sum() >= before + WRITES, CONVERGE_MS_MAX);
}

async function valueAt(connectString: string, path: string): Promise<number> {
  const reader = new ZooKeeperClient({ connectString, sessionTimeoutMs: 4000 });
  await reader.connect();
  try {
    await reader.sync(path);
    return Number(Buffer.from((await reader.getData(path)).data ?? []).toString());
  } finally {
    await reader.close();
  }
}

async function expectNothingLost(): Promise<void> {
  for (const { connectString } of ensemble.servers) {
    for (const { path, acknowledged } of writers) {
      expect(await valueAt(connectString, path)).toBeGreaterThanOrEqual(acknowledged);
    }
  }
}

const EVERY_KILL: readonly (readonly number[])[] = [[1], [3], [2], [2, 3], [1, 2, 3]];

test.each(EVERY_KILL.map((sids) => ({ sids })))('servers $sids are killed', async ({ sids }) => {
  await untilMoreIsWritten();
  await Promise.all(sids.map((sid) => ensemble.kill(sid)));
  await Promise.all(sids.map((sid) => ensemble.startServer(sid)));
  await ensemble.untilServing(CONVERGE_MS_MAX);
  await untilMoreIsWritten();
  await expectNothingLost();
});
