/** What a server has for its clients, with an ensemble or without: the client port and the answers to four-letter words. */
import { assertNever } from '../shared/assert.ts';
import type { AdminView, StorageView } from './admin/admin-view.ts';
import { answerFourLetterWord, argumentBytesOf, isFourLetterWord } from './admin/four-letter-words.ts';
import type { ServerConfig } from './core/config.ts';
import type { ClientEffect, ClientEvent, Now } from './core/effects.ts';
import { ClientPort } from './net/client-port.ts';
import type { HostPort } from './net/host-port.ts';
import { type DurableStorage, folderBytes, newestSnapshot } from './storage/durable-storage.ts';

/** Apache's. */
const TRACE_MASK_DEFAULT = 306n;

export type LogLine = (level: 'info' | 'warn', message: string) => void;

export interface ClientServiceOptions {
  readonly config: ServerConfig;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly now: () => Now;
  readonly onEvent: (event: ClientEvent) => void;
  readonly onLog: LogLine;
  /** What of a view the server itself knows. */
  readonly view: () => Pick<AdminView, 'server' | 'quorum' | 'storage'>;
}

export class ClientService {
  readonly #options: ClientServiceOptions;
  readonly #port: ClientPort;
  readonly #traceMask = { value: TRACE_MASK_DEFAULT };
  #clientPort = 0;

  constructor(options: ClientServiceOptions) {
    const { config, onEvent, onLog } = options;
    this.#options = options;
    this.#port = new ClientPort({
      host: config.clientPortAddress,
      port: config.clientPort,
      backlog: config.clientPortListenBacklog,
      frameBytesMax: config.frameBytesMax,
      connectionsPerAddressMax: config.maxClientCnxns,
      connectionsMax: config.maxCnxns,
      onEvent,
      argumentBytesOf,
      onWord: (connectionId, word, argument) => this.#answerWord(connectionId, word, argument),
      onLog: (message) => {
        onLog('warn', message);
      },
    });
  }

  /** Resolves to the port when clients can connect; rejects with the system's error when it cannot be opened. */
  async listen(): Promise<number> {
    this.#clientPort = await this.#port.listen();
    return this.#clientPort;
  }

  /** Clients that are connected stay. Rejects as {@link listen}, and stays where it was then. */
  async moveTo(address: HostPort): Promise<void> {
    this.#clientPort = await this.#port.listen(address);
  }

  close(): Promise<void> {
    return this.#port.close();
  }

  run(effect: ClientEffect): void {
    switch (effect.kind) {
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
      default:
        assertNever(effect);
    }
  }

  /** Everything that may be seen of the server. */
  view(): AdminView {
    const { now, version, view } = this.#options;
    return {
      ...view(),
      version,
      clientPort: this.#clientPort,
      rejectedConnections: this.#port.rejected,
      traceMask: this.#traceMask,
      now: now(),
    };
  }

  #answerWord(connectionId: number, word: string, argument: Uint8Array): string | undefined {
    if (!isFourLetterWord(word)) return undefined;
    const { onEvent } = this.#options;
    onEvent({ kind: 'commandArrived', connectionId });
    const answer = answerFourLetterWord(word, this.view(), argument);
    onEvent({ kind: 'commandAnswered', connectionId });
    return answer;
  }
}

export function describeStorage(storage: DurableStorage): StorageView {
  const { folders, fsyncMs, batchSizes, snapshotMs, recovered } = storage;
  const hadLog = recovered.snapshotZxid !== undefined;
  return {
    dataFolder: folders.snapshots,
    dataBytes: folderBytes(folders.snapshots),
    logFolder: folders.logs,
    logBytes: folderBytes(folders.logs),
    fsyncMs,
    batchSizes,
    snapshotMs,
    slowFsyncs: storage.slowFsyncs,
    lastSnapshot: newestSnapshot(folders.snapshots),
    snapshotLoadMs: recovered.snapshotLoadMs,
    replayedCount: hadLog ? recovered.replayedCount : undefined,
    replayMs: hadLog ? recovered.replayMs : undefined,
  };
}
