/**
 * Ensembles that Zabra runs on this machine, each with a connection profile and a folder. They live no longer than the shell
 * (their processes end with it even when it crashes); profiles and data stay, and can be started again. Data goes when the
 * profile does.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type {
  ConditionsChange,
  EnsembleDefaults,
  EnsembleDto,
  EnsembleLiveDto,
  EnsembleRequest,
  EnsembleServerDto,
  LogBatch,
  ServerAction,
} from '../../../shared/api/ensembles.ts';
import { ENSEMBLE_SERVERS_MAX } from '../../../shared/api/ensembles.ts';
import type { ServerEventDto } from '../../../shared/api/server-events.ts';
import { type ConnectionProfile, PROFILE_DEFAULTS } from '../../../shared/api/connections.ts';
import { findApache } from '../../../embedded-server/launcher/apache-installation.ts';
import { readDescription } from '../../../embedded-server/launcher/ensemble-description.ts';
import type { ForkServer } from '../../../embedded-server/launcher/launcher.ts';
import { isLaunchProblem } from '../../../embedded-server/launcher/start-error.ts';
import { CLIENT_PORT_DEFAULT, type HostPort, parseConnectString } from '../../client/connect-string.ts';
import { nextFreePorts } from '../../free-port.ts';
import type { Log } from '../../log.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ShellError } from '../shell-error.ts';
import { type EnsembleShape, HOST, type LinkRequest, LocalEnsemble } from './local-ensemble.ts';

const LIST_INTERVAL_MS = 50;
const SERVERS_DEFAULT = 3;
/**
 * A server of one's own on loopback has nothing to hide from Sessions and Cluster, its log need not grow by 64 MiB at a
 * time, and nobody else removes its old files.
 */
const LOCAL_CONFIG = {
  '4lw.commands.whitelist': '*',
  preAllocSize: '4096',
  'autopurge.purgeInterval': '1',
};
/** What happens inside a builtin server is told on its AdminServer's port. */
const ENGINE_CONFIG: Readonly<Record<EnsembleShape['engine'], Readonly<Record<string, string>>>> = {
  builtin: { 'admin.enableServer': 'true' },
  apache: {},
};
/** So that servers can be added and removed. Apache's behind links cannot be reconfigured. */
const CHANGEABLE = { reconfigEnabled: 'true' };
/** Within Zabra's own data folder; one folder an ensemble in it, named by its id. */
const FOLDER = 'local-servers';

export interface EnsemblesOptions {
  readonly connections: ConnectionsService;
  readonly questions: ServerQuestions;
  /** Where Zabra keeps what it keeps. */
  readonly dataFolder: string;
  readonly version: string;
  readonly log: Log;
  /** How the process of a builtin server is made; Node's by default. */
  readonly forkServer?: ForkServer | undefined;
}

export class EnsemblesService {
  readonly #options: EnsemblesOptions;
  readonly #ensembles = new Map<string, LocalEnsemble>();
  readonly #list = new Observable(() => [...this.#ensembles.values()].map(({ dto }) => dto));
  /** Those of earlier runs are known from then on. */
  readonly #loaded: Promise<void>;
  /** The last choice of ports. */
  #planning: Promise<unknown> = Promise.resolve();

  constructor(options: EnsemblesOptions) {
    this.#options = options;
    this.#loaded = this.#load();
  }

  async defaults(): Promise<EnsembleDefaults> {
    await this.#loaded;
    return {
      name: this.#freeName(),
      clientPort: await nextFreePorts(CLIENT_PORT_DEFAULT, ENSEMBLE_SERVERS_MAX, (port) =>
        this.#isOurs(port),
      ),
      memoryFreeBytes: os.freemem(),
      apacheProblem: apacheProblem(undefined),
    };
  }

  /**
   * Answers when it serves. Throws ShellError PORT_IN_USE, APACHE_MISSING, LOCAL_SERVER_FAILED or CANCELLED; no profile is
   * left then.
   */
  async create(request: EnsembleRequest): Promise<EnsembleDto> {
    const problem = request.engine === 'apache' ? apacheProblem(request.apacheHome) : null;
    if (problem !== null) throw new ShellError('APACHE_MISSING', problem);
    await this.#loaded;
    // One after the other: what one has chosen is taken when the next one looks, though nothing listens there yet.
    const planned = this.#planning.then(() => this.#plan(request));
    this.#planning = planned.catch(() => undefined);
    const ensemble = await planned;
    try {
      await ensemble.start();
    } catch (error) {
      const { ensembleId, connectionId } = ensemble.dto;
      await ensemble.close();
      await this.#forget(ensembleId);
      await this.#options.connections.remove(connectionId);
      throw error;
    }
    return ensemble.dto;
  }

  /** Gives it ports and a profile. Throws ShellError PORT_IN_USE. */
  async #plan(request: EnsembleRequest): Promise<LocalEnsemble> {
    const { servers = SERVERS_DEFAULT, observers = 0, engine = 'builtin', apacheHome } = request;
    const clientPort = await this.#choosePort(request.clientPort, servers + observers);
    const shape = shapeOf({ servers, observers, engine, clientPort });
    const ensembleId = randomUUID();
    const profile = this.#options.connections.addLocal(
      { ...PROFILE_DEFAULTS, name: request.name ?? this.#freeName(), servers: addressesOf(shape) },
      ensembleId,
    );
    return this.#add(profile, ensembleId, shape, {
      servers,
      observers,
      engine,
      clientPort,
      apacheHome,
      config: {
        ...LOCAL_CONFIG,
        ...ENGINE_CONFIG[engine],
        ...(engine === 'builtin' && servers + observers > 1 ? CHANGEABLE : {}),
        ...request.config,
      },
    });
  }

  async start(ensembleId: string): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.start());
  }

  async stop(ensembleId: string): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.stop());
  }

  async restart(ensembleId: string): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => {
      await ensemble.stop();
      await ensemble.start();
    });
  }

  /** With its profile and its data. */
  async remove(ensembleId: string): Promise<void> {
    await this.#loaded;
    const { connectionId } = this.#get(ensembleId).dto;
    await this.forgetOf(connectionId);
    await this.#options.connections.remove(connectionId);
  }

  async act(ensembleId: string, sid: number, action: ServerAction): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.act(sid, action));
  }

  async addServer(ensembleId: string, role: EnsembleServerDto['role']): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => {
      await ensemble.addServer(role);
      this.#readdress(ensemble);
    });
  }

  async removeServer(ensembleId: string, sid: number): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => {
      await ensemble.removeServer(sid);
      this.#readdress(ensemble);
    });
  }

  /** Its connection leads to the servers that it has now. */
  #readdress({ dto }: LocalEnsemble): void {
    this.#options.connections.changeServers(dto.connectionId, addressesOf(dto));
  }

  async changeConditions(
    ensembleId: string,
    sid: number,
    conditions: ConditionsChange,
  ): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.changeConditions(sid, conditions));
  }

  async killLeader(ensembleId: string): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.killLeader());
  }

  async changeLink(ensembleId: string, request: LinkRequest): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.changeLink(request));
  }

  async partition(ensembleId: string, groups: readonly (readonly number[])[]): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.partition(groups));
  }

  async healLinks(ensembleId: string): Promise<EnsembleDto> {
    return this.#with(ensembleId, async (ensemble) => ensemble.healLinks());
  }

  async list(): Promise<PacedStream<EnsembleDto[]>> {
    await this.#loaded;
    return this.#list.stream({ intervalMs: LIST_INTERVAL_MS });
  }

  async live(ensembleId: string): Promise<PacedStream<EnsembleLiveDto>> {
    await this.#loaded;
    return this.#get(ensembleId).live();
  }

  async log(ensembleId: string): Promise<PacedStream<LogBatch>> {
    await this.#loaded;
    return this.#get(ensembleId).log();
  }

  async events(ensembleId: string): Promise<PacedStream<ServerEventDto[]>> {
    await this.#loaded;
    return this.#get(ensembleId).events();
  }

  /** Undefined for a connection to servers that Zabra does not run. */
  sourcesOf(connectionId: string): LocalEnsemble['sources'] | undefined {
    return [...this.#ensembles.values()].find(({ dto }) => dto.connectionId === connectionId)?.sources;
  }

  /** Hears of whatever changes in any of them. */
  onChange(listener: () => void): () => void {
    return this.#list.onChange(listener);
  }

  /** The AdminServer of a server that runs on this machine; undefined for any other, and where it is switched off. */
  adminUrlOf(connectionId: string, { port }: HostPort): string | undefined {
    const ensemble = [...this.#ensembles.values()].find(({ dto }) => dto.connectionId === connectionId);
    return ensemble?.servers.find(({ clientPort }) => clientPort === port)?.adminUrl ?? undefined;
  }

  /** Stops and forgets the ensemble whose profile is about to be removed, if it has one, and deletes its data. */
  async forgetOf(connectionId: string): Promise<void> {
    await this.#loaded;
    const ensemble = [...this.#ensembles.values()].find(({ dto }) => dto.connectionId === connectionId);
    if (ensemble === undefined) return;
    await ensemble.close();
    await this.#forget(ensemble.dto.ensembleId);
  }

  async stopAll(): Promise<void> {
    await this.#loaded;
    await Promise.all([...this.#ensembles.values()].map((ensemble) => ensemble.close()));
  }

  async #with(ensembleId: string, change: (ensemble: LocalEnsemble) => Promise<void>): Promise<EnsembleDto> {
    await this.#loaded;
    const ensemble = this.#get(ensembleId);
    await change(ensemble);
    return ensemble.dto;
  }

  /** What was there before this run. One from before there were ensembles is a server alone. */
  async #load(): Promise<void> {
    for (const profile of this.#options.connections.list()) {
      const { ensembleId } = profile;
      if (ensembleId === undefined) continue;
      const stored = await this.#describe(ensembleId);
      const clientPort = parseConnectString(profile.servers).hosts[0].port;
      const alone = { servers: 1, observers: 0, engine: 'builtin', clientPort } as const;
      this.#add(
        profile,
        ensembleId,
        stored ?? shapeOf(alone),
        stored === undefined ? { ...alone, config: { ...LOCAL_CONFIG, ...ENGINE_CONFIG.builtin } } : {},
      );
    }
  }

  async #describe(ensembleId: string): Promise<EnsembleShape | undefined> {
    try {
      return await readDescription(this.#folderOf(ensembleId));
    } catch (error) {
      // Its start will say the same; until then it is shown as what its profile tells.
      this.#options.log.warn({ err: error, ensembleId }, 'the description of an ensemble cannot be read');
      return undefined;
    }
  }

  #add(
    { name, connectionId }: ConnectionProfile,
    ensembleId: string,
    shape: EnsembleShape,
    request: ConstructorParameters<typeof LocalEnsemble>[0]['request'],
  ): LocalEnsemble {
    const { version, forkServer, questions, log } = this.#options;
    const ensemble = new LocalEnsemble({
      ensembleId,
      name,
      connectionId,
      shape,
      request,
      folder: this.#folderOf(ensembleId),
      version,
      forkServer,
      questions,
      log,
      onChange: () => this.#list.changed(),
    });
    this.#ensembles.set(ensembleId, ensemble);
    this.#list.changed();
    return ensemble;
  }

  async #forget(ensembleId: string): Promise<void> {
    this.#ensembles.delete(ensembleId);
    this.#list.changed();
    await rm(this.#folderOf(ensembleId), { recursive: true, force: true });
  }

  #folderOf(ensembleId: string): string {
    return path.join(this.#options.dataFolder, FOLDER, ensembleId);
  }

  #get(ensembleId: string): LocalEnsemble {
    const ensemble = this.#ensembles.get(ensembleId);
    if (ensemble !== undefined) return ensemble;
    throw new ShellError('ENSEMBLE_UNKNOWN', `no local ensemble has the id ${ensembleId}`);
  }

  async #choosePort(wanted: number | undefined, count: number): Promise<number> {
    if (wanted === undefined) {
      return nextFreePorts(CLIENT_PORT_DEFAULT, count, (port) => this.#isOurs(port));
    }
    const ports = Array.from({ length: count }, (_, index) => wanted + index);
    const ours = ports.find((port) => this.#isOurs(port));
    if (ours === undefined) return wanted;
    throw new ShellError('PORT_IN_USE', `port ${ours} belongs to another local ensemble`, {
      server: `${HOST}:${ours}`,
    });
  }

  /** A stopped ensemble keeps its ports, so that it can be started again. */
  #isOurs(port: number): boolean {
    return [...this.#ensembles.values()].some(({ dto }) =>
      dto.servers.some(({ clientPort }) => clientPort === port),
    );
  }

  #freeName(): string {
    const names = new Set(this.#options.connections.list().map(({ name }) => name));
    for (let number = 1; ; number++) {
      const name = `local-${number}`;
      if (!names.has(name)) return name;
    }
  }
}

function shapeOf(options: {
  readonly servers: number;
  readonly observers: number;
  readonly engine: EnsembleShape['engine'];
  readonly clientPort: number;
}): EnsembleShape {
  const { servers, observers, engine, clientPort } = options;
  return {
    engine,
    servers: Array.from({ length: servers + observers }, (_, index) => ({
      sid: index + 1,
      role: index < servers ? 'participant' : 'observer',
      clientPort: clientPort + index,
    })),
  };
}

function addressesOf({ servers }: Pick<EnsembleShape, 'servers'>): string {
  return servers.map(({ clientPort }) => `${HOST}:${clientPort}`).join(',');
}

function apacheProblem(apacheHome: string | undefined): string | null {
  try {
    findApache(apacheHome);
    return null;
  } catch (error) {
    if (isLaunchProblem(error)) return error.message;
    throw error;
  }
}
