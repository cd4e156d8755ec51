/**
 * What an ensemble is, apart from where and when it runs: its engine, its servers, their client ports and settings. It is
 * kept as `ensemble.json` in the ensemble's folder, so that the ensemble can be started again from there. Ports between
 * servers are not part of it: they are found anew at each start.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { ConfigError } from '../core/config.ts';

export const ENGINE_NAMES = ['builtin', 'apache'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

const FILE_NAME = 'ensemble.json';
const FORMAT_VERSION = 1;
export const SERVERS_MAX = 15;
export const SID_MAX = 255;
const PORT_MAX = 65_535;

export interface EnsembleDescription {
  readonly version: typeof FORMAT_VERSION;
  readonly engine: EngineName;
  /** The folder of an unpacked Apache distribution; Debian's packages when it is absent. */
  readonly apacheHome?: string;
  /** Keys of zoo.cfg for all servers alike, without `zookeeper.` in front. */
  readonly config: Readonly<Record<string, string>>;
  /** Of the super user, who may reconfigure the ensemble; left out where nobody needs it, or it was given otherwise. */
  readonly superPassword?: string;
  readonly servers: readonly ServerDescription[];
}

export interface ServerDescription {
  readonly sid: number;
  readonly role: 'participant' | 'observer';
  readonly clientPort: number;
  /** For the other servers, where these know each other by them: an ensemble that can be reconfigured keeps its addresses. */
  readonly quorumPort?: number;
  readonly electionPort?: number;
}

/** What somebody asks for; whatever is left out has a default, or is as it was in an ensemble that is continued. */
export interface EnsembleRequest {
  readonly servers?: number | undefined;
  readonly observers?: number | undefined;
  readonly engine?: EngineName | undefined;
  /** Of the first server; the others' follow it. */
  readonly clientPort?: number | undefined;
  readonly config?: Readonly<Record<string, string>> | undefined;
  readonly apacheHome?: string | undefined;
}

/** What the launcher sets itself: given from outside it would point a server elsewhere than the others think. */
const OWN_KEY = /^(server\..*|dynamicConfigFile|peerType|standaloneEnabled)$/;
/** Keys that only a server alone can have, since each of several needs another value. */
const SINGLE_KEY = /^(dataDir|dataLogDir|admin\.serverPort)$/;

/**
 * A new ensemble as requested. `findClientPorts` is asked for ports in a row when no first one is given.
 * Throws ConfigError for what cannot be.
 */
export async function newDescription(
  request: EnsembleRequest,
  findClientPorts: (count: number) => Promise<readonly number[]>,
): Promise<EnsembleDescription> {
  const { servers: participants = 1, observers = 0, engine = 'builtin', apacheHome } = request;
  const count = requireCount(participants, observers);
  const { clientPort, config } = separatePort(request);
  requireSharedConfig(config, count);
  const ports = clientPort === undefined ? await findClientPorts(count) : portsFrom(clientPort, count);
  return {
    version: FORMAT_VERSION,
    engine,
    ...(apacheHome === undefined ? {} : { apacheHome: path.resolve(apacheHome) }),
    config,
    servers: ports.map((port, index) => ({
      sid: index + 1,
      role: index < participants ? 'participant' : 'observer',
      clientPort: port,
    })),
  };
}

/**
 * An ensemble that was there before, with the settings and the client ports changed that the request names. Who its
 * servers are cannot change this way: a request that contradicts it is a ConfigError.
 */
export function continuedDescription(
  stored: EnsembleDescription,
  request: EnsembleRequest,
): EnsembleDescription {
  const participants = stored.servers.filter(({ role }) => role === 'participant').length;
  requireSame('servers', request.servers, participants);
  requireSame('observers', request.observers, stored.servers.length - participants);
  requireSame('engine', request.engine, stored.engine);
  const { clientPort, config } = separatePort(request);
  requireSharedConfig(config, stored.servers.length);
  const ports = clientPort === undefined ? undefined : portsFrom(clientPort, stored.servers.length);
  return {
    ...stored,
    ...(request.apacheHome === undefined ? {} : { apacheHome: path.resolve(request.apacheHome) }),
    config: { ...stored.config, ...config },
    servers: stored.servers.map((server, index) => ({
      ...server,
      clientPort: ports?.[index] ?? server.clientPort,
    })),
  };
}

/** Whether servers can be added to it and removed while it runs. */
export function isReconfigurable({ config, servers }: EnsembleDescription): boolean {
  return config['reconfigEnabled'] === 'true' && servers.length > 1;
}

/** What is kept in a folder, or undefined when it holds no ensemble. Throws ConfigError when it cannot be understood. */
export async function readDescription(folder: string): Promise<EnsembleDescription | undefined> {
  const file = path.join(folder, FILE_NAME);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const description = parseJson(text);
  if (isDescription(description)) return description;
  throw new ConfigError(`${file} is not the description of an ensemble that this version of Zabra knows`);
}

/** Replaces the file at once: it is never seen half-written. */
export async function writeDescription(folder: string, description: EnsembleDescription): Promise<void> {
  const file = path.join(folder, FILE_NAME);
  await writeFile(`${file}.tmp`, `${JSON.stringify(description, undefined, 2)}\n`);
  await rename(`${file}.tmp`, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By hand: a library of schemas takes longer to load than a server to start. */
function isDescription(value: unknown): value is EnsembleDescription {
  if (!isRecord(value) || value['version'] !== FORMAT_VERSION) return false;
  const { engine, apacheHome, config, superPassword, servers } = value;
  return (
    (superPassword === undefined || typeof superPassword === 'string') &&
    ENGINE_NAMES.some((name) => name === engine) &&
    (apacheHome === undefined || typeof apacheHome === 'string') &&
    isRecord(config) &&
    Object.values(config).every((setting) => typeof setting === 'string') &&
    Array.isArray(servers) &&
    servers.length >= 1 &&
    servers.length <= SERVERS_MAX &&
    servers.every(isServer) &&
    new Set(servers.map(({ sid }) => sid)).size === servers.length
  );
}

function isServer(value: unknown): value is ServerDescription {
  if (!isRecord(value)) return false;
  const { sid, role, clientPort, quorumPort, electionPort } = value;
  return (
    isWhole(sid, SID_MAX) &&
    (role === 'participant' || role === 'observer') &&
    isWhole(clientPort, PORT_MAX) &&
    [quorumPort, electionPort].every((port) => port === undefined || isWhole(port, PORT_MAX))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;
}

function requireCount(participants: number, observers: number): number {
  const count = participants + observers;
  if (participants < 1) throw new ConfigError(`--servers ${participants}: an ensemble needs at least one`);
  if (count > SERVERS_MAX) {
    throw new ConfigError(
      `${participants} servers and ${observers} observers: ${SERVERS_MAX} together are the most`,
    );
  }
  return count;
}

function requireSame<T extends number | string>(option: string, asked: T | undefined, stored: T): void {
  if (asked === undefined || asked === stored) return;
  throw new ConfigError(
    `--${option} ${asked}: the ensemble in this folder has ${option} ${stored}; leave the option out or choose another folder`,
  );
}

/** The client port may be given by its option, by its key of zoo.cfg, or by both when they agree. */
function separatePort({ clientPort, config = {} }: EnsembleRequest): {
  clientPort: number | undefined;
  config: Record<string, string>;
} {
  const { clientPort: given, ...rest } = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^zookeeper\./, ''), value]),
  );
  const own = Object.keys(rest).find((key) => OWN_KEY.test(key));
  if (own !== undefined) throw new ConfigError(`${own} is set by the launcher and cannot be given`);
  if (given === undefined) return { clientPort, config: rest };
  const port = /^\d{1,5}$/.test(given.trim()) ? Number(given) : NaN;
  if (!(port >= 1 && port <= PORT_MAX)) {
    throw new ConfigError(`clientPort=${given}: must be a whole number from 1 to ${PORT_MAX}`);
  }
  if (clientPort !== undefined && clientPort !== port) {
    throw new ConfigError(
      `--client-port ${clientPort} and --config clientPort=${given} contradict each other`,
    );
  }
  return { clientPort: port, config: rest };
}

/** What several servers cannot all be told. */
function requireSharedConfig(config: Readonly<Record<string, string>>, count: number): void {
  if (count === 1) return;
  const single = Object.keys(config).find((key) => SINGLE_KEY.test(key));
  if (single !== undefined) {
    throw new ConfigError(
      `${single}: ${count} servers cannot share it, each has its own in the folder of the ensemble`,
    );
  }
}

function portsFrom(first: number, count: number): readonly number[] {
  const last = first + count - 1;
  if (first < 1 || last > PORT_MAX) {
    throw new ConfigError(
      `--client-port ${first}: the client ports ${first} to ${last} must lie between 1 and ${PORT_MAX}`,
    );
  }
  return Array.from({ length: count }, (_, index) => first + index);
}
