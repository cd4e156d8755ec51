/** What a server process and whoever started it say to each other. */

export type ToParent =
  | { readonly kind: 'ready'; readonly clientPort: number }
  /** It will not serve; the process ends after this. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string };

export interface ToServer {
  readonly kind: 'stop';
}

export type LogLevel = 'info' | 'warn';

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
}
