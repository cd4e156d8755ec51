/** Zabra's own server, through the command that people use: `npm run -s ensemble -- --servers 1 …`. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { type RunningServer, startServerProcess } from './child-server.ts';
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

/** Three servers of Zabra's own; what is handed out is one that follows. */
export async function startBuiltinEnsemble(config: Readonly<Record<string, string>>): Promise<RunningServer> {
  let log = '';
  const ensemble = await startEnsemble({
    servers: 3,
    // The shortest of the bench's ticks would make a busy machine lose its leader.
    config: { ...config, initLimit: '50', syncLimit: '25' },
    onLog: (name, level, message) => (log += `${name} ${level}: ${message}\n`),
  });
  const [server] = ensemble.servers;
  const { pid } = await ensemble.statusOf(1);
  if (server === undefined || pid === null) throw new Error('server 1 ended by itself');
  return {
    host: server.host,
    port: server.clientPort,
    connectString: server.connectString,
    pid,
    output: () => log,
    stop: () => ensemble.close(),
  };
}
