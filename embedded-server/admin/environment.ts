/**
 * The four-letter word `envi`. Keys are Apache's, so that tools find them; where Java has no counterpart here, the
 * runtime's own facts stand in.
 */
import {
  EOL,
  arch,
  freemem,
  homedir,
  hostname,
  platform,
  release,
  tmpdir,
  totalmem,
  userInfo,
} from 'node:os';
import path from 'node:path';

import type { ServerConfig } from '../core/config.ts';
import type { AdminView } from './admin-view.ts';
import type { JsonObject } from './jackson-json.ts';

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / (1024 * 1024))}MB`;
}

/** In Apache's order. */
export function environmentFacts({ version }: AdminView): readonly (readonly [string, string])[] {
  return [
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
}

export function describeEnvironment(view: AdminView): string {
  return `Environment:\n${environmentFacts(view)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')}`;
}

/** What Java would have as properties, where there is such a thing here; settings with `zookeeper.` in front, as there. */
export function systemProperties({ givenText }: ServerConfig): JsonObject {
  const settings = givenText
    .split('\n')
    .filter((line) => line !== '')
    .map(
      (line) => [`zookeeper.${line.slice(0, line.indexOf('='))}`, line.slice(line.indexOf('=') + 1)] as const,
    );
  return Object.fromEntries<string>([
    ['file.separator', path.sep],
    ['java.io.tmpdir', tmpdir()],
    ['line.separator', EOL],
    ['os.arch', arch()],
    ['os.name', platform()],
    ['os.version', release()],
    ['path.separator', path.delimiter],
    ['user.dir', process.cwd()],
    ['user.home', homedir()],
    ['user.name', userInfo().username],
    ...settings,
  ]);
}
