/** One server of either engine on a data folder that outlives it, so that the other engine can go on from there. */
import { mkdir } from 'node:fs/promises';
import { apacheEngine } from '../../embedded-server/launcher/engine-apache.ts';
import { builtinEngine } from '../../embedded-server/launcher/engine-builtin.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import { askServer } from '../../embedded-server/launcher/server-answer.ts';
import { TEST_JVM_FLAGS } from './apache-server.ts';
import type { RunningServer } from './child-server.ts';
import { findFreePort } from './ports.ts';
import { waitFor } from './wait.ts';

const HOST = '127.0.0.1';
const SERVING_MS_MAX = 30_000;

export async function startOnFolder(
  engineName: EngineName,
  config: Readonly<Record<string, string>>,
  dataFolder: string,
): Promise<RunningServer> {
  const clientPort = await findFreePort();
  const folder = `${dataFolder}-configuration`;
  await mkdir(folder, { recursive: true });
  let log = '';
  const engine =
    engineName === 'apache'
      ? apacheEngine({ apacheHome: undefined, jvmFlags: TEST_JVM_FLAGS })
      : builtinEngine({ version: 'test', isOnDisk: true });
  const entries = {
    'admin.enableServer': 'false',
    ...config,
    dataDir: dataFolder,
    clientPort: String(clientPort),
    clientPortAddress: HOST,
  };
  const handle = await engine.start(
    {
      sid: 1,
      name: 'server.1',
      role: 'participant',
      host: HOST,
      clientPort,
      adminPort: undefined,
      adminUrl: undefined,
      folder,
      dataFolder,
      logFolder: dataFolder,
      entries,
    },
    { onLog: (level, message) => (log += `${level}: ${message}\n`) },
  );
  await handle.up;
  await waitFor(
    'the server serves',
    async () => (await askServer({ host: HOST, clientPort })).kind === 'serving',
    SERVING_MS_MAX,
  );
  return {
    host: HOST,
    port: clientPort,
    connectString: `${HOST}:${clientPort}`,
    pid: handle.pid ?? 0,
    output: () => log,
    stop: () => handle.stop(),
  };
}
