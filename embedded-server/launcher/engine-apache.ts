/**
 * Runs Apache ZooKeeper on a JVM: writes zoo.cfg and myid, and sends everything it prints to `server.log` in the server's
 * folder. The process ends with this one (guard.ts), since a JVM does not watch its parent.
 */
import { closeSync, openSync } from 'node:fs';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { BugError } from '../../shared/assert.ts';
import { findApache } from './apache-installation.ts';
import type { Engine, ServerHandle } from './engine.ts';
import type { PlannedServer } from './ensemble-plan.ts';
import { canGuard, spawnGuarded } from './guard.ts';
import { askServer } from './server-answer.ts';
import { StartError } from './start-error.ts';
import { encodeZooCfg } from './zoo-cfg.ts';

const MAIN_CLASS = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
const LOG_FLAGS = [
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS',
  // Otherwise a line for each time that it is asked how it does.
  '-Dorg.slf4j.simpleLogger.log.org.apache.zookeeper.server.NIOServerCnxn=warn',
];
/** Without it a JVM takes up to a quarter of the machine's memory, and an ensemble has several. */
const HEAP_FLAGS = ['-Xmx512m'];
/** What Apache keeps of a reconfiguration, beside zoo.cfg, and the keys that it stands for (PROTOCOL.md 6.7). */
const DYNAMIC_FILE = /^zoo\.cfg\.dynamic\.([0-9a-f]{1,16})$/;
const MEMBERSHIP_KEY = /^(server|group|weight)\.|^peerType$/;
/** Apache reads these from the command line only, under these very names: in zoo.cfg they would get a prefix. */
const PROPERTY_KEY = /^(znode\.container|jute|readonlymode)\./;

const UP_MS_MAX = 60_000;
const UP_POLL_MS = 50;
const STOP_MS_MAX = 10_000;
const LOG_TAIL_BYTES = 2000;

export interface ApacheOptions {
  readonly apacheHome: string | undefined;
  /** In place of a bounded heap. */
  readonly jvmFlags?: readonly string[] | undefined;
}

export function apacheEngine({ apacheHome, jvmFlags = HEAP_FLAGS }: ApacheOptions): Engine {
  return {
    name: 'apache',
    check() {
      if (!canGuard) throw new StartError('the engine apache needs Linux or macOS');
      findApache(apacheHome);
    },
    refusalOf: (lever) => `the engine apache has no lever for the ${lever} of a server: builtin has`,
    async start(server) {
      const { java, classPath } = findApache(apacheHome);
      await writeConfiguration(server);
      const log = openSync(logFileOf(server), 'a');
      try {
        return handleOf(server, {
          file: java,
          args: [
            ...jvmFlags,
            ...LOG_FLAGS,
            ...propertyFlags(server),
            '-cp',
            classPath,
            MAIN_CLASS,
            path.join(server.folder, 'zoo.cfg'),
          ],
          log,
        });
      } finally {
        // The child has a descriptor of its own.
        closeSync(log);
      }
    },
  };
}

function logFileOf({ folder }: PlannedServer): string {
  return path.join(folder, 'server.log');
}

async function writeConfiguration({ sid, folder, dataFolder, entries }: PlannedServer): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  const inFile = await withReconfigured(
    folder,
    Object.entries(entries).filter(([key]) => !PROPERTY_KEY.test(key)),
  );
  await writeFile(path.join(dataFolder, 'myid'), `${sid}\n`);
  await writeFile(path.join(folder, 'zoo.cfg'), encodeZooCfg(Object.fromEntries(inFile)));
}

/** Whom it knew last takes the place of whom it began with: a server that was reconfigured wrote that down. */
async function withReconfigured(
  folder: string,
  settings: readonly (readonly [key: string, value: string])[],
): Promise<readonly (readonly [key: string, value: string])[]> {
  const names = (await readdir(folder)).filter((name) => DYNAMIC_FILE.test(name));
  const newest = names.sort((a, b) => (versionOf(a) < versionOf(b) ? -1 : 1)).at(-1);
  if (newest === undefined) return settings;
  const others = settings.filter(([key]) => !MEMBERSHIP_KEY.test(key));
  return [...others, ['dynamicConfigFile', path.join(folder, newest)]];
}

function versionOf(name: string): bigint {
  return BigInt(`0x${DYNAMIC_FILE.exec(name)?.[1] ?? '0'}`);
}

function propertyFlags({ entries }: PlannedServer): string[] {
  return Object.entries(entries)
    .filter(([key]) => PROPERTY_KEY.test(key))
    .map(([key, value]) => `-D${key}=${value}`);
}

interface JavaCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly log: number;
}

function handleOf(server: PlannedServer, { file, args, log }: JavaCommand): ServerHandle {
  const { folder } = server;
  const child = spawnGuarded({ file, args, cwd: folder, stdout: log, stderr: log, hasChannel: false });
  let hasEnded = false;
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', () => {
      resolve(null);
    });
  });
  void exited.then(() => (hasEnded = true));
  const up = untilUp(server, () => hasEnded);
  up.catch(() => undefined);
  return {
    pid: child.pid,
    up,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await exited;
      clearTimeout(timer);
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    setDialRoutes: () => {
      throw new BugError('a JVM takes no orders');
    },
    setConditions: () => Promise.reject(new BugError('a JVM takes no orders')),
    lastWords: undefined,
  };
}

async function untilUp(server: PlannedServer, hasEnded: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + UP_MS_MAX;
  for (;;) {
    if (hasEnded()) {
      throw new StartError(`${server.name} ended before it was up; it said:\n${await logTail(server)}`);
    }
    if ((await askServer(server)).kind !== 'unreachable') return;
    if (performance.now() > deadlineMs) {
      throw new StartError(
        `${server.name} did not open its client port ${server.clientPort} within ${UP_MS_MAX / 1000} s: see ${logFileOf(server)}`,
      );
    }
    await delay(UP_POLL_MS);
  }
}

async function logTail(server: PlannedServer): Promise<string> {
  const file = await open(logFileOf(server));
  try {
    const { size } = await file.stat();
    const length = Math.min(size, LOG_TAIL_BYTES);
    const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: size - length });
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}
