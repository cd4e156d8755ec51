/**
 * One ensemble that Zabra runs: its life from the first start to the end of the shell, what people do to it, and what is
 * told of it. The launcher's Ensemble exists from a start until a stop; what a person did to links lasts as long.
 *
 *   stopped ── start ──► starting ──► running ── stop ──► stopping ──► stopped
 *                            └── failed ◄──┘ (its servers ended by themselves)
 */
import type {
  ConditionsChange,
  EnsembleDto,
  EnsembleLiveDto,
  EnsembleServerDto,
  LinkChange,
  LinkDto,
  LogBatch,
  ServerAction,
} from '../../../shared/api/ensembles.ts';
import { ENSEMBLE_SERVERS_MAX } from '../../../shared/api/ensembles.ts';
import type { ServerEventDto } from '../../../shared/api/server-events.ts';
import { assertNever } from '../../../shared/assert.ts';
import type { EnsembleRequest } from '../../../embedded-server/launcher/ensemble-description.ts';
import { FaultError } from '../../../embedded-server/launcher/fault-error.ts';
import type { ForkServer } from '../../../embedded-server/launcher/launcher.ts';
import type { LinkStatus } from '../../../embedded-server/launcher/links.ts';
import { Ensemble, type EnsembleServer } from '../../../embedded-server/launcher/running-ensemble.ts';
import { isLaunchProblem } from '../../../embedded-server/launcher/start-error.ts';
import { isPortFree } from '../../free-port.ts';
import type { Log } from '../../log.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import { toFailure } from '../failures.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ShellError } from '../shell-error.ts';
import { ApacheLogTail } from './apache-log.ts';
import { EventFeed } from './event-feed.ts';
import { EnsembleLog } from './ensemble-log.ts';
import { LivePoll } from './live-poll.ts';
import { adoptOldFolder } from './old-folder.ts';

export const HOST = '127.0.0.1';

/** What an ensemble is while nothing of it runs. */
export interface EnsembleShape {
  readonly engine: EnsembleDto['engine'];
  readonly servers: readonly Pick<EnsembleServerDto, 'sid' | 'role' | 'clientPort'>[];
}

export interface LocalEnsembleOptions extends Pick<EnsembleDto, 'ensembleId' | 'name' | 'connectionId'> {
  /** As it is before the first start of this run. */
  readonly shape: EnsembleShape;
  readonly folder: string;
  /** What the launcher is asked for at the first start; what it leaves out is as it was. */
  readonly request: EnsembleRequest;
  readonly version: string;
  readonly forkServer: ForkServer | undefined;
  readonly questions: ServerQuestions;
  readonly log: Log;
  readonly onChange: () => void;
}

export interface LinkRequest {
  readonly from: number;
  readonly to: number;
  readonly isOneWay: boolean;
  readonly change: LinkChange;
}

export class LocalEnsemble {
  readonly #options: LocalEnsembleOptions;
  readonly #log = new EnsembleLog((isFollowed) => this.#followFiles(isFollowed));
  readonly #feed: EventFeed;
  readonly #live: LivePoll;
  #ensemble: Ensemble | undefined;
  #servers: EnsembleShape['servers'];
  #request: EnsembleRequest;
  #step: 'starting' | 'stopping' | undefined;
  #starting: Promise<void> | undefined;
  #failure: EnsembleDto['failure'] = null;
  #sinceMs = Date.now();
  #state: EnsembleDto['state'] = 'stopped';
  #tails: readonly ApacheLogTail[] = [];
  #isLogFollowed = false;

  constructor(options: LocalEnsembleOptions) {
    this.#options = options;
    this.#servers = options.shape.servers;
    this.#request = options.request;
    this.#feed = new EventFeed(() => this.#live.onNews());
    this.#live = new LivePoll(options.questions, this.#feed);
  }

  /** None while it is stopped. */
  get servers(): readonly EnsembleServer[] {
    return this.#ensemble?.servers ?? [];
  }

  get dto(): EnsembleDto {
    const { ensembleId, name, connectionId, shape } = this.#options;
    const processes = new Map(this.#ensemble?.processes.map((process) => [process.sid, process]));
    return {
      ensembleId,
      name,
      connectionId,
      engine: shape.engine,
      state: this.#state,
      sinceMs: this.#sinceMs,
      failure: this.#failure,
      servers: this.#servers.map((server) => {
        const process = processes.get(server.sid);
        return {
          ...server,
          process: process?.state ?? 'stopped',
          pid: process?.pid ?? null,
          failure: process?.failure ?? null,
          conditions: process?.conditions ?? null,
        };
      }),
      links: (this.#ensemble?.links ?? []).map(linkDto),
      hasChangeableServers: this.#ensemble !== undefined && this.#ensemble.problemOfChanges === undefined,
    };
  }

  /** What can be looked into besides client ports; nothing while it is stopped. */
  get sources(): { readonly adminUrls: readonly string[]; readonly dataFolders: readonly string[] } {
    const servers = this.#ensemble?.servers ?? [];
    return {
      adminUrls: servers.map(({ adminUrl }) => adminUrl).filter((url) => url !== null),
      dataFolders: servers.map(({ dataFolder }) => dataFolder),
    };
  }

  /** Answers when it serves. Throws ShellError PORT_IN_USE, LOCAL_SERVER_FAILED, CANCELLED; nothing of it runs then. */
  async start(): Promise<void> {
    if (this.#step === 'stopping') throw this.#refuse('it is being stopped');
    if (this.#ensemble !== undefined && this.#step === undefined) {
      await this.#startStopped(this.#ensemble);
      return;
    }
    this.#starting ??= this.#startAll().finally(() => (this.#starting = undefined));
    await this.#starting;
  }

  async stop(): Promise<void> {
    const ensemble = this.#ensemble;
    if (ensemble === undefined) return;
    this.#failure = null;
    this.#become('stopping');
    this.#say('info', 'stop all servers');
    await ensemble.close();
    // A start that was under way ends with it.
    await this.#starting?.catch(() => undefined);
    this.#onClosed();
  }

  async act(sid: number, action: ServerAction): Promise<void> {
    if (action === 'start' && this.#ensemble === undefined) await this.#open();
    await this.#pull(`${action} server ${sid}`, async (ensemble) => {
      switch (action) {
        case 'start':
          return ensemble.startServer(sid);
        case 'stop':
          return ensemble.stop(sid);
        case 'restart':
          return ensemble.restart(sid);
        case 'kill':
          return ensemble.kill(sid);
        case 'pause':
          return ensemble.pause(sid);
        case 'resume':
          return ensemble.resume(sid);
        case 'wipe':
          return ensemble.wipe(sid);
        default:
          return assertNever(action);
      }
    });
  }

  async addServer(role: EnsembleServerDto['role']): Promise<void> {
    const what = role === 'observer' ? 'an observer' : 'a server that votes';
    await this.#pull(`add ${what}`, async (ensemble) => {
      if (ensemble.servers.length >= ENSEMBLE_SERVERS_MAX) {
        throw this.#refuse(`${ENSEMBLE_SERVERS_MAX} servers are the most`);
      }
      const { sid } = await ensemble.addServer({ role });
      this.#say('info', `server ${sid} is a member`);
    });
  }

  async removeServer(sid: number): Promise<void> {
    await this.#pull(`remove server ${sid}`, async (ensemble) => ensemble.removeServer(sid));
  }

  async changeConditions(sid: number, conditions: ConditionsChange): Promise<void> {
    const { syncDelayMs, isDiskFull, clockSkewMs } = conditions;
    if (syncDelayMs !== undefined) {
      await this.#pull(`slow the disk of server ${sid} by ${syncDelayMs} ms`, async (ensemble) =>
        ensemble.slowDisk(sid, syncDelayMs),
      );
    }
    if (isDiskFull !== undefined) {
      await this.#pull(`${isDiskFull ? 'fill' : 'free'} the disk of server ${sid}`, async (ensemble) =>
        isDiskFull ? ensemble.fillDisk(sid) : ensemble.freeDisk(sid),
      );
    }
    if (clockSkewMs !== undefined) {
      await this.#pull(`put the clock of server ${sid} ${clockSkewMs} ms ahead`, async (ensemble) =>
        ensemble.skewClock(sid, clockSkewMs),
      );
    }
  }

  async killLeader(): Promise<void> {
    const leader = await this.#ensemble?.leader();
    if (leader === undefined) throw this.#refuse('no server leads now');
    await this.act(leader, 'kill');
  }

  async changeLink({ from, to, isOneWay, change }: LinkRequest): Promise<void> {
    const ends = { a: from, b: to };
    const which = isOneWay ? `what server ${from} sends to server ${to}` : `link ${from}-${to}`;
    switch (change.kind) {
      case 'cut':
        return this.#pull(`cut ${which}`, async (ensemble) => ensemble.cut(ends, { isOneWay }));
      case 'heal':
        return this.#pull(`mend ${which}`, async (ensemble) => ensemble.heal(ends, { isOneWay }));
      case 'delay':
        return this.#pull(`delay ${which} by ${change.delayMs} ms`, async (ensemble) =>
          ensemble.delay(ends, change.delayMs, { isOneWay }),
        );
      case 'throttle': {
        const { bytesPerSecond } = change;
        const limit = bytesPerSecond === null ? 'nothing' : `${bytesPerSecond} bytes a second`;
        return this.#pull(`limit link ${from}-${to} to ${limit}`, async (ensemble) =>
          ensemble.throttle(ends, bytesPerSecond ?? undefined),
        );
      }
      default:
        return assertNever(change);
    }
  }

  async partition(groups: readonly (readonly number[])[]): Promise<void> {
    const text = groups.map((group) => group.join(' ')).join(' | ');
    await this.#pull(`partition: ${text} | all others`, async (ensemble) => ensemble.partition(groups));
  }

  async healLinks(): Promise<void> {
    await this.#pull('mend all links', async (ensemble) => ensemble.heal());
  }

  live(): PacedStream<EnsembleLiveDto> {
    return this.#live.stream();
  }

  events(): PacedStream<ServerEventDto[]> {
    return this.#feed.stream();
  }

  log(): PacedStream<LogBatch> {
    return this.#log.stream();
  }

  /** Stops it for good, and ends what pages follow. */
  async close(): Promise<void> {
    await this.stop();
    this.#live.close();
    this.#feed.close();
    this.#log.close();
  }

  // ---- starting and ending

  async #startAll(): Promise<void> {
    this.#failure = null;
    this.#become('starting');
    this.#say('info', `start ${this.#servers.length} servers, engine ${this.#options.shape.engine}`);
    try {
      const ensemble = await this.#open();
      await ensemble.start();
      this.#step = undefined;
      this.#refresh();
      this.#say('info', 'the ensemble serves');
    } catch (error) {
      const wasStopped = this.#step === 'stopping';
      const failure = wasStopped
        ? new ShellError('CANCELLED', 'the ensemble was stopped before it served', { cause: error })
        : explain(error, this.#options.name);
      if (!wasStopped) {
        await this.#ensemble?.close();
        this.#failure = toFailure(failure);
        this.#say('error', failure instanceof Error ? failure.message : 'the start failed');
        this.#onClosed();
      }
      throw failure;
    }
  }

  async #startStopped(ensemble: Ensemble): Promise<void> {
    const stopped = ensemble.processes.filter(({ state }) => state === 'stopped').map(({ sid }) => sid);
    await Promise.all(stopped.map((sid) => this.act(sid, 'start')));
  }

  async #open(): Promise<Ensemble> {
    const { folder, version, forkServer, shape, log, name } = this.#options;
    for (const { clientPort } of this.#servers) await requireFree(clientPort);
    await adoptOldFolder(folder);
    const ensemble = await Ensemble.open({
      ...this.#request,
      dataDir: folder,
      version,
      forkServer,
      onLog: (server, level, message) => {
        this.#log.add({ atMs: Date.now(), sid: sidOf(server), level, message });
      },
      onFailure: (message) => {
        log.warn({ ensemble: name }, message);
        this.#log.add({ atMs: Date.now(), sid: sidOf(message), level: 'error', message });
      },
      onChange: () => this.#refresh(),
    });
    this.#ensemble = ensemble;
    // It is described in its folder from now on.
    this.#request = {};
    this.#live.target(ensemble);
    this.#feed.target(ensemble);
    this.#tails =
      shape.engine === 'apache'
        ? ensemble.servers.map(
            ({ sid, folder: serverFolder }) =>
              new ApacheLogTail({ sid, folder: serverFolder, onEntry: (entry) => this.#log.add(entry) }),
          )
        : [];
    this.#followFiles(this.#isLogFollowed);
    return ensemble;
  }

  #onClosed(): void {
    this.#ensemble = undefined;
    this.#step = undefined;
    this.#live.target(undefined);
    this.#feed.target(undefined);
    for (const tail of this.#tails) tail.stop();
    this.#tails = [];
    this.#refresh();
  }

  #followFiles(isFollowed: boolean): void {
    this.#isLogFollowed = isFollowed;
    for (const tail of this.#tails) {
      if (isFollowed) tail.follow();
      else tail.stop();
    }
  }

  // ---- levers

  /** Says what is done and does it; in words for people where it cannot be done. */
  async #pull(what: string, lever: (ensemble: Ensemble) => Promise<void>): Promise<void> {
    const ensemble = this.#ensemble;
    if (ensemble === undefined || this.#step === 'stopping')
      throw this.#refuse('it is stopped: start it first');
    this.#say('info', what);
    try {
      await lever(ensemble);
    } catch (error) {
      const problem = explain(error, this.#options.name);
      this.#say('warn', `${what}: ${problem instanceof Error ? problem.message : 'it failed'}`);
      throw problem;
    } finally {
      this.#refresh();
    }
  }

  #refuse(why: string): ShellError {
    return new ShellError('LEVER_REFUSED', `${this.#options.name}: ${why}`);
  }

  #say(level: 'info' | 'warn' | 'error', message: string): void {
    this.#log.add({ atMs: Date.now(), sid: null, level, message });
  }

  // ---- state

  #become(step: 'starting' | 'stopping'): void {
    this.#step = step;
    this.#refresh();
  }

  /** Works out the state from the processes that there are. */
  #refresh(): void {
    const processes = this.#ensemble?.processes ?? [];
    if (this.#ensemble !== undefined) {
      this.#servers = this.#ensemble.servers.map(({ sid, role, clientPort }) => ({ sid, role, clientPort }));
    }
    const before = this.#state;
    this.#state = this.#step ?? this.#stateOf(processes.some(({ state }) => state !== 'stopped'));
    if (this.#state === 'failed' && this.#failure === null) {
      const message = processes.map(({ failure }) => failure).find((failure) => failure !== null);
      this.#failure = toFailure(
        new ShellError('LOCAL_SERVER_FAILED', `${this.#options.name}: ${message ?? 'all servers ended'}`),
      );
    }
    if (this.#state === 'running') this.#failure = null;
    if (this.#state !== before) this.#sinceMs = Date.now();
    this.#feed.refresh();
    this.#live.onNews();
    this.#options.onChange();
  }

  #stateOf(isSomethingThere: boolean): 'running' | 'stopped' | 'failed' {
    if (isSomethingThere) return 'running';
    const hasFailed = this.#ensemble?.processes.some(({ failure }) => failure !== null) === true;
    return hasFailed || this.#failure !== null ? 'failed' : 'stopped';
  }
}

async function requireFree(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new ShellError('PORT_IN_USE', `port ${port} is taken by another program`, {
    server: `${HOST}:${port}`,
  });
}

/** What the launcher refuses, in the shell's own terms; a bug stays one. */
function explain(error: unknown, name: string): unknown {
  if (error instanceof FaultError) return new ShellError('LEVER_REFUSED', error.message, { cause: error });
  if (!isLaunchProblem(error)) return error;
  return new ShellError('LOCAL_SERVER_FAILED', `${name} did not start: ${error.message}`, { cause: error });
}

function linkDto({ a, b, there, back }: LinkStatus): LinkDto {
  return {
    a,
    b,
    there: wayDto(there),
    back: wayDto(back),
  };
}

function wayDto({ isCut, delayMs, bytesPerSecond }: LinkStatus['there']): LinkDto['there'] {
  return { isCut, delayMs, bytesPerSecond: bytesPerSecond ?? null };
}

/** The number in `server.2`, which names a server in what the launcher says. */
function sidOf(text: string): number | null {
  const sid = /^server\.(\d+)/.exec(text)?.[1];
  return sid === undefined ? null : Number(sid);
}
