/**
 * An ensemble on this machine and everything that can be done to it: start, stop, kill, pause, wipe a server; cut, delay,
 * heal the links between servers; slow or fill a disk; put a clock wrong. It is made from its description (ensemble-description.ts), kept in its folder.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { assert } from '../../shared/assert.ts';
import { ConfigError } from '../core/config.ts';
import type { LogLevel } from '../server-messages.ts';
import { type ApacheOptions, apacheEngine } from './engine-apache.ts';
import { builtinEngine } from './engine-builtin.ts';
import type { Engine } from './engine.ts';
import {
  type EnsembleDescription,
  type EnsembleRequest,
  continuedDescription,
  isReconfigurable,
  newDescription,
  readDescription,
  writeDescription,
} from './ensemble-description.ts';
import {
  type EnsembleParts,
  addServer,
  problemOfChanges,
  problemOfLinks,
  removeServer,
} from './ensemble-members.ts';
import {
  CLIENT_HOST_DEFAULT,
  type ListeningPorts,
  type PlannedServer,
  planEnsemble,
} from './ensemble-plan.ts';
import { FaultError } from './fault-error.ts';
import { PortPool, isPortFree } from './free-port.ts';
import type { ForkServer } from './launcher.ts';
import { type Direction, type Ends, type LinkStatus, Links } from './links.ts';
import type { ServingMode } from './server-answer.ts';
import { StartError } from './start-error.ts';
import {
  type ProcessStatus,
  type ServerState,
  type ServerStatus,
  SupervisedServer,
} from './supervised-server.ts';

const SUPER_DIGEST = 'DigestAuthenticationProvider.superDigest';
const SERVING_MS_MAX = 60_000;
const POLL_MS = 50;
const SYNC_DELAY_MS_MAX = 600_000;
/** Ten years. */
const SKEW_MS_MAX = 10 * 365 * 86_400_000;

export interface EnsembleOptions extends EnsembleRequest, Pick<ApacheOptions, 'jvmFlags'> {
  /** Of this program; it becomes part of what builtin servers show. */
  readonly version: string;
  /** Where the ensemble lives and stays; undefined: in a folder that is removed at the end. */
  readonly dataDir?: string | undefined;
  /** False: servers reach each other directly, as fast as they can, and no link can be cut. */
  readonly links?: boolean | undefined;
  /** What servers log, where the engine tells it. */
  readonly onLog?: (name: string, level: LogLevel, message: string) => void;
  /** A server ended and nobody had asked for it. */
  readonly onFailure?: (message: string) => void;
  /** The process of a server came, went, was paused or resumed. */
  readonly onChange?: () => void;
  /** How the processes of builtin servers are made; Node's by default. */
  readonly forkServer?: ForkServer | undefined;
}

/** What of a server does not change while the ensemble is there. */
export interface EnsembleServer {
  readonly sid: number;
  readonly role: 'participant' | 'observer';
  readonly host: string;
  readonly clientPort: number;
  readonly connectString: string;
  /** Of the AdminServer, without a slash at its end; null when there is none. */
  readonly adminUrl: string | null;
  /** Configuration, log and data. */
  readonly folder: string;
  /** What the server itself keeps. */
  readonly dataFolder: string;
}

export class Ensemble {
  readonly #parts: EnsembleParts;
  /** Members change one at a time. */
  #lastChange: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(parts: EnsembleParts) {
    this.#parts = parts;
  }

  /**
   * Makes a new ensemble, or continues the one that is in `dataDir`; starts no server yet. Throws ConfigError for what
   * cannot be and StartError for what is missing on this machine; nothing is left then.
   */
  static async open(options: EnsembleOptions): Promise<Ensemble> {
    const temporaryFolder =
      options.dataDir === undefined ? await mkdtemp(path.join(tmpdir(), 'zabra-ensemble-')) : undefined;
    const folder = temporaryFolder ?? path.resolve(options.dataDir ?? '');
    try {
      return new Ensemble(await assemble(options, folder, temporaryFolder));
    } catch (error) {
      if (temporaryFolder !== undefined) await rm(temporaryFolder, { recursive: true, force: true });
      throw error;
    }
  }

  get servers(): readonly EnsembleServer[] {
    return [...this.#parts.servers.values()].map(
      ({ plan: { sid, role, host, clientPort, adminUrl, folder, dataFolder } }) => ({
        sid,
        role,
        host,
        clientPort,
        connectString: `${host}:${clientPort}`,
        adminUrl: adminUrl ?? null,
        folder,
        dataFolder,
      }),
    );
  }

  /** Of all servers, observers too. */
  get connectString(): string {
    return this.servers.map(({ connectString }) => connectString).join(',');
  }

  /** Starts all servers; resolves when they serve. Throws StartError. */
  async start(): Promise<void> {
    await Promise.all([...this.#parts.servers.values()].map((server) => server.start()));
    await this.untilServing();
  }

  /** Resolves when every server that runs and is not paused serves, and one of them leads. */
  async untilServing(timeoutMs = SERVING_MS_MAX): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const statuses = await this.status();
      if (areServing(statuses.map(({ state }) => state))) return;
      if (this.#closing !== undefined) throw new StartError('the ensemble was stopped before it served');
      if (performance.now() > deadlineMs) {
        const states = statuses.map(({ sid, state }) => `server ${sid} is ${state}`).join(', ');
        throw new StartError(`the ensemble does not serve after ${timeoutMs / 1000} s: ${states}`);
      }
      await delay(POLL_MS);
    }
  }

  status(): Promise<ServerStatus[]> {
    return Promise.all([...this.#parts.servers.values()].map((server) => server.status()));
  }

  statusOf(sid: number): Promise<ServerStatus> {
    return this.#server(sid).status();
  }

  /** Who leads, as far as the servers know; undefined when none of those that answer does. */
  async leader(): Promise<number | undefined> {
    const leading = (await this.status()).filter(({ state }) => state === 'leader' || state === 'standalone');
    // A leader that was cut off takes a while to notice. The other one has a later epoch.
    leading.sort((x, y) => Number((y.zxid ?? 0n) > (x.zxid ?? 0n)) - Number((x.zxid ?? 0n) > (y.zxid ?? 0n)));
    return leading[0]?.sid;
  }

  /** Resolves when it answers on its client port; whether it serves by then depends on the others. */
  async startServer(sid: number): Promise<void> {
    await this.#server(sid).start();
  }

  async stop(sid: number): Promise<void> {
    await this.#server(sid).stop();
  }

  async restart(sid: number): Promise<void> {
    await this.stop(sid);
    await this.startServer(sid);
  }

  /** SIGKILL: as a crash, without a chance to finish anything. */
  async kill(sid: number): Promise<void> {
    await this.#server(sid).kill();
  }

  /** SIGSTOP: connections stay open and nobody answers. */
  async pause(sid: number): Promise<void> {
    await this.#server(sid).pause();
  }

  async resume(sid: number): Promise<void> {
    await this.#server(sid).resume();
  }

  /** Removes the data of a server that is stopped. */
  async wipe(sid: number): Promise<void> {
    await this.#server(sid).wipe();
  }

  /**
   * One server more: it is a member, and in step, when this resolves with what it is. Demands an ensemble of several with
   * the setting reconfigEnabled=true. Throws FaultError or StartError; nothing of it is left then.
   */
  async addServer({ role }: Pick<EnsembleServer, 'role'>): Promise<EnsembleServer> {
    const sid = await this.#inTurn(() => addServer(this.#parts, role));
    const added = this.servers.find((server) => server.sid === sid);
    assert(added !== undefined, 'a server was added and is not there');
    return added;
  }

  /** One server less: it leaves the ensemble and is gone, with its data. Throws FaultError; it stays then. */
  async removeServer(sid: number): Promise<void> {
    this.#server(sid);
    await this.#inTurn(() => removeServer(this.#parts, sid));
  }

  /** Why no server can be added or removed; undefined when they can. */
  get problemOfChanges(): string | undefined {
    return problemOfChanges(this.#parts);
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#lastChange.then(change);
    this.#lastChange = done.catch(() => undefined);
    return done;
  }

  cut(ends: Ends, direction?: Direction): void {
    this.#parts.links.cut(ends, direction);
  }

  delay(ends: Ends, delayMs: number, direction?: Direction): void {
    this.#parts.links.delay(ends, delayMs, direction);
  }

  throttle(ends: Ends, bytesPerSecond: number | undefined): void {
    this.#parts.links.throttle(ends, bytesPerSecond);
  }

  /**
   * Servers of different groups cannot reach each other any more, those of one group can. Those that no group names are
   * one more group.
   */
  partition(groups: readonly (readonly number[])[]): void {
    const named = groups.flat();
    for (const sid of named) this.#server(sid);
    const twice = named.find((sid, index) => named.indexOf(sid) !== index);
    if (twice !== undefined) throw new FaultError('BAD_VALUE', `server ${twice} is in two groups`);
    this.#parts.links.partition(groups);
  }

  /** One link, or all. */
  heal(ends?: Ends, direction?: Direction): void {
    if (ends === undefined) this.#parts.links.healAll();
    else this.#parts.links.heal(ends, direction);
  }

  get links(): readonly LinkStatus[] {
    return this.#parts.links.status;
  }

  /** The processes as this one knows them: no server is asked. */
  get processes(): readonly ProcessStatus[] {
    return [...this.#parts.servers.values()].map((server) => server.process);
  }

  /** Every fsync takes this much longer. Faults of disks and clocks last until they are healed, over restarts too. */
  async slowDisk(sid: number, delayMs: number): Promise<void> {
    if (!(delayMs >= 0 && delayMs <= SYNC_DELAY_MS_MAX)) {
      throw new FaultError(
        'BAD_VALUE',
        `an fsync may take from 0 to ${SYNC_DELAY_MS_MAX} milliseconds longer`,
      );
    }
    await this.#server(sid).change('disk', { syncDelayMs: delayMs });
  }

  /** Writes fail with ENOSPC: the server ends at the next one, and cannot write when it is started again. */
  async fillDisk(sid: number): Promise<void> {
    await this.#server(sid).change('disk', { isDiskFull: true });
  }

  /** There is room again; it is as slow as before. */
  async freeDisk(sid: number): Promise<void> {
    await this.#server(sid).change('disk', { isDiskFull: false });
  }

  async healDisk(sid: number): Promise<void> {
    await this.#server(sid).change('disk', { syncDelayMs: 0, isDiskFull: false });
  }

  /** Puts the wall clock of a server forward, or back when negative, as `date -s` would: elapsed time goes on. */
  async skewClock(sid: number, skewMs: number): Promise<void> {
    if (!(Math.abs(skewMs) <= SKEW_MS_MAX)) {
      throw new FaultError('BAD_VALUE', `a clock may be wrong by at most ${SKEW_MS_MAX} milliseconds`);
    }
    await this.#server(sid).change('clock', { clockSkewMs: skewMs });
  }

  async healClock(sid: number): Promise<void> {
    await this.#server(sid).change('clock', { clockSkewMs: 0 });
  }

  /** Ends all servers; what they wrote stays where the ensemble has a folder of its own. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { servers, links, temporaryFolder } = this.#parts;
    await Promise.all([...servers.values()].map((server) => server.end()));
    // Whoever waits for a change hears now that nobody answers; a newcomer may have come up meanwhile.
    await this.#lastChange;
    await Promise.all([...servers.values()].map((server) => server.end()));
    await links.close();
    if (temporaryFolder !== undefined) await rm(temporaryFolder, { recursive: true, force: true });
  }

  #server(sid: number): SupervisedServer {
    const server = this.#parts.servers.get(sid);
    if (server === undefined) {
      const sids = [...this.#parts.servers.keys()].join(', ');
      throw new FaultError('NO_SUCH_SERVER', `there is no server ${sid}; there are ${sids}`);
    }
    return server;
  }
}

async function assemble(
  options: EnsembleOptions,
  folder: string,
  temporaryFolder: string | undefined,
): Promise<EnsembleParts> {
  const pool = new PortPool();
  const described = await describe(options, folder, pool);
  const engine = makeEngine(described, options);
  await requireFreeClientPorts(described);
  const ports = await findPorts(described, pool);
  const description = withAddresses(described, ports);
  const listeners = [...ports].map(([sid, { quorumPort, electionPort }]) => ({
    sid,
    quorumPort,
    electionPort,
  }));
  const links = options.links === false ? Links.none(listeners) : await Links.open(listeners, pool);
  try {
    const problem = isReconfigurable(description) ? problemOfLinks(engine.name, links) : undefined;
    if (problem !== undefined) throw new ConfigError(problem);
    const plans = planEnsemble({ description, folder, ports, link: (ends) => links.portsOf(ends) });
    engine.check(plans);
    await mkdir(folder, { recursive: true });
    await writeDescription(folder, description);
    const { onLog, onFailure, onChange } = options;
    const supervise = (plan: PlannedServer): SupervisedServer =>
      new SupervisedServer({
        plan,
        engine,
        onLog: (level, message) => onLog?.(plan.name, level, message),
        onFailure: (message) => onFailure?.(message),
        onChange: () => onChange?.(),
      });
    return {
      engine,
      folder,
      temporaryFolder,
      servers: new Map(plans.map((plan) => [plan.sid, supervise(plan)])),
      ports: new Map(ports),
      links,
      pool,
      description,
      findAdminPort: () => findAdminPort(description.config, pool),
      supervise,
    };
  } catch (error) {
    await links.close();
    throw error;
  }
}

async function describe(
  options: EnsembleOptions,
  folder: string,
  pool: PortPool,
): Promise<EnsembleDescription> {
  const stored = await readDescription(folder);
  const description =
    stored === undefined
      ? await newDescription(options, (count) => pool.takeConsecutive(count))
      : continuedDescription(stored, options);
  for (const { clientPort } of description.servers) pool.reserve(clientPort);
  return description;
}

function makeEngine(
  { engine, apacheHome, config, servers }: EnsembleDescription,
  { version, jvmFlags, dataDir, forkServer }: EnsembleOptions,
): Engine {
  switch (engine) {
    case 'builtin':
      // What is in a temporary folder goes at the end anyway, so a single server keeps it in memory.
      return builtinEngine({
        version,
        forkServer,
        isOnDisk: servers.length > 1 || (dataDir ?? config['dataDir']) !== undefined,
      });
    case 'apache':
      return apacheEngine({ apacheHome, jvmFlags });
  }
}

async function requireFreeClientPorts({ servers, config }: EnsembleDescription): Promise<void> {
  const host = config['clientPortAddress'] ?? CLIENT_HOST_DEFAULT;
  for (const { clientPort } of servers) {
    if (await isPortFree(host, clientPort)) continue;
    throw new StartError(
      `${host}:${clientPort} is in use by another program or may not be opened by this user: choose another client port`,
    );
  }
}

async function findPorts(
  { servers, config }: EnsembleDescription,
  pool: PortPool,
): Promise<ReadonlyMap<number, ListeningPorts>> {
  const ports = new Map<number, ListeningPorts>();
  for (const { sid, ...known } of servers) {
    ports.set(sid, {
      quorumPort: await keptPort(known.quorumPort, pool),
      electionPort: await keptPort(known.electionPort, pool),
      adminPort: await findAdminPort(config, pool),
    });
  }
  return ports;
}

/** The port that the other servers know, or any where they know none yet. */
async function keptPort(port: number | undefined, pool: PortPool): Promise<number> {
  if (port === undefined) return pool.take();
  pool.reserve(port);
  if (await isPortFree(CLIENT_HOST_DEFAULT, port)) return port;
  throw new StartError(
    `${CLIENT_HOST_DEFAULT}:${port} is in use by another program: the servers of this ensemble know each other by it`,
  );
}

/** Servers that can be reconfigured keep each other's addresses, so these stay as they are. */
function withAddresses(
  description: EnsembleDescription,
  ports: ReadonlyMap<number, ListeningPorts>,
): EnsembleDescription {
  if (!isReconfigurable(description)) return description;
  const servers = description.servers.map((server) => {
    const own = ports.get(server.sid);
    return own ? { ...server, quorumPort: own.quorumPort, electionPort: own.electionPort } : server;
  });
  return withSuperUser({ ...description, servers });
}

/** Who may reconfigure, where nobody else has arranged for that. */
function withSuperUser(description: EnsembleDescription): EnsembleDescription {
  const { config, superPassword } = description;
  if (superPassword !== undefined || config['skipACL'] === 'yes' || config[SUPER_DIGEST] !== undefined) {
    return description;
  }
  const password = randomBytes(18).toString('base64url');
  const digest = createHash('sha1').update(`super:${password}`).digest('base64');
  return {
    ...description,
    superPassword: password,
    config: { ...config, [SUPER_DIGEST]: `super:${digest}` },
  };
}

async function findAdminPort(
  config: EnsembleDescription['config'],
  pool: PortPool,
): Promise<number | undefined> {
  if (config['admin.enableServer'] === 'false') return undefined;
  const { 'admin.serverPort': given } = config;
  return given === undefined ? pool.take() : Number(given);
}

const SERVING: ReadonlySet<ServerState> = new Set<ServingMode>([
  'leader',
  'follower',
  'observer',
  'standalone',
]);

function areServing(states: readonly ServerState[]): boolean {
  const awaited = states.filter((state) => state !== 'stopped' && state !== 'paused');
  const hasLeader = awaited.some((state) => state === 'leader' || state === 'standalone');
  return hasLeader && awaited.every((state) => SERVING.has(state));
}
