/** kazoo and Apache's C client, by their drivers. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ForeignTool } from './foreign-client.ts';
import { ScriptedClient } from './scripted-client.ts';

const KAZOO_DRIVER = fileURLToPath(new URL('./drivers/kazoo_driver.py', import.meta.url));
const C_CLIENT_DRIVER = fileURLToPath(new URL('./drivers/c-client.ts', import.meta.url));

/** Debian's python3-kazoo serves Debian's Python, which need not be the first one on the PATH. */
const PYTHON = process.env['ZABRA_PYTHON'] ?? '/usr/bin/python3';

function succeeds(file: string, args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}

export const kazoo: ForeignTool = {
  name: 'kazoo',
  missing() {
    if (succeeds(PYTHON, ['-c', 'import kazoo'])) return undefined;
    return `${PYTHON} has no kazoo; on Debian: apt-get install python3-kazoo, or set ZABRA_PYTHON`;
  },
  async start({ connectString, sessionTimeoutMs }) {
    const args = [KAZOO_DRIVER, connectString, String(sessionTimeoutMs)];
    const client = await ScriptedClient.start({ file: PYTHON, args });
    return Object.assign(client, {
      ownLock: {
        acquire: (path: string) => client.acquireLock(path),
        release: (path: string) => client.releaseLock(path),
      },
    });
  },
};

export const cClient: ForeignTool = {
  name: "Apache's C client",
  missing() {
    if (succeeds(process.execPath, ['-e', "require('zookeeper')"])) return undefined;
    return 'the npm package `zookeeper` is not built; npm run native builds it';
  },
  start({ connectString, sessionTimeoutMs }) {
    const args = [C_CLIENT_DRIVER, connectString, String(sessionTimeoutMs)];
    return ScriptedClient.start({ file: process.execPath, args });
  },
};
