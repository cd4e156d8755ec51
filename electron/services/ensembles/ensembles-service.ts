/**
 * Servers that Zabra runs on this machine: a process and a connection profile for each. They live no longer than the shell
 * (the process ends with its parent even when the shell crashes); their profiles and their data stay, and can be started
 * again. Data goes when the profile does.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import { PROFILE_DEFAULTS } from '../../../shared/api/connections.ts';
import {
  type ForkServer,
  type RunningServer,
  startServer,
} from '../../../embedded-server/launcher/launcher.ts';
import { StartError } from '../../../embedded-server/launcher/start-error.ts';
import { CLIENT_PORT_DEFAULT, parseConnectString } from '../../client/connect-string.ts';
import { isPortFree, nextFreePort } from '../../free-port.ts';
import type { Log } from '../../log.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { toFailure } from '../failures.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ShellError } from '../shell-error.ts';

const LIST_INTERVAL_MS = 50;
const HOST = '127.0.0.1';
/**
 * A server of one's own on loopback has nothing to hide from Sessions and Cluster, its log need not grow by 64 MiB at a
 * time, and nobody else removes its old files.
 */
const LOCAL_CONFIG = {
  '4lw.commands.whitelist': '*',
  preAllocSize: '4096',
  'autopurge.purgeInterval': '1',
};
/** Within Zabra's own data folder; one folder a server in it, named by its id. */
const SERVERS_FOLDER = 'local-servers';

export interface StartRequest {
  readonly name?: string | undefined;
  readonly clientPort?: number | undefined;
  readonly config?: Readonly<Record<string, string>> | undefined;
}

interface Ensemble {
  dto: EnsembleDto;
  readonly config: Readonly<Record<string, string>>;
  server: RunningServer | undefined;
}

export interface EnsemblesOptions {
  readonly connections: ConnectionsService;
  /** Where Zabra keeps what it keeps. */
  readonly dataFolder: string;
  readonly version: string;
  readonly log: Log;
  /** How a process is made; Node's fork by default. */
  readonly forkServer?: ForkServer | undefined;
}

export class EnsemblesService {
  readonly #options: EnsemblesOptions;
  readonly #ensembles = new Map<string, Ensemble>();
  readonly #list = new Observable(() => [...this.#ensembles.values()].map(({ dto }) => dto));

  constructor(options: EnsemblesOptions) {
    this.#options = options;
    for (const { connectionId, ensembleId, name, servers } of options.connections.list()) {
      if (ensembleId === undefined) continue;
      const clientPort = parseConnectString(servers).hosts[0].port;
      this.#add(newEnsemble({ ensembleId, connectionId, name, clientPort, state: 'stopped' }));
    }
  }

  async defaults(): Promise<{ name: string; clientPort: number }> {
    const clientPort = await nextFreePort(CLIENT_PORT_DEFAULT, (port) => this.#isOurs(port));
    return { name: this.#freeName(), clientPort };
  }

  /** Answers when the server serves. Throws ShellError PORT_IN_USE or LOCAL_SERVER_FAILED; no profile is left then. */
  async start({ name, clientPort, config = {} }: StartRequest): Promise<EnsembleDto> {
    const defaults = await this.defaults();
    const ensembleId = randomUUID();
    const profile = this.#options.connections.addLocal(
      {
        ...PROFILE_DEFAULTS,
        name: name ?? defaults.name,
        servers: `${HOST}:${clientPort ?? defaults.clientPort}`,
      },
      ensembleId,
    );
    const ensemble = newEnsemble({
      ensembleId,
      connectionId: profile.connectionId,
      name: profile.name,
      clientPort: clientPort ?? defaults.clientPort,
      state: 'starting',
      config,
    });
    this.#add(ensemble);
    try {
      await this.#run(ensemble);
    } catch (error) {
      await this.#forget(ensembleId);
      await this.#options.connections.remove(profile.connectionId);
      throw error;
    }
    return ensemble.dto;
  }

  async restart(ensembleId: string): Promise<EnsembleDto> {
    const ensemble = this.#get(ensembleId);
    if (ensemble.server !== undefined || ensemble.dto.state === 'starting') return ensemble.dto;
    await this.#run(ensemble);
    return ensemble.dto;
  }

  async stop(ensembleId: string): Promise<EnsembleDto> {
    const ensemble = this.#get(ensembleId);
    const { server } = ensemble;
    if (server !== undefined) {
      this.#become(ensemble, { state: 'stopping' });
      await server.stop();
    }
    return ensemble.dto;
  }

  list(): PacedStream<EnsembleDto[]> {
    return this.#list.stream({ intervalMs: LIST_INTERVAL_MS });
  }

  /** Stops and forgets the server whose profile is about to be removed, if it has one, and deletes its data. */
  async forgetOf(connectionId: string): Promise<void> {
    const ensemble = [...this.#ensembles.values()].find(({ dto }) => dto.connectionId === connectionId);
    if (ensemble === undefined) return;
    await this.stop(ensemble.dto.ensembleId);
    await this.#forget(ensemble.dto.ensembleId);
  }

  async #forget(ensembleId: string): Promise<void> {
    this.#ensembles.delete(ensembleId);
    this.#list.changed();
    await rm(this.#dataFolderOf(ensembleId), { recursive: true, force: true });
  }

  #dataFolderOf(ensembleId: string): string {
    return path.join(this.#options.dataFolder, SERVERS_FOLDER, ensembleId);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#ensembles.keys()].map((ensembleId) => this.stop(ensembleId)));
  }

  async #run(ensemble: Ensemble): Promise<void> {
    const { ensembleId, clientPort, name } = ensemble.dto;
    this.#become(ensemble, { state: 'starting', failure: null });
    try {
      await requireFree(clientPort);
      const { version, log, forkServer } = this.#options;
      const server = await startServer({
        name,
        version,
        clientPort,
        config: { ...LOCAL_CONFIG, dataDir: this.#dataFolderOf(ensembleId), ...ensemble.config },
        ...(forkServer === undefined ? {} : { forkServer }),
        onLog: (level, message) => log[level]({ server: name }, message),
        onExit: (code) => this.#onExit(ensemble, code),
      });
      ensemble.server = server;
      this.#become(ensemble, { state: 'serving', pid: server.pid ?? null });
    } catch (error) {
      const failure = explain(error, name);
      this.#become(ensemble, { state: 'failed', failure: toFailure(failure) });
      throw failure;
    }
  }

  #onExit(ensemble: Ensemble, code: number | null): void {
    ensemble.server = undefined;
    if (ensemble.dto.state === 'stopping') {
      this.#become(ensemble, { state: 'stopped', pid: null });
      return;
    }
    const message = `the server ${ensemble.dto.name} ended by itself (${code === null ? 'killed' : `exit code ${code}`})`;
    const failure = toFailure(new ShellError('LOCAL_SERVER_FAILED', message));
    this.#become(ensemble, { state: 'failed', pid: null, failure });
  }

  #become(ensemble: Ensemble, changes: Partial<EnsembleDto>): void {
    ensemble.dto = { ...ensemble.dto, ...changes, sinceMs: Date.now() };
    this.#list.changed();
  }

  #add(ensemble: Ensemble): void {
    this.#ensembles.set(ensemble.dto.ensembleId, ensemble);
    this.#list.changed();
  }

  #get(ensembleId: string): Ensemble {
    const ensemble = this.#ensembles.get(ensembleId);
    if (ensemble === undefined) {
      throw new ShellError('LOCAL_SERVER_FAILED', `no local server has the id ${ensembleId}`);
    }
    return ensemble;
  }

  /** A stopped server keeps its port, so that it can be started again. */
  #isOurs(port: number): boolean {
    return [...this.#ensembles.values()].some(({ dto }) => dto.clientPort === port);
  }

  #freeName(): string {
    const names = new Set(this.#options.connections.list().map(({ name }) => name));
    for (let number = 1; ; number++) {
      const name = `local-${number}`;
      if (!names.has(name)) return name;
    }
  }
}

function newEnsemble(
  options: Pick<EnsembleDto, 'ensembleId' | 'connectionId' | 'name' | 'clientPort' | 'state'> & {
    readonly config?: Readonly<Record<string, string>>;
  },
): Ensemble {
  const { config = {}, ...dto } = options;
  return { dto: { ...dto, pid: null, sinceMs: Date.now(), failure: null }, config, server: undefined };
}

async function requireFree(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new ShellError('PORT_IN_USE', `port ${port} is taken by another program`, {
    server: `${HOST}:${port}`,
  });
}

function explain(error: unknown, name: string): unknown {
  if (!(error instanceof StartError)) return error;
  return new ShellError('LOCAL_SERVER_FAILED', `the server ${name} did not start: ${error.message}`, {
    cause: error,
  });
}
