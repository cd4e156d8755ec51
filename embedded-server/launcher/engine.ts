/**
 * What an ensemble needs of the program that runs its servers. An engine starts one server from its plan and says when it
 * is up; it knows nothing of the others, of links or of faults.
 */
import type { Conditions, LogLevel } from '../server-messages.ts';
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
  /** Resolves when they hold, or the server is gone. Demands an engine that has them, and that the server runs. */
  setConditions(conditions: Conditions): Promise<void>;
  /** Where it dials the other servers from now on. Demands an engine that has links, and that the server runs. */
  setDialRoutes(routes: Readonly<Record<string, string>>): void;
  /** Why it has ended, in its own words. */
  readonly lastWords: string | undefined;
}

export type OnLog = (level: LogLevel, message: string) => void;

export interface StartOptions {
  readonly onLog?: OnLog;
  /** The usual ones when left out, and for an engine that knows no others. */
  readonly conditions?: Conditions;
}

export interface Engine {
  readonly name: EngineName;
  /** What can be known to be wrong before anything is started: throws ConfigError or StartError. */
  check(servers: readonly PlannedServer[]): void;
  /** Why the disk or the clock of a server cannot be tampered with; undefined when it can. */
  refusalOf(lever: 'disk' | 'clock'): string | undefined;
  /** The server's folder exists. */
  start(server: PlannedServer, options?: StartOptions): Promise<ServerHandle>;
}
