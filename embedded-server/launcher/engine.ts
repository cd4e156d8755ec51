/**
 * What an ensemble needs of the program that runs its servers. An engine starts one server from its plan and says when it
 * is up; it knows nothing of the others, of links or of faults.
 */
import type { LogLevel } from '../server-messages.ts';
import type { EngineName } from './ensemble-description.ts';
import type { PlannedServer } from './ensemble-plan.ts';

/** The process of a server, from the moment it was made. */
export interface ServerHandle {
  readonly pid: number | undefined;
  /**
   * Resolves when the server answers on its client port, whether it serves or still looks for a leader. Rejects with
   * StartError when the process ends before.
   */
  readonly up: Promise<void>;
  /** Resolves when nothing of it is left; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Asks it to end, kills it when it does not; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

export type OnLog = (level: LogLevel, message: string) => void;

export interface Engine {
  readonly name: EngineName;
  /** What can be known to be wrong before anything is started: throws ConfigError or StartError. */
  check(servers: readonly PlannedServer[]): void;
  /** The server's folder exists. */
  start(server: PlannedServer, onLog: OnLog): Promise<ServerHandle>;
}
