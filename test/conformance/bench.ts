/**
 * The bench that every conformance case runs on: one server of a configuration per file and target, clients that are closed
 * after each case, paths that no other case uses.
 *
 * Every case runs against Apache ZooKeeper 3.8.0, which defines the truth, and against the embedded server. Where Apache cannot
 * run its half is skipped. The embedded server runs alone, and in ensembles whose clients are at a follower (`builtin-3`)
 * or at an observer (`builtin-3+2`). In `builtin-3-leader-killed` the leader is killed every two seconds; a case that a
 * kill came into is tried again, since neither the protocol nor the case can tell what became of its writes.
 * ZABRA_CONFORMANCE_REPEATS=<count> lets more cases meet one. ZABRA_CONFORMANCE_TARGET picks one of these, and leaves the others out.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { ClientOptions } from '../../electron/client/client-options.ts';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { WatchEvent } from '../../electron/client/watch-registry.ts';
import { AppError } from '../../shared/errors.ts';
import { missingForApache, startApache } from '../support/apache-server.ts';
import { startBuiltin, startBuiltinEnsemble } from '../support/builtin-server.ts';
import type { Disturbances, RunningServer } from '../support/child-server.ts';
import { RawClient, type RawHandshake } from '../support/raw-client.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait.ts';

const TARGETS: Readonly<Record<TargetName, Target>> = {
  apache: { title: 'Apache 3.8.0', start: startApache },
  builtin: { title: 'the embedded server', start: startBuiltin },
  'builtin-3': { title: 'a follower of embedded servers', start: startBuiltinEnsemble },
  'builtin-3+2': {
    title: 'an observer of embedded servers',
    start: (config) => startBuiltinEnsemble(config, { observers: 2 }),
  },
  'builtin-3-leader-killed': {
    title: 'embedded servers whose leader is killed',
    start: (config) => startBuiltinEnsemble(config, { killLeaderEveryMs: 2000 }),
    isDisturbed: true,
  },
};

interface Target {
  readonly title: string;
  readonly start: (config: Readonly<Record<string, string>>) => Promise<RunningServer>;
  /** Faults are injected while the cases run. */
  readonly isDisturbed?: true;
}

export type TargetName = 'apache' | 'builtin' | 'builtin-3' | 'builtin-3+2' | 'builtin-3-leader-killed';

/** A case that meets this many kills in a row takes too long for the time between two. */
const ATTEMPTS_MAX = 20;
/** Vitest goes by the last error, and takes no function here. */
const BROKEN_PEACE = /^the peace was broken/;
/** How often each case is repeated where faults are injected, so that more of them meet one. */
const REPEATS = Number(process.env['ZABRA_CONFORMANCE_REPEATS'] ?? 0);

const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** Ticks short enough for quick expiry, sessions long enough for slow machines. */
export const BENCH_CONFIG = {
  tickTime: '200',
  maxSessionTimeout: '30000',
  maxClientCnxns: '0',
  extendedTypesEnabled: 'true',
  '4lw.commands.whitelist': '*',
} as const;

export interface Bench {
  readonly target: TargetName;
  readonly server: RunningServer;
  /** A connected client, closed after the case. */
  connect(options?: Partial<ClientOptions>): Promise<ZooKeeperClient>;
  /** A client that the case connects itself. */
  makeClient(options?: Partial<ClientOptions>): ZooKeeperClient;
  rawConnect(handshake?: RawHandshake): Promise<RawClient>;
  /** A raw connection without a session. */
  rawOpen(): Promise<RawClient>;
  proxy(): Promise<TcpProxy>;
  /** A path below the root that no other case uses. */
  freshPath(): string;
  /** As {@link freshPath}, created. */
  freshNode(client: ZooKeeperClient, data?: Uint8Array): Promise<string>;
}

/** Declares the cases of a file for every target. `define` is called while vitest collects, so it only declares. */
export function conformance(
  title: string,
  config: Readonly<Record<string, string>>,
  define: (bench: Bench) => void,
): void {
  for (const target of chosenTargets()) {
    // That Apache is missing is said once, by apache-is-here.test.ts.
    const isMissing = target === 'apache' && missingForApache() !== undefined;
    const peace = new Peace();
    describe.skipIf(isMissing)(
      `${title}, ${TARGETS[target].title}`,
      {
        retry: { count: ATTEMPTS_MAX - 1, condition: BROKEN_PEACE },
        ...(TARGETS[target].isDisturbed === true && { repeats: REPEATS }),
      },
      () => {
        define(makeBench(target, config, peace));
      },
    );
  }
}

export function chosenTargets(): readonly TargetName[] {
  const chosen = process.env['ZABRA_CONFORMANCE_TARGET'];
  if (chosen === undefined) return TARGET_NAMES;
  const target = TARGET_NAMES.find((name) => name === chosen);
  if (target !== undefined) return [target];
  throw new Error(`ZABRA_CONFORMANCE_TARGET=${chosen}: ${TARGET_NAMES.join(' or ')}`);
}

/** Whether anything was done to the server since an attempt at a case began. */
class Peace {
  #disturbances: Disturbances | undefined;
  #countBefore = 0;
  #brokenAttempts = 0;
  #failedAttempts = 0;

  async begin({ disturbances }: RunningServer): Promise<void> {
    await disturbances?.untilOver();
    this.#disturbances = disturbances;
    this.#countBefore = disturbances?.count() ?? 0;
  }

  /** Throws what makes vitest try again, when there is an excuse. */
  end({ hasFailed }: { readonly hasFailed: boolean }): void {
    const wasBroken = this.#disturbances !== undefined && this.#disturbances.count() > this.#countBefore;
    if (!wasBroken) return;
    this.#brokenAttempts++;
    if (!hasFailed) return;
    this.#failedAttempts++;
    throw new Error('the peace was broken: the leader was killed meanwhile');
  }

  /** Says how much the cases had to bear. */
  report(): void {
    if (!this.#disturbances) return;
    const survived = this.#brokenAttempts - this.#failedAttempts;
    process.stderr.write(
      `${this.#disturbances.count()} leaders were killed; they met ${this.#brokenAttempts} attempts at a case, ${survived} of which passed all the same\n`,
    );
  }
}

function makeBench(target: TargetName, config: Readonly<Record<string, string>>, peace: Peace): Bench {
  let server: RunningServer | undefined;
  let cleanups: (() => Promise<void> | void)[] = [];
  let pathCount = 0;

  beforeAll(async () => {
    server = await TARGETS[target].start(config);
  });
  afterAll(async () => {
    peace.report();
    await server?.stop();
  });
  beforeEach(() => peace.begin(running()));
  afterEach(async ({ task }) => {
    const all = cleanups.reverse();
    cleanups = [];
    for (const cleanup of all) await cleanup();
    peace.end({ hasFailed: task.result?.state === 'fail' });
  });

  const running = (): RunningServer => {
    if (server === undefined) throw new Error('the server is started before the first case');
    return server;
  };
  const bench: Bench = {
    target,
    get server() {
      return running();
    },
    makeClient(options = {}) {
      const client = new ZooKeeperClient({
        connectString: running().connectString,
        sessionTimeoutMs: 10_000,
        reconnectDelayMsMax: 20,
        roundDelayMs: 20,
        ...options,
      });
      cleanups.push(() => client.close());
      return TARGETS[target].isDisturbed === true ? withoutUnheardRejections(client) : client;
    },
    async connect(options = {}) {
      const client = bench.makeClient(options);
      await client.connect();
      return client;
    },
    async rawConnect(handshake = {}) {
      const client = await RawClient.connect(running(), handshake);
      cleanups.push(() => {
        client.destroy();
      });
      return client;
    },
    async rawOpen() {
      const client = await RawClient.open(running());
      cleanups.push(() => {
        client.destroy();
      });
      return client;
    },
    async proxy() {
      const proxy = await TcpProxy.start(running());
      cleanups.push(() => proxy.stop());
      return proxy;
    },
    freshPath() {
      pathCount++;
      return `/case-${pathCount}`;
    },
    async freshNode(client, data) {
      const path = bench.freshPath();
      await client.create(path, data === undefined ? {} : { data });
      return path;
    },
  };
  return bench;
}

/** A case that ends at its first lost call has not awaited the others yet, which are lost as well. */
function withoutUnheardRejections(client: ZooKeeperClient): ZooKeeperClient {
  return new Proxy(client, {
    get(whole, key) {
      const member = Reflect.get(whole, key, whole) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const result = Reflect.apply(member, whole, args) as unknown;
        if (result instanceof Promise) result.catch(() => undefined);
        return result;
      };
    },
  });
}

/** Expects a rejection with this code, of whichever error class. */
export async function expectCode(promise: Promise<unknown>, code: string): Promise<AppError> {
  const outcome = await promise.then(
    () => 'success',
    (error: unknown) => error,
  );
  if (!(outcome instanceof AppError))
    throw new Error(`expected ${code}, got ${String(outcome)}`, { cause: outcome });
  expect(outcome.code).toBe(code);
  return outcome;
}

/** Breaks a client's connection by `cut`, runs `meanwhile`, and resolves when the client is connected again. */
export async function throughReconnect(
  client: ZooKeeperClient,
  cut: () => void,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const states: string[] = [];
  const subscription = client.onState(({ state }) => states.push(state));
  cut();
  await waitFor('the client notices', () => states.includes('suspended'));
  await meanwhile();
  await waitFor('the client is back', () => states.at(-1) === 'connected');
  subscription.dispose();
}

/** A watch listener that keeps what it hears. */
export interface EventLog {
  readonly listener: (event: WatchEvent) => void;
  readonly events: readonly WatchEvent[];
  /** `NodeCreated /a` and so on, in order of arrival. */
  readonly lines: readonly string[];
  /** Resolves when at least `count` events are there. */
  reach(count: number): Promise<void>;
}

export function eventLog(): EventLog {
  const events: WatchEvent[] = [];
  return {
    events,
    listener: (event) => {
      events.push(event);
    },
    get lines() {
      return events.map(({ type, path }) => `${type} ${path}`);
    },
    async reach(count) {
      await waitFor(`${count} events arrive (${events.length} so far)`, () => events.length >= count);
    },
  };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Uint8Array | null): string {
  return data === null ? '<null>' : new TextDecoder().decode(data);
}
