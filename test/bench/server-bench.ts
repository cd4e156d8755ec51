/**
 * `npm run bench:server [-- --rounds N --seconds S --warmup S --only create,get --engines builtin,apache --links]`: the
 * builtin ensemble beside Apache ZooKeeper 3.8.0, three servers each, on this machine, under the same load in turn. Every
 * number is a median over the rounds, every ratio the median of the rounds' ratios.
 *
 * A short run, a minute or so: `npm run bench:server -- --short`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { residentBytes } from '../fuzz/process-memory.ts';
import type { LoadJob, LoadResult } from './load-generator.ts';
import { type Measured, type Target, describe } from './report.ts';

const ENGINES = {
  builtin: { engine: 'builtin' },
  // Without flags a JVM chooses its heap by itself.
  apache: { engine: 'apache', jvmFlags: [] },
  'apache-256m': { engine: 'apache', jvmFlags: ['-Xmx256m'] },
} as const;
type EngineName = keyof typeof ENGINES;

const WRITES: ReadonlyMap<string, Target> = new Map([['apache', { kind: 'atLeast', ratio: 2 }]]);
const READS: ReadonlyMap<string, Target> = new Map([['apache', { kind: 'atLeast', ratio: 5 }]]);
const LATENCY: ReadonlyMap<string, Target> = new Map([['apache', { kind: 'atMost', ratio: 1 }]]);
const LAUNCH: ReadonlyMap<string, Target> = new Map([['apache', { kind: 'atMost', ratio: 1 / 2 }]]);
const MEMORY: ReadonlyMap<string, Target> = new Map([
  ['apache', { kind: 'atMost', ratio: 1 / 4 }],
  ['apache-256m', { kind: 'atMost', ratio: 1 / 1.5 }],
]);

const LOADS = {
  create: { title: 'create', targets: WRITES },
  set: { title: 'set', targets: WRITES },
  get: { title: 'get', targets: READS },
  mix: { title: '1 set to 9 gets', targets: new Map<string, Target>() },
  latency: { title: 'one write at a time, median', targets: LATENCY },
} as const;
type LoadName = keyof typeof LOADS;

const SERVERS = 3;
const SESSIONS = 6;
const OUTSTANDING = 64;
const BYTES_PER_MB = 1e6;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warmup: { type: 'string' },
    only: { type: 'string', default: Object.keys(LOADS).join(',') },
    engines: { type: 'string', default: Object.keys(ENGINES).join(',') },
    links: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds ?? (options.short ? 3 : 5));
const durationMs = Number(options.seconds ?? (options.short ? 1.5 : 4)) * 1000;
/** For each load on each engine, before the first round. */
const warmupMs = Number(options.warmup ?? (options.short ? 3 : 10)) * 1000;
/** Not counted at the start of each measurement. */
const RAMP_MS = 300;
const loads = chosen(options.only, LOADS);
const engines = chosen(options.engines, ENGINES);

function chosen<Name extends string>(list: string, known: Readonly<Record<Name, unknown>>): readonly Name[] {
  return list.split(',').map((name) => {
    if (!Object.hasOwn(known, name)) {
      throw new RangeError(`${name}: choose from ${Object.keys(known).join(', ')}`);
    }
    return name as Name;
  });
}

function start(name: EngineName): Promise<Ensemble> {
  return startEnsemble({
    ...ENGINES[name],
    servers: SERVERS,
    links: options.links,
    // Nobody asks the AdminServer here, and Apache's would take its time to start.
    config: { maxClientCnxns: '0', 'admin.enableServer': 'false' },
  });
}

class LoadGenerator {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('load-generator.ts', import.meta.url)));

  async run(job: LoadJob): Promise<LoadResult> {
    this.#child.send(job);
    const [result] = (await once(this.#child, 'message')) as [LoadResult];
    if (result.error !== undefined) throw new Error(result.error);
    return result;
  }

  end(): void {
    this.#child.disconnect();
  }
}

interface Runner {
  readonly ensemble: Ensemble;
  readonly generator: LoadGenerator;
}

/** The load's value: requests a second, or milliseconds. */
async function measure({ ensemble, generator }: Runner, load: LoadName, forMs: number): Promise<number> {
  const target = { ports: ensemble.servers.map(({ clientPort }) => clientPort), sessions: SESSIONS };
  if (load === 'latency') {
    const result = await generator.run({ ...target, job: 'latency', warmupMs: RAMP_MS, durationMs: forMs });
    return result.medianMs;
  }
  const { perSecond, counts } = await generator.run({
    ...target,
    job: 'pipelined',
    kind: load,
    outstanding: OUTSTANDING,
    warmupMs: RAMP_MS,
    durationMs: forMs,
    isServer: true,
  });
  // So that the next round, and the memory at the end, find the same tree.
  if (load === 'create') await generator.run({ ...target, job: 'delete', counts });
  return perSecond;
}

async function measureCeiling(generator: LoadGenerator): Promise<number> {
  const instant = fork(fileURLToPath(new URL('instant-server.ts', import.meta.url)));
  const [{ port }] = (await once(instant, 'message')) as [{ port: number }];
  const { perSecond } = await generator.run({
    job: 'pipelined',
    ports: [port],
    sessions: SESSIONS,
    kind: 'get',
    outstanding: OUTSTANDING,
    warmupMs: RAMP_MS,
    durationMs,
    isServer: false,
  });
  instant.disconnect();
  return perSecond;
}

async function measureLaunch(name: EngineName): Promise<{ ensemble: Ensemble; launchMs: number }> {
  const startMs = performance.now();
  const ensemble = await start(name);
  return { ensemble, launchMs: performance.now() - startMs };
}

async function residentMb(ensemble: Ensemble): Promise<number> {
  const bytes = (await ensemble.status()).map(({ pid }) => (pid === null ? 0 : residentBytes(pid)));
  return bytes.reduce((sum, own) => sum + own, 0) / BYTES_PER_MB;
}

/** A list for each engine, filled round by round. */
function table(): Map<EngineName, number[]> {
  return new Map(engines.map((name) => [name, []]));
}

function print(measured: Measured): void {
  console.log(describe(measured));
}

async function measureLaunches(): Promise<void> {
  const values = table();
  for (let round = 0; round < rounds; round++) {
    for (const name of engines) {
      const { ensemble, launchMs } = await measureLaunch(name);
      values.get(name)?.push(launchMs);
      await ensemble.close();
    }
  }
  print({ title: 'launch to serving', unit: 'ms', values, targets: LAUNCH });
}

async function measureLoads(runners: ReadonlyMap<EngineName, Runner>): Promise<void> {
  for (const [, { ensemble, generator }] of runners) {
    const ports = ensemble.servers.map(({ clientPort }) => clientPort);
    await generator.run({ job: 'prepare', ports, sessions: SESSIONS });
  }
  for (const load of loads) {
    const values = table();
    for (const runner of runners.values()) await measure(runner, load, warmupMs);
    for (let round = 0; round < rounds; round++) {
      for (const [name, runner] of runners) {
        values.get(name)?.push(await measure(runner, load, durationMs));
      }
    }
    const { title, targets } = LOADS[load];
    print({ title, unit: load === 'latency' ? 'ms' : 'a second', values, targets });
  }
  const values = table();
  for (const [name, { ensemble }] of runners) values.get(name)?.push(await residentMb(ensemble));
  print({ title: 'memory of the three after the load', unit: 'MB', values, targets: MEMORY });
}

async function main(): Promise<void> {
  const [model] = cpus();
  console.log(
    `${cpus().length} × ${model?.model ?? 'processor'}, Node ${process.version}, load average ${loadavg()[0]?.toFixed(2)}; ` +
      `${SERVERS} servers, ${SESSIONS} sessions, ${OUTSTANDING} outstanding each, ${rounds} rounds of ${durationMs / 1000} s ` +
      `after ${warmupMs / 1000} s, links ${options.links ? 'through proxies' : 'direct'}`,
  );
  const generator = new LoadGenerator();
  const runners = new Map<EngineName, Runner>();
  try {
    console.log(
      `the load generator's ceiling: ${Math.round(await measureCeiling(generator)).toLocaleString('en')} a second`,
    );
    await measureLaunches();
    for (const name of engines) runners.set(name, { ensemble: await start(name), generator });
    await measureLoads(runners);
  } finally {
    generator.end();
    await Promise.all([...runners.values()].map(({ ensemble }) => ensemble.close()));
  }
}

await main();
