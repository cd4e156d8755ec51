/** Runs Zabra's own server, embedded-server/main.ts: one process a server. */
import { ConfigError, parseConfig } from '../core/config.ts';
import type { Engine } from './engine.ts';
import type { PlannedServer } from './ensemble-plan.ts';
import { launchServer } from './launcher.ts';

export interface BuiltinOptions {
  /** Of this program. */
  readonly version: string;
  /** Whether data is worth a disk: it is not where its folder goes at the end. */
  readonly isKept: boolean;
}

export function builtinEngine({ version, isKept }: BuiltinOptions): Engine {
  const configOf = ({ entries }: PlannedServer): Readonly<Record<string, string>> =>
    isKept ? entries : Object.fromEntries(Object.entries(entries).filter(([key]) => key !== 'dataDir'));
  return {
    name: 'builtin',
    check(servers) {
      if (servers.length > 1) {
        throw new ConfigError(
          `${servers.length} servers: the engine builtin runs single servers only in this version; use --engine apache`,
        );
      }
      for (const server of servers) parseConfig(configOf(server));
    },
    async start(server, onLog) {
      const { name } = server;
      return launchServer({ serverArguments: { name, version, config: configOf(server) }, onLog });
    },
  };
}
