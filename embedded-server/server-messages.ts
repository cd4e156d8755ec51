/** What a server process and whoever started it say to each other. */

export type ToParent =
  | { readonly kind: 'ready'; readonly clientPort: number }
  /** It will not serve, or not any longer; the process ends after this. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string }
  /** Answers the message `conditions` of the same number. */
  | { readonly kind: 'conditionsSet'; readonly requestNumber: number };

export type ToServer =
  | { readonly kind: 'stop' }
  /** Where to dial other servers from now on, as `zabra.dial.<sid>` in the configuration. */
  | { readonly kind: 'dialRoutes'; readonly routes: Readonly<Record<string, string>> }
  | { readonly kind: 'conditions'; readonly requestNumber: number; readonly conditions: Conditions };

export type LogLevel = 'info' | 'warn';

/** What a server lives under: faults of its disk and of its clock. */
export interface Conditions {
  /** How much longer everything takes that makes something durable. */
  readonly syncDelayMs: number;
  readonly isDiskFull: boolean;
  /** By how much the wall clock is ahead, as after `date -s`: the clock that only counts up is not concerned. */
  readonly clockSkewMs: number;
}

export const USUAL_CONDITIONS: Conditions = { syncDelayMs: 0, isDiskFull: false, clockSkewMs: 0 };

/** Given to main.ts as its one argument, in JSON. */
export interface ServerArguments {
  /** How messages call this server. */
  readonly name: string;
  /** Its number in its ensemble; left out where there is none. */
  readonly sid?: number;
  /** Of this program, not of ZooKeeper. */
  readonly version: string;
  /** Keys and values as in zoo.cfg. */
  readonly config: Readonly<Record<string, string>>;
  /** From the first moment on; the usual ones when left out. */
  readonly conditions?: Conditions;
}
