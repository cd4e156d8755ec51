/**
 * The embedded server killed in the middle of its work, over and over, under load from a real client: what was acknowledged
 * is there, a multi is there as a whole or not at all, and nothing is there that nobody asked for.
 *
 * ZABRA_KILL_CYCLES=<count> kills more often than the few times of the suite; ZABRA_KILL_SEED=<number> repeats a run's times.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { ToParent } from '../../embedded-server/server-messages.ts';
import { AppError } from '../../shared/errors.ts';
import { Prng } from '../fuzz/prng.ts';
import { findFreePort } from '../support/ports.ts';
import { waitFor, within } from '../support/wait.ts';

const CYCLES = Number(process.env['ZABRA_KILL_CYCLES'] ?? 8);
const SEED = Number(process.env['ZABRA_KILL_SEED'] ?? Date.now() % 1_000_000);
const WRITERS = 4;
/** Acknowledged writes between two kills. */
const WRITES_MIN = 20;
const WRITES_MAX = 400;

const MAIN = fileURLToPath(new URL('../../embedded-server/main.ts', import.meta.url));

let folder = '';
let server: ChildProcess | undefined;
afterEach(async () => {
  await kill();
  await rm(folder, { recursive: true, force: true });
});

/** The server process itself, without the launcher, which would let it end in order. */
async function start(clientPort: number): Promise<void> {
  const config = {
    clientPort: String(clientPort),
    dataDir: folder,
    tickTime: '500',
    maxSessionTimeout: '60000',
    // Often enough that kills hit snapshots and files just begun.
    snapCount: '60',
    preAllocSize: '16',
  };
  server = fork(MAIN, [JSON.stringify({ name: 'victim', version: '0', config })], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = (await within('the server answers', once(server, 'message'))) as [ToParent];
  expect(message).toMatchObject({ kind: 'ready' });
}

async function kill(): Promise<void> {
  if (server?.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

/** What a writer knows of its node: the last value acknowledged, and the one it asked for without hearing back. */
class Writer {
  readonly name: string;
  acknowledged = 0;
  asked = 0;
  readonly #client: ZooKeeperClient;
  #isStopped = false;
  #done: Promise<void> = Promise.resolve();

  constructor(client: ZooKeeperClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  start(): void {
    this.#isStopped = false;
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await within('the writer stops', this.#done, 30_000);
  }

  /** Each step sets two nodes to one number and leaves a trace, in one multi. */
  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.asked++;
      const data = new TextEncoder().encode(String(this.asked));
      try {
        await this.#client.multi([
          { op: 'setData', path: `/${this.name}/left`, data },
          { op: 'create', path: `/${this.name}/trace-${this.asked}`, data },
          { op: 'setData', path: `/${this.name}/right`, data },
        ]);
        this.acknowledged = this.asked;
      } catch (error) {
        // Whether it was applied is not known, which is what the check below allows for.
        if (!(error instanceof AppError)) throw error;
        return;
      }
    }
  }
}

async function expectWhole(client: ZooKeeperClient, writer: Writer): Promise<void> {
  const read = async (name: string): Promise<number> => {
    const { data } = await client.getData(`/${writer.name}/${name}`);
    return Number(new TextDecoder().decode(data ?? undefined));
  };
  const [left, right] = [await read('left'), await read('right')];
  expect(right, 'both halves of a multi').toBe(left);
  expect(left, 'acknowledged writes are there').toBeGreaterThanOrEqual(writer.acknowledged);
  expect(left, 'nothing is there that nobody asked for').toBeLessThanOrEqual(writer.asked);
  const { children } = await client.getChildren(`/${writer.name}`);
  const traces = children.filter((name) => name.startsWith('trace-')).map((name) => Number(name.slice(6)));
  expect(traces.sort((a, b) => a - b)).toEqual(Array.from({ length: left }, (_, at) => at + 1));
  // From here on it goes by what is there.
  writer.asked = left;
  writer.acknowledged = left;
}

test(
  `killed ${CYCLES} times under load, it loses nothing acknowledged and shows no half-write (seed ${SEED})`,
  async () => {
    const prng = new Prng(SEED);
    folder = await mkdtemp(path.join(tmpdir(), 'zabra-kill-'));
    const port = await findFreePort();
    await start(port);
    const client = new ZooKeeperClient({
      connectString: `127.0.0.1:${port}`,
      sessionTimeoutMs: 60_000,
      reconnectDelayMsMax: 20,
      roundDelayMs: 20,
    });
    await client.connect();
    const writers: Writer[] = [];
    for (let number = 0; number < WRITERS; number++) {
      const name = `writer-${number}`;
      for (const node of [name, `${name}/left`, `${name}/right`]) {
        await client.create(`/${node}`, { data: new TextEncoder().encode('0') });
      }
      writers.push(new Writer(client, name));
    }
    await client.create('/ephemeral', { mode: 'EPHEMERAL' });
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const before = total(writers);
      const goal = before + WRITES_MIN + prng.below(WRITES_MAX - WRITES_MIN);
      for (const writer of writers) writer.start();
      await waitFor('the writers get on', () => total(writers) >= goal, 30_000);
      await kill();
      await Promise.all(writers.map((writer) => writer.stop()));
      await start(port);
      await waitFor('the client is back', () => client.exists('/').catch(() => undefined), 30_000);
      for (const writer of writers) await expectWhole(client, writer);
      expect(
        await client.exists('/ephemeral'),
        'the session lives, and so does its ephemeral',
      ).not.toBeNull();
    }
    await client.close();
  },
  60_000 + CYCLES * 20_000,
);

function total(writers: readonly Writer[]): number {
  return writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}
