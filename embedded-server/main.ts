/**
 * One server process. Its argument is JSON (server-messages.ts, ServerArguments); `--stdin` makes it end when its
 * standard input does. It prints `ready host:port` once it serves and tells its parent the same; it ends when the parent
 * goes away, on SIGINT and on SIGTERM.
 */
import { statSync } from 'node:fs';
import { flushCompileCache } from 'node:module';

import { ConfigError, parseConfig } from './core/config.ts';
import { ensembleOf } from './core/ensemble-config.ts';
import { Driver, type DriverOptions } from './driver.ts';
import { QuorumDriver } from './quorum-driver.ts';
import type { ServerArguments } from './server-messages.ts';
import { reclaimMemory } from './memory-reclaim.ts';
import { openParentChannel } from './parent-channel.ts';
import { Surroundings } from './surroundings.ts';

const EXIT_FAILED = 1;
/** EX_SOFTWARE of sysexits.h: the program itself is wrong. */
const EXIT_BUG = 70;
/** EX_IOERR of sysexits.h: the disk failed while serving. */
const EXIT_DISK = 74;

/** Once the first server has run for so long, others start faster, even if this one is killed. */
const KEEP_COMPILED_AFTER_MS = 2000;

const parent = openParentChannel();

/** Tools parse the front of it as ZooKeeper's version; people see what it really is. */
function versionText(version: string): string {
  const built = statSync(import.meta.filename).mtime.toISOString();
  return `3.8.0-zabra-${version}, built on ${built.slice(0, 10)} ${built.slice(11, 16)} UTC`;
}

function fail(message: string): void {
  parent.send({ kind: 'failed', message });
  if (!parent.isThere) process.stderr.write(`${message}\n`);
  process.exitCode = EXIT_FAILED;
  if (process.connected) process.disconnect();
}

async function run({ name, version, sid, config: entries, conditions }: ServerArguments): Promise<void> {
  const surroundings = new Surroundings(conditions);
  const config = parseConfig(entries);
  const ensemble = ensembleOf(config);
  const options: DriverOptions = {
    config,
    version: versionText(version),
    surroundings,
    onLog(level, message) {
      parent.send({ kind: 'log', level, message });
    },
    onBug(error) {
      process.stderr.write(
        `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      process.exit(EXIT_BUG);
    },
    onDiskFailed(error) {
      parent.send({ kind: 'failed', message: error.message });
      if (!parent.isThere) process.stderr.write(`${name}: ${error.message}\n`);
      // The driver acknowledges nothing any more; this turn is for the message to leave.
      setImmediate(() => process.exit(EXIT_DISK));
    },
  };
  const driver = await (ensemble
    ? QuorumDriver.open({ ...options, sid: requireSid(sid), ensemble })
    : Driver.open(options));
  const clientPort = await driver.start().catch(async (error: unknown) => {
    await driver.stop();
    throw new Error(listenProblem(error, `${config.clientPortAddress}:${config.clientPort}`), {
      cause: error,
    });
  });
  const stop = (): void => {
    void driver.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  parent.onMessage((message) => {
    switch (message.kind) {
      case 'stop':
        stop();
        break;
      case 'dialRoutes':
        if (driver instanceof QuorumDriver) driver.setDialRoutes(message.routes);
        break;
      case 'conditions':
        surroundings.conditions = message.conditions;
        parent.send({ kind: 'conditionsSet', requestNumber: message.requestNumber });
        break;
    }
  });
  parent.onLost(stop);
  if (process.argv.includes('--stdin')) process.stdin.once('end', stop).resume();
  process.stdout.write(`ready ${config.clientPortAddress}:${clientPort}\n`);
  parent.send({ kind: 'ready', clientPort });
  setTimeout(flushCompileCache, KEEP_COMPILED_AFTER_MS).unref();
  reclaimMemory();
}

function requireSid(sid: number | undefined): number {
  if (sid === undefined) throw new ConfigError('a server of an ensemble needs its number');
  return sid;
}

function listenProblem(error: unknown, address: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `${address} is in use by another program: choose another client port`;
  if (code === 'EACCES') return `${address} may not be opened by this user: choose a port above 1023`;
  return `cannot listen on ${address}: ${error instanceof Error ? error.message : String(error)}`;
}

try {
  await run(JSON.parse(process.argv[2] ?? '') as ServerArguments);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
