/**
 * Runs one server: gives the core its events one at a time, carries out its effects in their order, and owns everything
 * that the core must not touch: the clocks, the timer of ticks, the client port, the log.
 */
import { createHash } from 'node:crypto';

import { assert } from '../shared/assert.ts';
import { answerFourLetterWord, isFourLetterWord } from './admin/four-letter-words.ts';
import type { ServerConfig } from './core/config.ts';
import type { Now, ServerEffect, ServerEvent } from './core/effects.ts';
import { StandaloneServer } from './core/standalone-server.ts';
import { ClientPort } from './net/client-port.ts';
import { MemoryLog } from './storage/memory-log.ts';

export interface DriverOptions {
  readonly config: ServerConfig;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly onLog: (level: 'info' | 'warn', message: string) => void;
  /** The core has a bug: nothing may be acknowledged any more, so whoever runs this must end the process. */
  readonly onBug: (error: unknown) => void;
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
  readonly #log: MemoryLog;
  readonly #port: ClientPort;
  #clientPort = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStepping = false;
  #isStopped = false;

  constructor(options: DriverOptions) {
    const { config, onLog } = options;
    this.#options = options;
    this.#server = new StandaloneServer(config, { sha1, now: now() });
    this.#log = new MemoryLog((zxid) => {
      this.#step({ kind: 'persisted', zxid });
    });
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

  /** Resolves to the port when clients can connect; rejects with the system's error when it cannot be opened. */
  async start(): Promise<number> {
    this.#clientPort = await this.#port.listen();
    this.#scheduleTick();
    return this.#clientPort;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#log.close();
    await this.#port.close();
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
        this.#log.append(effect.zxid);
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
