/** Runs Zabra's own server, embedded-server/main.ts: one process a server. */
import { parseConfig } from '../core/config.ts';
import { ensembleOf } from '../core/ensemble-config.ts';
import type { Engine } from './engine.ts';
import type { PlannedServer } from './ensemble-plan.ts';
import { type ForkServer, launchServer } from './launcher.ts';

export interface BuiltinOptions {
  /** Of this program. */
  readonly version: string;
  /** Whether a server's data is on disk; a single server may do without, members of an ensemble may not. */
  readonly isOnDisk: boolean;
  readonly forkServer?: ForkServer | undefined;
}

export function builtinEngine({ version, isOnDisk, forkServer }: BuiltinOptions): Engine {
  const configOf = ({ entries }: PlannedServer): Readonly<Record<string, string>> =>
    isOnDisk ? entries : Object.fromEntries(Object.entries(entries).filter(([key]) => key !== 'dataDir'));
  return {
    name: 'builtin',
    check(servers) {
      for (const server of servers) ensembleOf(parseConfig(configOf(server)));
    },
    refusalOf(lever) {
      if (lever === 'clock' || isOnDisk) return undefined;
      return 'this server keeps its data in memory, so it has no disk to slow or fill: give it a data folder';
    },
    async start(server, { onLog, conditions } = {}) {
      const { name, sid } = server;
      return launchServer({
        serverArguments: { name, sid, version, config: configOf(server), ...(conditions && { conditions }) },
        onLog,
        forkServer,
      });
    },
  };
}
