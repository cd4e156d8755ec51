/**
 * What a server has for those who look into it, with an ensemble or without: the ring of what it tells of itself, the watch
 * over its process, and the AdminServer.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { StorageError } from '../shared/errors.ts';
import type { Sid } from '../shared/ids.ts';
import { AdminServer } from './admin/admin-server.ts';
import type { AdminView } from './admin/admin-view.ts';
import { EventRing } from './admin/event-ring.ts';
import type { LogLine } from './client-service.ts';
import type { Chronicle } from './core/chronicle.ts';
import type { ServerConfig } from './core/config.ts';
import type { Now } from './core/effects.ts';
import { watchProcess } from './process-watch.ts';

export interface AdminServiceOptions {
  readonly sid: Sid;
  readonly config: ServerConfig;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly now: () => Now;
  readonly onLog: LogLine;
}

export class AdminService {
  readonly #options: AdminServiceOptions;
  readonly #ring: EventRing;
  #stopWatching: (() => void) | undefined;
  #server: AdminServer | undefined;

  constructor(options: AdminServiceOptions) {
    const { sid, version, now } = options;
    this.#options = options;
    this.#ring = new EventRing({ sid, wallMs: () => now().wallMs });
    this.#ring.tell({ kind: 'started', version });
  }

  /** Where the server tells what happens in it. */
  get chronicle(): Chronicle {
    return this.#ring;
  }

  /** Compat: a server serves without its AdminServer when that finds no port. */
  async listen(view: () => AdminView): Promise<void> {
    const { config, onLog } = this.#options;
    this.#stopWatching = this.#watch();
    if (!config.adminEnabled) return;
    const { adminAddress: host, adminPort: port } = config;
    const server = new AdminServer({
      host,
      port,
      commandUrl: config.adminCommandUrl,
      events: this.#ring,
      view,
    });
    try {
      await server.listen();
      this.#server = server;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      onLog('warn', `no AdminServer on ${host}:${port}: ${problem}; admin.serverPort chooses another port`);
    }
  }

  async close(): Promise<void> {
    this.#stopWatching?.();
    if (this.#server === undefined) return;
    this.#ring.tell({ kind: 'ended', reason: 'the server was asked to stop' });
    // Streams write in the next turn, and are closed in the one behind it.
    await nextTurn();
    await this.#server.close();
  }

  /** The process is about to end because of it. What is told now leaves in the next turn. */
  tellDiskFailed({ code, message }: StorageError): void {
    const about = code === 'DISK_FULL' ? 'disk-full' : 'disk-error';
    this.#ring.tell({ kind: 'complaint', about, text: message });
    this.#ring.tell({ kind: 'ended', reason: message });
  }

  #watch(): () => void {
    const ring = this.#ring;
    return watchProcess({
      now: this.#options.now,
      onLook: (elapsedMs) => {
        ring.refill(elapsedMs);
      },
      onStall: (durationMs) => {
        ring.tell({ kind: 'stall', durationMs });
      },
      onClockJump: (byMs) => {
        ring.tell({ kind: 'clock-jump', byMs });
      },
    });
  }
}
