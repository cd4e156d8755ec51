/**
 * The four-letter word `envi`. Keys are Apache's, so that tools find them; where Java has no counterpart here, the
 * runtime's own facts stand in.
 */
import { arch, freemem, homedir, hostname, platform, release, tmpdir, totalmem, userInfo } from 'node:os';

import type { AdminView } from './admin-view.ts';

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / (1024 * 1024))}MB`;
}

export function describeEnvironment({ version }: AdminView): string {
  const facts: readonly (readonly [string, string])[] = [
    ['zookeeper.version', version],
    ['host.name', hostname()],
    ['java.version', `none (Node.js ${process.versions.node})`],
    ['java.vendor', 'Zabra'],
    ['java.home', process.execPath],
    ['java.class.path', process.argv[1] ?? ''],
    ['java.library.path', ''],
    ['java.io.tmpdir', tmpdir()],
    ['java.compiler', `V8 ${process.versions.v8}`],
    ['os.name', platform()],
    ['os.arch', arch()],
    ['os.version', release()],
    ['user.name', userInfo().username],
    ['user.home', homedir()],
    ['user.dir', process.cwd()],
    ['os.memory.free', megabytes(freemem())],
    ['os.memory.max', megabytes(totalmem())],
    ['os.memory.total', megabytes(process.memoryUsage.rss())],
  ];
  return `Environment:\n${facts.map(([key, value]) => `${key}=${value}\n`).join('')}`;
}
