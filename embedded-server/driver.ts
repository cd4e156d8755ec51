/**
 * Runs one server: gives the core its events one at a time, carries out its effects in their order, and owns everything
 * that the core must not touch: the clocks, the timer of ticks, the client port, the log.
 */
import { createHash } from 'node:crypto';

import { assert } from '../shared/assert.ts';
import type { StorageError } from '../shared/errors.ts';
import type { Zxid } from '../shared/zxid.ts';
import type { StorageView } from './admin/admin-view.ts';
import { answerFourLetterWord, isFourLetterWord } from './admin/four-letter-words.ts';
import type { ServerConfig } from './core/config.ts';
import type { Now, ServerEffect, ServerEvent } from './core/effects.ts';
import { freshDatabase } from './core/fresh-database.ts';
import { StandaloneServer } from './core/standalone-server.ts';
import { ClientPort } from './net/client-port.ts';
import { DurableStorage, folderBytes } from './storage/durable-storage.ts';
import { MemoryLog } from './storage/memory-log.ts';

export interface DriverOptions {
  readonly config: ServerConfig;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly onLog: (level: 'info' | 'warn', message: string) => void;
  /** The core has a bug: nothing may be acknowledged any more, so whoever runs this must end the process. */
  readonly onBug: (error: unknown) => void;
  /** The disk failed: nothing may be acknowledged any more, so whoever runs this must end the process. */
  readonly onDiskFailed: (error: StorageError) => void;
}

/** Where transactions go before they are applied. */
interface TransactionLog {
  append(zxid: Zxid, entry: Uint8Array): void;
  close(): Promise<void>;
}

function now(): Now {
  return { elapsedMs: Math.floor(performance.now()), wallMs: Date.now() };
}

function sha1(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest();
}

export class Driver {
  readonly #options: DriverOptions;
  readonly #server: StandaloneServer;
  /** Undefined when everything is kept in memory. */
  readonly #storage: DurableStorage | undefined;
  readonly #log: TransactionLog;
  readonly #port: ClientPort;
  #clientPort = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStepping = false;
  #isStopped = false;

  private constructor(options: DriverOptions, storage: DurableStorage | undefined) {
    const { config, onLog } = options;
    this.#options = options;
    this.#storage = storage;
    this.#server = new StandaloneServer(config, {
      sha1,
      now: now(),
      ...(storage && { database: storage.database }),
    });
    this.#server.stats.digestMismatches = storage?.recovered.digestMismatches ?? 0;
    const onPersisted = (zxid: Zxid): void => {
      this.#step({ kind: 'persisted', zxid });
    };
    storage?.start({
      onPersisted,
      onFailed: (error) => {
        this.#isStopped = true;
        options.onDiskFailed(error);
      },
    });
    this.#log = storage ?? new MemoryLog(onPersisted);
    this.#port = new ClientPort({
      host: config.clientPortAddress,
      port: config.clientPort,
      backlog: config.clientPortListenBacklog,
      frameBytesMax: config.frameBytesMax,
      connectionsPerAddressMax: config.maxClientCnxns,
      connectionsMax: config.maxCnxns,
      onEvent: (event) => {
        this.#step(event);
      },
      onWord: (connectionId, word) => this.#answerWord(connectionId, word),
      onLog: (message) => {
        onLog('warn', message);
      },
    });
  }

  /** Reads back what is on disk. Rejects with StorageError when that cannot be trusted, or is in use. */
  static async open(options: DriverOptions): Promise<Driver> {
    return new Driver(options, await openStorage(options));
  }

  /** Resolves to the port when clients can connect; rejects with the system's error when it cannot be opened. */
  async start(): Promise<number> {
    this.#step({ kind: 'started' });
    this.#clientPort = await this.#port.listen();
    this.#scheduleTick();
    return this.#clientPort;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#port.close();
    await this.#log.close();
  }

  #step(event: ServerEvent): void {
    if (this.#isStopped) return;
    assert(!this.#isStepping, 'an event came while another was being handled');
    this.#isStepping = true;
    try {
      for (const effect of this.#server.step(event, now())) this.#run(effect);
    } catch (error) {
      this.#isStopped = true;
      this.#options.onBug(error);
    } finally {
      this.#isStepping = false;
    }
  }

  #run(effect: ServerEffect): void {
    switch (effect.kind) {
      case 'persist':
        this.#log.append(effect.zxid, effect.entry);
        break;
      case 'send':
        this.#port.send(effect.connectionId, effect.bytes);
        break;
      case 'close':
        this.#port.closeConnection(effect.connectionId);
        break;
      case 'pauseReads':
        this.#port.pause(effect.connectionId);
        break;
      case 'resumeReads':
        this.#port.resume(effect.connectionId);
        break;
      case 'log':
        this.#options.onLog(effect.level, effect.message);
        break;
    }
  }

  #answerWord(connectionId: number, word: string): string | undefined {
    if (!isFourLetterWord(word)) return undefined;
    this.#step({ kind: 'commandArrived', connectionId });
    const answer = answerFourLetterWord(word, {
      server: this.#server,
      version: this.#options.version,
      clientPort: this.#clientPort,
      rejectedConnections: this.#port.rejected,
      storage: this.#storage && describeStorage(this.#storage),
      now: now(),
    });
    this.#step({ kind: 'commandAnswered', connectionId });
    return answer;
  }

  /** One timer, always set for when the core next has something to do by itself. */
  #scheduleTick(): void {
    if (this.#isStopped) return;
    const delayMs = Math.max(1, this.#server.nextTickMs - now().elapsedMs);
    this.#timer = setTimeout(() => {
      this.#step({ kind: 'tick' });
      this.#scheduleTick();
    }, delayMs);
  }
}

async function openStorage({ config, onLog }: DriverOptions): Promise<DurableStorage | undefined> {
  const { dataDir } = config;
  if (dataDir === undefined) return undefined;
  return DurableStorage.open({
    config: { ...config, dataDir },
    freshDatabase: () => freshDatabase(config),
    elapsedMs: () => now().elapsedMs,
    random: Math.random,
    onLog,
  });
}

function describeStorage(storage: DurableStorage): StorageView {
  const { folders, fsyncMs, snapshotMs, recovered } = storage;
  const hadLog = recovered.snapshotZxid !== undefined;
  return {
    dataFolder: folders.snapshots,
    dataBytes: folderBytes(folders.snapshots),
    logFolder: folders.logs,
    logBytes: folderBytes(folders.logs),
    fsyncMs,
    snapshotMs,
    snapshotLoadMs: recovered.snapshotLoadMs,
    replayedCount: hadLog ? recovered.replayedCount : undefined,
    replayMs: hadLog ? recovered.replayMs : undefined,
  };
}
