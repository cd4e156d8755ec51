/** Zabra's own server, through the command that people use: `npm run -s ensemble -- --servers 1 …`. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningServer, startServerProcess } from './child-server.ts';
import { findFreePort } from './ports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a server with these `zoo.cfg` keys and waits until it serves. A `clientPort` among them brings one back where it was. */
export async function startBuiltin(config: Readonly<Record<string, string>>): Promise<RunningServer> {
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
    ],
    cwd: ROOT,
    port,
    onStopped: () => Promise.resolve(),
  });
}
