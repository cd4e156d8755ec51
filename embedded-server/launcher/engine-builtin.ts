/** Runs Zabra's own server, embedded-server/main.ts: one process a server. */
import { parseConfig } from '../core/config.ts';
import { ensembleOf } from '../core/ensemble-config.ts';
import type { Engine } from './engine.ts';
import { launchServer } from './launcher.ts';

export interface BuiltinOptions {
  /** Of this program. */
  readonly version: string;
}

export function builtinEngine({ version }: BuiltinOptions): Engine {
  return {
    name: 'builtin',
    check(servers) {
      for (const { entries } of servers) ensembleOf(parseConfig(entries));
    },
    async start(server, onLog) {
      const { name, sid, entries } = server;
      return launchServer({ serverArguments: { name, sid, version, config: entries }, onLog });
    },
  };
}
