/**
 * The command `npm run -s diagnose`: observes an ensemble until it is stopped by SIGINT or SIGTERM, and prints a line of JSON
 * for each finding, again when it changes. What it cannot do is said on standard error, with exit code 1.
 */
import { Command } from 'commander';

import { ConnectionError } from '../../shared/errors.ts';
import { type HostPort, parseConnectString } from '../client/connect-string.ts';
import { observeEnsemble } from './observe.ts';

interface Flags {
  readonly connect?: string;
  readonly admin: readonly string[];
  readonly dataDir: readonly string[];
  readonly log: readonly string[];
  readonly json?: true;
}

function collectList(text: string, former: readonly string[]): string[] {
  return [...former, ...text.split(',').filter((part) => part !== '')];
}

async function run({ connect, admin, dataDir, log, json }: Flags): Promise<void> {
  const servers: readonly HostPort[] = connect === undefined ? [] : parseConnectString(connect).hosts;
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      stop.abort();
    });
  }
  // Whoever reads has gone.
  process.stdout.once('error', () => {
    stop.abort();
  });
  await observeEnsemble({
    servers,
    adminUrls: admin.map((url) => url.replace(/\/+$/, '')),
    dataFolders: dataDir,
    logFiles: log,
    signal: stop.signal,
    onFinding(finding) {
      const { at, kind, cause, answer } = finding;
      process.stdout.write(json ? `${JSON.stringify(finding)}\n` : `${at} ${kind} ${cause}: ${answer}\n`);
    },
  });
}

const program = new Command('diagnose')
  .description(
    'Observes a ZooKeeper ensemble and says why sessions end, why leaders change and what servers suffer from.',
  )
  .option('--connect <servers>', 'client ports of all servers: host:port,host:port,…')
  .option('--admin <urls>', 'AdminServers: http://host:port,…', collectList, [])
  .option(
    '--data-dir <folders>',
    'dataDir of servers on this machine (or dataLogDir, where it is apart)',
    collectList,
    [],
  )
  .option('--log <files>', "servers' log files", collectList, [])
  .option('--json', 'print findings as lines of JSON')
  .action(async (flags: Flags) => {
    try {
      await run(flags);
    } catch (error) {
      const isExpected = error instanceof ConnectionError || (error instanceof Error && 'code' in error);
      if (!isExpected) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  });

await program.parseAsync();
