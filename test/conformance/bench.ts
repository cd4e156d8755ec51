/**
 * The bench that every conformance case runs on: one server of a configuration per file and target, clients that are closed
 * after each case, paths that no other case uses.
 *
 * Every case runs against Apache ZooKeeper 3.8.0, which defines the truth, and against the embedded server. Where Apache cannot
 * run its half is skipped. ZABRA_CONFORMANCE_TARGET=apache|builtin|builtin-3 picks one; the last, an ensemble whose
 * clients are at a follower, runs only when it is picked.
 */
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { ClientOptions } from '../../electron/client/client-options.ts';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { WatchEvent } from '../../electron/client/watch-registry.ts';
import { AppError } from '../../shared/errors.ts';
import { missingForApache, startApache } from '../support/apache-server.ts';
import { startBuiltin, startBuiltinEnsemble } from '../support/builtin-server.ts';
import type { RunningServer } from '../support/child-server.ts';
import { RawClient, type RawHandshake } from '../support/raw-client.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait.ts';

const TARGETS = {
  apache: { title: 'Apache 3.8.0', start: startApache },
  builtin: { title: 'the embedded server', start: startBuiltin },
  'builtin-3': { title: 'an ensemble of embedded servers', start: startBuiltinEnsemble },
} as const;

export type TargetName = keyof typeof TARGETS;
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
    describe.skipIf(isMissing)(`${title}, ${TARGETS[target].title}`, () => {
      define(makeBench(target, config));
    });
  }
}

export function chosenTargets(): readonly TargetName[] {
  const chosen = process.env['ZABRA_CONFORMANCE_TARGET'];
  if (chosen === undefined) return ['apache', 'builtin'];
  const target = TARGET_NAMES.find((name) => name === chosen);
  if (target !== undefined) return [target];
  throw new Error(`ZABRA_CONFORMANCE_TARGET=${chosen}: ${TARGET_NAMES.join(' or ')}`);
}

function makeBench(target: TargetName, config: Readonly<Record<string, string>>): Bench {
  let server: RunningServer | undefined;
  let cleanups: (() => Promise<void> | void)[] = [];
  let pathCount = 0;

  beforeAll(async () => {
    server = await TARGETS[target].start(config);
  });
  afterAll(async () => {
    await server?.stop();
  });
  afterEach(async () => {
    const all = cleanups.reverse();
    cleanups = [];
    for (const cleanup of all) await cleanup();
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
      return client;
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
