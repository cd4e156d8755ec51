/** Zabra's own server, through the command that people use: `npm run -s ensemble -- --servers 1 …`. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { type RunningServer, startServerProcess } from './child-server.ts';
import { LeaderKiller } from './leader-killer.ts';
import { findFreePort } from './ports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a server with these `zoo.cfg` keys and waits until it serves. A `clientPort` among them brings one back where it was. */
export async function startBuiltin(
  config: Readonly<Record<string, string>>,
  dataDir?: string,
): Promise<RunningServer> {
  const port = Number(config['clientPort'] ?? (await findFreePort()));
  const settings = Object.entries(config).flatMap(([key, value]) => ['--config', `${key}=${value}`]);
  return startServerProcess({
    name: 'the embedded server',
    // What the script runs, without npm in between, which would not hand a signal on.
    file: process.execPath,
    args: [
      path.join(ROOT, 'embedded-server/launcher/ensemble.ts'),
      '--servers',
      '1',
      '--client-port',
      String(port),
      ...settings,
      ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ],
    cwd: ROOT,
    port,
    onStopped: () => Promise.resolve(),
  });
}

export interface BuiltinEnsembleOptions {
  readonly observers?: number;
  /** Kills whoever leads this often; what is handed out then has `disturbances`. */
  readonly killLeaderEveryMs?: number;
}

/** Three servers of Zabra's own. What is handed out is one that follows, or observes where there are observers. */
export async function startBuiltinEnsemble(
  config: Readonly<Record<string, string>>,
  { observers = 0, killLeaderEveryMs }: BuiltinEnsembleOptions = {},
): Promise<RunningServer> {
  let log = '';
  const ensemble = await startEnsemble({
    servers: 3,
    observers,
    // The shortest of the bench's ticks would make a busy machine lose its leader.
    config: { ...config, initLimit: '50', syncLimit: '25' },
    onLog: (name, level, message) => (log += `${name} ${level}: ${message}\n`),
  });
  const server = ensemble.servers.find(({ role }) => observers === 0 || role === 'observer');
  const { pid } = await ensemble.statusOf(server?.sid ?? 1);
  if (server === undefined || pid === null) throw new Error('a server ended by itself');
  const killer = killLeaderEveryMs === undefined ? undefined : new LeaderKiller(ensemble, killLeaderEveryMs);
  return {
    host: server.host,
    port: server.clientPort,
    connectString: server.connectString,
    pid,
    output: () => log,
    ...(killer && {
      disturbances: { count: () => killer.kills, untilOver: () => killer.untilOver() },
    }),
    async stop() {
      try {
        await killer?.stop();
      } finally {
        await ensemble.close();
      }
    },
  };
}
