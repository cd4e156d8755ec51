/** Apache ZooKeeper as Debian packages it (3.8.0, Java 17), standalone, in a folder of its own. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunningServer, startServerProcess } from './child-server.ts';
import { findFreePort } from './ports.ts';

const JAVA = '/usr/bin/java';
const JARS = ['zookeeper.jar', 'servlet-api.jar', 'slf4j-simple.jar'].map((jar) => `/usr/share/java/${jar}`);

/** Keys that Apache reads from the command line only, under these very names: in zoo.cfg they would get a prefix. */
const PROPERTY_KEY = /^(znode\.container|jute)\./;

/** What is missing to run Apache ZooKeeper here, or undefined when nothing is. */
export function missingForApache(): string | undefined {
  const missing = [JAVA, ...JARS].filter((file) => !existsSync(file));
  if (missing.length === 0) return undefined;
  return `${missing.join(', ')} not found; on Debian: apt-get install zookeeper libzookeeper-java libservlet-api-java libslf4j-java default-jre-headless`;
}

/** Starts a server with these `zoo.cfg` keys and waits until it serves. A `clientPort` among them brings one back where it was. */
export async function startApache(config: Readonly<Record<string, string>>): Promise<RunningServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zabra-apache-'));
  const port = Number(config['clientPort'] ?? (await findFreePort()));
  const dataDir = path.join(folder, 'data');
  await mkdir(dataDir);
  const settings = {
    dataDir,
    clientPort: String(port),
    clientPortAddress: '127.0.0.1',
    'admin.enableServer': 'false',
    // Nothing here survives the test, so nothing is worth waiting for the disk.
    forceSync: 'no',
    ...config,
  };
  const entries = Object.entries(settings);
  const lines = entries.filter(([key]) => !PROPERTY_KEY.test(key)).map(([key, value]) => `${key}=${value}\n`);
  const properties = entries
    .filter(([key]) => PROPERTY_KEY.test(key))
    .map(([key, value]) => `-D${key}=${value}`);
  await writeFile(path.join(folder, 'zoo.cfg'), lines.join(''));
  return startServerProcess({
    name: 'Apache ZooKeeper',
    file: JAVA,
    args: [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      ...properties,
      '-cp',
      [folder, ...JARS].join(':'),
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      'zoo.cfg',
    ],
    cwd: folder,
    port,
    onStopped: () => rm(folder, { recursive: true, force: true }),
  });
}
