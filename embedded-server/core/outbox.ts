/**
 * Gathers what events want done for clients, in the order in which it must happen: first what is to be sent, one send a
 * connection, then who is to be closed.
 */
import type { Connection } from './connection.ts';
import type { ClientEffect } from './effects.ts';

export class Outbox {
  #effects: ClientEffect[] = [];
  #dirty: Connection[] = [];
  #closing: number[] = [];
  #isUrgent = false;

  /** Whether it should be taken before more events pile up. */
  get isUrgent(): boolean {
    return this.#isUrgent;
  }

  log(level: 'info' | 'warn', message: string): void {
    this.#effects.push({ kind: 'log', level, message });
  }

  pauseReads(connectionId: number): void {
    this.#isUrgent = true;
    this.#effects.push({ kind: 'pauseReads', connectionId });
  }

  resumeReads(connectionId: number): void {
    this.#effects.push({ kind: 'resumeReads', connectionId });
  }

  /** `connection.out` is about to get its first bytes. */
  markDirty(connection: Connection): void {
    this.#dirty.push(connection);
  }

  /** What was written to `connection.out` answers what its client sent just now: nobody else's work is worth waiting for. */
  markUrgent(): void {
    this.#isUrgent = true;
  }

  close(connectionId: number): void {
    this.#closing.push(connectionId);
  }

  /** Everything since the last call. */
  take(): ClientEffect[] {
    const effects = this.#effects;
    for (const connection of this.#dirty) {
      effects.push({ kind: 'send', connectionId: connection.connectionId, bytes: connection.takeOutput() });
    }
    for (const connectionId of this.#closing) effects.push({ kind: 'close', connectionId });
    this.#effects = [];
    this.#dirty = [];
    this.#closing = [];
    this.#isUrgent = false;
    return effects;
  }
}
