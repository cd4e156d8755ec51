/**
 * `npm start` after everything is installed and built: opens Zabra in Electron when its binary is there, else in an app
 * window of an installed browser, else prints the address. Ends, and leaves no process behind, when the window is closed or
 * on Ctrl+C. With `ensemble` as its first word it runs that command instead, and opens nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ensembleArguments, runEnsembleCommand } from '../embedded-server/launcher/ensemble-command.ts';
import { whenNpmEnds } from '../embedded-server/launcher/npm-parent.ts';
import { assertNever } from '../shared/assert.ts';
import { AppError } from '../shared/errors.ts';
import { startBrowserShell } from './launch/browser-shell.ts';
import { type ShellChoice, chooseShell } from './launch/choose-shell.ts';
import { findElectronBinary } from './launch/electron-binary.ts';
import { buildElectronShell } from './launch/electron-build.ts';
import { appWindowArguments, findInstalledBrowser } from './launch/installed-browser.ts';
import { openWindowProcess } from './launch/window-process.ts';
import { dataFolderPath } from './stores/data-folder.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

interface Flags {
  readonly open: boolean;
  readonly port?: number;
  readonly dataDir?: string;
}

function parseFlags(argv: readonly string[]): Flags {
  const command = new Command('npm start --')
    .description('Opens Zabra.')
    .option('--no-open', 'open no window; print the address, on a line of its own')
    .option('--port <number>', 'port of the page on 127.0.0.1 (default: a free one)', parsePort)
    .option('--data-dir <folder>', 'where connections, settings and drafts are kept')
    .parse([...argv], { from: 'user' });
  return command.opts<Flags>();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('1 to 65535 are valid.');
  return port;
}

/** Resolves at the first signal that asks the program to end, and when build/start.mjs is gone without one. */
function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    whenNpmEnds(resolve);
  });
}

async function main(): Promise<number> {
  const ensemble = ensembleArguments(process.argv.slice(2));
  if (ensemble !== undefined) return runEnsembleCommand(ensemble);
  const flags = parseFlags(process.argv.slice(2));
  const stopAsked = untilAskedToStop();
  const choice = chooseShell({
    canOpen: flags.open,
    electronBinary: findElectronBinary({
      root: ROOT,
      overrideFolder: process.env.ELECTRON_OVERRIDE_DIST_PATH,
      platform: process.platform,
    }),
    browserBinary: findInstalledBrowser({ platform: process.platform, environment: process.env }),
    hasDisplay: hasDisplay(),
  });
  const environment = {
    ...process.env,
    ...(flags.dataDir === undefined ? {} : { ZABRA_DATA_DIR: flags.dataDir }),
  };
  return choice.kind === 'electron'
    ? runElectron(choice.binary, { environment, stopAsked })
    : runBrowserShell(choice, { flags, environment, stopAsked });
}

function hasDisplay(): boolean {
  const { platform, env } = process;
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

interface Run {
  readonly environment: NodeJS.ProcessEnv;
  readonly stopAsked: Promise<void>;
}

async function runElectron(binary: string, { environment, stopAsked }: Run): Promise<number> {
  await buildElectronShell(ROOT);
  console.log('Opening Zabra in Electron.');
  const window = openWindowProcess(binary, [ROOT, ...(isRoot() ? ['--no-sandbox'] : [])], {
    environment,
    showsOutput: true,
  });
  const code = await Promise.race([window.ended, stopAsked.then(() => 0)]);
  await window.close();
  return code ?? 1;
}

async function runBrowserShell(
  choice: Exclude<ShellChoice, { kind: 'electron' }>,
  { flags, environment, stopAsked }: Run & { readonly flags: Flags },
): Promise<number> {
  const rendererFolder = path.join(ROOT, 'dist', 'renderer');
  if (!existsSync(path.join(rendererFolder, 'index.html'))) {
    console.error('The page is not built yet: run `npm start`, or `npm run build`.');
    return 1;
  }
  const shell = await startBrowserShell({
    dataFolder: dataFolderPath({ platform: process.platform, homeFolder: os.homedir(), environment }),
    rendererFolder,
    port: flags.port,
    version: readVersion(),
  });
  try {
    switch (choice.kind) {
      case 'print':
        if (flags.open)
          console.log('No window can be opened here. Open this address in a browser on this machine:');
        console.log(shell.host.printedUrl);
        await stopAsked;
        return 0;
      case 'browser':
        return await runAppWindow(choice.binary, shell.host.newTicketUrl(), shell.profileFolder, {
          environment,
          stopAsked,
        });
      default:
        return assertNever(choice, 'shell');
    }
  } finally {
    await shell.stop();
  }
}

async function runAppWindow(
  binary: string,
  url: string,
  profileFolder: string,
  { environment, stopAsked }: Run,
): Promise<number> {
  console.log(`Opening Zabra in ${path.basename(binary)}. Close the window or press Ctrl+C to end.`);
  const window = openWindowProcess(binary, appWindowArguments({ url, profileFolder, isRoot: isRoot() }), {
    environment,
    showsOutput: false,
  });
  await Promise.race([window.ended, stopAsked]);
  await window.close();
  return 0;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`Zabra cannot start: ${error.message}`);
  process.exitCode = 1;
}
