/**
 * The command `npm run -s ensemble`: runs an ensemble in the foreground, prints one line `ready host:port` when it serves,
 * and ends with exit code 0 on SIGINT or SIGTERM. What it cannot do is said on standard error, with exit code 1.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { ConfigError, parseConfig } from '../core/config.ts';
import { type RunningServer, StartError, startServer } from './launcher.ts';

interface EnsembleOptions {
  readonly servers: number;
  readonly clientPort?: number;
  readonly dataDir?: string;
  readonly config: Readonly<Record<string, string>>;
  readonly verbose?: true;
}

function integer(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('a whole number is needed.');
  return Number(text);
}

function collectPair(text: string, pairs: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('key=value is needed.');
  return { ...pairs, [text.slice(0, at).trim()]: text.slice(at + 1) };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The keys as given, those that have an option of their own included. */
function withFolder({ config, dataDir }: EnsembleOptions): Readonly<Record<string, string>> {
  if (dataDir === undefined) return config;
  const folder = path.resolve(dataDir);
  const given = config['dataDir'] ?? config['zookeeper.dataDir'];
  if (given !== undefined && path.resolve(given) !== folder) {
    throw new ConfigError(`--data-dir ${dataDir} and --config dataDir=${given} contradict each other`);
  }
  return { ...config, dataDir: folder };
}

/** Everything that is wrong before a server is started, so that nothing is started in vain. */
function check({ servers, clientPort, config }: EnsembleOptions): void {
  if (servers !== 1) {
    throw new ConfigError(`--servers ${servers}: this version runs single servers only, so it must be 1`);
  }
  const given = config['clientPort'] ?? config['zookeeper.clientPort'];
  if (clientPort !== undefined && given !== undefined && Number(given) !== clientPort) {
    throw new ConfigError(
      `--client-port ${clientPort} and --config clientPort=${given} contradict each other`,
    );
  }
  parseConfig(clientPort === undefined ? config : { ...config, clientPort: String(clientPort) });
}

async function run(given: EnsembleOptions): Promise<void> {
  const options = { ...given, config: withFolder(given) };
  check(options);
  const { config, verbose } = options;
  const port = config['clientPort'] ?? config['zookeeper.clientPort'];
  const server = await startServer({
    name: 'server.1',
    version: packageVersion(),
    clientPort: options.clientPort ?? (port === undefined ? undefined : Number(port)),
    config,
    onLog(level, message) {
      if (level === 'warn' || verbose) process.stderr.write(`${message}\n`);
    },
    onExit(code) {
      // Asked to end, it ends with 0; anything else nobody asked for.
      process.exitCode = code === 0 ? 0 : 1;
    },
  });
  stopOnSignal(server);
  stopWithNpm(server);
  process.stdout.write(`ready ${server.connectString}\n`);
}

function stopOnSignal(server: RunningServer): void {
  const stop = (): void => {
    void server.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** How often it is looked whether npm is still there. */
const NPM_CHECK_MS = 200;

/**
 * Under npm this process is the child of a shell, and a signal to npm ends that shell without reaching anybody below it.
 * So the shell's end counts as the signal: no server outlives the command that started it.
 */
function stopWithNpm(server: RunningServer): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parentPid = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(timer);
    void server.stop();
  }, NPM_CHECK_MS);
  timer.unref();
}

const program = new Command('ensemble')
  .description('Runs a ZooKeeper server in the foreground.')
  .option('--servers <count>', 'how many servers', integer, 1)
  .option('--client-port <port>', 'the port for clients; a free one when left out', integer)
  .option('--data-dir <folder>', 'where data is kept; in memory only when left out')
  .option(
    '--config <key=value>',
    'a key of zoo.cfg or a ZooKeeper property; may be repeated',
    collectPair,
    {},
  )
  .option('--verbose', 'show what the server logs')
  .action(async (options: EnsembleOptions) => {
    try {
      await run(options);
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof StartError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  });

await program.parseAsync();
