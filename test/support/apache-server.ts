/** Apache ZooKeeper as Debian packages it (3.8.0, Java 17), standalone, in a folder of its own. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findApache } from '../../embedded-server/launcher/apache-installation.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import type { RunningServer } from './child-server.ts';

/** Short of memory and quick to start; what it compiles once is enough for a test. */
export const TEST_JVM_FLAGS: readonly string[] = ['-Xmx256m', '-XX:TieredStopAtLevel=1'];

/** What is missing to run Apache ZooKeeper here, or undefined when nothing is. */
export function missingForApache(): string | undefined {
  try {
    findApache(undefined);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Starts a server with these `zoo.cfg` keys and waits until it serves. With a folder of its own it can be brought back as it
 * was; otherwise its data goes with it.
 */
export async function startApache(
  config: Readonly<Record<string, string>>,
  dataDir?: string,
): Promise<RunningServer> {
  const ensemble = await startEnsemble({
    engine: 'apache',
    dataDir,
    // Nothing here survives the test, so nothing is worth waiting for the disk.
    config: { forceSync: 'no', 'admin.enableServer': 'false', ...config },
    jvmFlags: TEST_JVM_FLAGS,
  });
  const [server] = ensemble.servers;
  const { pid } = await ensemble.statusOf(1);
  if (server === undefined || pid === null) throw new Error('Apache ZooKeeper ended by itself');
  return {
    host: server.host,
    port: server.clientPort,
    connectString: server.connectString,
    pid,
    output: () => readFileSync(path.join(server.folder, 'server.log'), 'utf8'),
    stop: () => ensemble.close(),
  };
}
