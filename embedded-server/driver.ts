/**
 * Runs one server without an ensemble: gives the core its events one at a time, carries out its effects in their order, and
 * owns everything that the core must not touch: the clocks, the timer of ticks, the client port, the log.
 */
import type { StorageError } from '../shared/errors.ts';
import type { Zxid } from '../shared/zxid.ts';
import { AdminService } from './admin-service.ts';
import { ClientService, type LogLine, describeStorage } from './client-service.ts';
import type { Chronicle } from './core/chronicle.ts';
import type { ServerConfig } from './core/config.ts';
import type { ServerEffect, ServerEvent } from './core/effects.ts';
import { freshDatabase } from './core/fresh-database.ts';
import { StandaloneServer } from './core/standalone-server.ts';
import { EventLoop, sha1 } from './event-loop.ts';
import { DurableStorage } from './storage/durable-storage.ts';
import { MemoryLog } from './storage/memory-log.ts';
import type { Surroundings } from './surroundings.ts';

export interface DriverOptions {
  readonly config: ServerConfig;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly surroundings: Surroundings;
  readonly onLog: LogLine;
  /** The core has a bug: nothing may be acknowledged any more, so whoever runs this must end the process. */
  readonly onBug: (error: unknown) => void;
  /** The disk failed: nothing may be acknowledged any more, so whoever runs this must end the process. */
  readonly onDiskFailed: (error: StorageError) => void;
}

/** As `conf` shows it. */
const STANDALONE_SID = 0;

/** Where transactions go before they are applied. */
interface TransactionLog {
  append(zxid: Zxid, entry: Uint8Array): void;
  close(): Promise<void>;
}

export class Driver {
  readonly #loop: EventLoop<ServerEvent, ServerEffect>;
  readonly #log: TransactionLog;
  readonly #clients: ClientService;
  readonly #admin: AdminService;

  /** `storage` is undefined when everything is kept in memory. */
  private constructor(
    options: DriverOptions,
    { storage, admin }: { storage: DurableStorage | undefined; admin: AdminService },
  ) {
    const { config, version, onLog, onBug, surroundings } = options;
    const { now } = surroundings;
    this.#admin = admin;
    const server = new StandaloneServer(config, {
      sha1,
      now: now(),
      chronicle: admin.chronicle,
      ...(storage && { database: storage.database }),
    });
    server.stats.digestMismatches = storage?.recovered.digestMismatches ?? 0;
    const loop = new EventLoop<ServerEvent, ServerEffect>({
      core: server,
      now,
      tick: { kind: 'tick' },
      run: (effect) => {
        this.#run(effect);
      },
      onBug,
    });
    this.#loop = loop;
    const onPersisted = (zxid: Zxid): void => {
      loop.handle({ kind: 'persisted', zxid });
    };
    storage?.start({
      onPersisted,
      onFailed: (error) => {
        loop.stop();
        admin.tellDiskFailed(error);
        options.onDiskFailed(error);
      },
    });
    this.#log = storage ?? new MemoryLog(onPersisted);
    this.#clients = new ClientService({
      config,
      version,
      now,
      onLog,
      onEvent: (event) => {
        loop.handle(event);
      },
      view: () => ({ server, quorum: undefined, storage: storage && describeStorage(storage) }),
    });
  }

  /** Reads back what is on disk. Rejects with StorageError when that cannot be trusted, or is in use. */
  static async open(options: DriverOptions): Promise<Driver> {
    const { config, version, onLog } = options;
    const { now } = options.surroundings;
    const admin = new AdminService({ sid: STANDALONE_SID, config, version, now, onLog });
    return new Driver(options, { admin, storage: await openStorage(options, admin.chronicle) });
  }

  /** Resolves to the port when clients can connect; rejects with the system's error when it cannot be opened. */
  async start(): Promise<number> {
    this.#loop.handle({ kind: 'started' });
    const clientPort = await this.#clients.listen();
    await this.#admin.listen(() => this.#clients.view());
    this.#loop.startTicking();
    return clientPort;
  }

  async stop(): Promise<void> {
    this.#loop.stop();
    await Promise.all([this.#clients.close(), this.#admin.close()]);
    await this.#log.close();
  }

  #run(effect: ServerEffect): void {
    if (effect.kind === 'persist') this.#log.append(effect.zxid, effect.entry);
    else this.#clients.run(effect);
  }
}

async function openStorage(
  { config, surroundings: { fileSystem, elapsedMs }, onLog }: DriverOptions,
  chronicle: Chronicle,
): Promise<DurableStorage | undefined> {
  const { dataDir } = config;
  if (dataDir === undefined) return undefined;
  return DurableStorage.open({
    config: { ...config, dataDir },
    freshDatabase: () => freshDatabase(config),
    fileSystem,
    elapsedMs,
    random: Math.random,
    onLog,
    chronicle,
  });
}
