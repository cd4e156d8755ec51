/**
 * What `npm start` and `npm test` do before anything else can run: bring the dependencies up to date and find Node 24.
 *
 * Plain JavaScript over Node's own modules only: it runs on a fresh clone, on Node 20.19, with nothing installed.
 * It also owns the rule that no process outlives its parent: children run in process groups of their own
 * (`startChild`), and `exitOnSignals` ends those groups before this process ends.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const NODE_MAJOR_MIN = 24;
const INSTALL_TIME_MS_MAX = 15 * 60_000;
const TERMINATE_GRACE_MS = 5_000;
const PLATFORM_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** An error whose message is all that a person needs: printed without a stack. */
export class SetupError extends Error {}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** @param {number} sinceMs */
export function seconds(sinceMs) {
  const elapsedS = (performance.now() - sinceMs) / 1000;
  if (elapsedS < 60) return `${elapsedS.toFixed(1)} s`;
  return `${Math.floor(elapsedS / 60)} min ${Math.round(elapsedS % 60)} s`;
}

// ---------------------------------------------------------------------------------------------------------------
// Child processes

/** @typedef {{ code: number, output: string, timedOut: boolean }} ChildResult */
/** @typedef {{ pid: number | undefined, done: Promise<ChildResult>, end: () => Promise<void> }} Child */

/** @type {Set<Child>} */
const running = new Set();
let stopping = false;

/**
 * Starts a program in a process group of its own. `done` resolves with its exit code, or 128 + the signal's number;
 * it never rejects. `capture` collects both outputs instead of showing them.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, capture?: boolean, timeLimitMs?: number }} [options]
 * @returns {Child}
 */
export function startChild(program, args, options = {}) {
  const { env = process.env, cwd = ROOT, capture = false, timeLimitMs } = options;
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let output = '';
  let timedOut = false;
  const collect = (/** @type {Buffer} */ chunk) => {
    output += chunk.toString('utf8');
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  const end = async () => {
    signalGroup(child.pid, 'SIGTERM');
    await Promise.race([done, delay(TERMINATE_GRACE_MS, undefined, { ref: false })]);
    // Also when the leader has gone: what it left behind in its group ends with it.
    signalGroup(child.pid, 'SIGKILL');
  };
  /** @type {Promise<ChildResult>} */
  const done = new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: 127, output: `${output}${program}: ${error.message}\n`, timedOut });
    });
    child.once('close', (code, signal) => {
      resolve({ code: code ?? 128 + (signal ? os.constants.signals[signal] : 0), output, timedOut });
    });
  });
  const timer =
    timeLimitMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          void end();
        }, timeLimitMs);
  const handle = { pid: child.pid, done, end };
  running.add(handle);
  void done.then(() => {
    clearTimeout(timer);
    running.delete(handle);
  });
  return handle;
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** On SIGINT, SIGTERM and SIGHUP: ends every child's group, waits for them, then exits with 128 + the signal. */
export function exitOnSignals() {
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    if (stopping) return;
    stopping = true;
    void Promise.all([...running].map((child) => child.end())).then(() => {
      process.exit(128 + os.constants.signals[signal]);
    });
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      stop(signal);
    });
  }
  // npm runs us through a shell and sends its SIGTERM to that shell only, which dies without a word to us: what we
  // can see is that our parent has changed.
  if (process.env['npm_lifecycle_event'] !== undefined && process.platform !== 'win32') {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) stop('SIGTERM');
    }, 200).unref();
  }
}

export const isStopping = () => stopping;

/** Finds a program on the PATH; undefined where there is none. @param {readonly string[]} names */
export function findProgram(names) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    for (const folder of folders) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        if (existsSync(file)) return file;
      }
    }
  }
  return undefined;
}

// ---------------------------------------------------------------------------------------------------------------
// Dependencies

const STAMP = path.join(ROOT, 'node_modules', '.zabra-stamp');

function wantedStamp() {
  const hash = createHash('sha256').update(readFileSync(path.join(ROOT, 'package-lock.json')));
  return `${hash.digest('hex')} ${process.platform} ${process.arch}\n`;
}

/** Whether the dependencies of exactly this lock file are installed for this platform. */
export function dependenciesAreCurrent() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp()) return true;
  if (!matchesHiddenLock()) return false;
  writeFileSync(STAMP, wantedStamp());
  return true;
}

/** Someone may have run `npm ci` by hand, which removes the stamp: npm's own record of what it installed tells. */
function matchesHiddenLock() {
  const hiddenLock = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(hiddenLock)) return false;
  if (process.platform !== 'darwin' && !existsSync(path.join(ROOT, 'node_modules', PLATFORM_PACKAGE)))
    return false;
  /** @typedef {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }>} Packages */
  /** @type {Packages} */
  const wanted = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages;
  /** @type {Packages} */
  const installed = JSON.parse(readFileSync(hiddenLock, 'utf8')).packages;
  return Object.entries(wanted).every(([folder, entry]) => {
    if (folder === '') return true;
    const present = installed[folder];
    if (present === undefined) return entry.optional === true;
    return present.version === entry.version && existsSync(path.join(ROOT, folder));
  });
}

/**
 * Runs `npm ci` when the dependencies are missing or belong to another lock file. Two runs at once in one folder do
 * it one after the other: a second `npm ci` would delete what the first one is installing.
 */
export async function ensureDependencies() {
  if (dependenciesAreCurrent()) return;
  const release = await takeInstallLock();
  try {
    if (dependenciesAreCurrent()) return;
    const startMs = performance.now();
    say('Installing dependencies (about 600 packages; some 30 seconds, longer on a slow network) …');
    const ticker = setInterval(() => {
      say(`  … still installing, ${seconds(startMs)}`);
    }, 15_000);
    const [program, ...npm] = npmCommand();
    // No script of a package runs at install time; .npmrc says so too.
    const args = [
      ...npm,
      'ci',
      '--include=dev',
      '--include=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ];
    const result = await startChild(program, args, {
      capture: true,
      timeLimitMs: INSTALL_TIME_MS_MAX,
      // npm sets this one while it runs `npm start`: left in place, the inner npm would take itself for a script.
      env: { ...process.env, npm_config_global: undefined, NODE_ENV: undefined },
    }).done;
    clearInterval(ticker);
    if (result.code !== 0) {
      const why = result.timedOut
        ? `did not finish within ${INSTALL_TIME_MS_MAX / 60_000} minutes`
        : 'failed';
      throw new SetupError(
        `npm ci ${why}. Check the network and that package-lock.json is unchanged.\n${result.output}`,
      );
    }
    writeFileSync(STAMP, wantedStamp());
    say(`Installed dependencies in ${seconds(startMs)}.`);
  } finally {
    release();
  }
}

/**
 * The npm that is running us, on the Node that runs it; else the one on the PATH. Never on `node_modules/.bin/node`,
 * which `npm ci` is about to delete.
 *
 * @returns {[string, ...string[]]}
 */
function npmCommand() {
  const cli = process.env['npm_execpath'];
  const node = process.env['npm_node_execpath'];
  if (cli !== undefined && cli.endsWith('.js') && existsSync(cli)) {
    const outside =
      node !== undefined && existsSync(node) && !node.startsWith(path.join(ROOT, 'node_modules'));
    return [outside ? node : process.execPath, cli];
  }
  const found = findProgram(['npm']);
  if (found === undefined)
    throw new SetupError('npm was not found on the PATH. Install Node 20.19 or newer with npm.');
  return [found];
}

async function takeInstallLock() {
  const name = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);
  const folder = path.join(os.tmpdir(), `zabra-install-${name}`);
  const owner = path.join(folder, 'pid');
  let told = false;
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      return () => {
        rmSync(folder, { recursive: true, force: true });
      };
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (isAbandoned(folder, owner)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) say('Another run is installing the dependencies of this folder; waiting for it …');
    told = true;
    await delay(250);
  }
}

/**
 * @param {string} folder
 * @param {string} owner
 */
function isAbandoned(folder, owner) {
  try {
    // Between the two writes of the owner the file is missing or empty: give it ten seconds.
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0;
    if (pid === 0) return Date.now() - statSync(folder).mtimeMs > 10_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Node 24

/** The Node that runs the sources: ours from node_modules, else this one when it is new enough. */
export function findNode() {
  const packaged = path.join(
    ROOT,
    'node_modules',
    PLATFORM_PACKAGE,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) return process.execPath;
  throw new SetupError(
    `Zabra runs on Node ${NODE_MAJOR_MIN}; this is Node ${process.versions.node}, and no npm package brings Node ` +
      `${NODE_MAJOR_MIN} for ${process.platform}-${process.arch}. Install Node ${NODE_MAJOR_MIN} or newer and run this again.`,
  );
}

/** The environment in which `node` means Node 24 and the tools of node_modules are on the PATH. @param {string} node */
export function toolEnvironment(node) {
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [path.dirname(node), path.join(ROOT, 'node_modules', '.bin'), process.env[pathKey] ?? ''];
  return { ...process.env, [pathKey]: folders.join(path.delimiter) };
}

// ---------------------------------------------------------------------------------------------------------------
// The renderer's build

const RENDERER_INPUTS = [
  'renderer',
  'shared',
  'embedded-server/core',
  'embedded-server/quorum-protocol',
  'build/vite.renderer.config.ts',
  'tsconfig.base.json',
  'package-lock.json',
];
const RENDERER_STAMP = path.join(ROOT, 'dist', 'renderer', '.zabra-stamp');

/** Hashes names, sizes and times of everything that the renderer's bundle is made from. */
function rendererFingerprint() {
  const hash = createHash('sha256');
  const visit = (/** @type {string} */ relative) => {
    const absolute = path.join(ROOT, relative);
    if (!existsSync(absolute)) return;
    const stat = statSync(absolute);
    if (stat.isDirectory()) {
      for (const name of readdirSync(absolute).sort()) visit(path.posix.join(relative, name));
    } else {
      hash.update(`${relative} ${stat.size} ${stat.mtimeMs}\n`);
    }
  };
  for (const input of RENDERER_INPUTS) visit(input);
  return hash.digest('hex');
}

/**
 * Builds `dist/renderer` when a source is newer than it (or always, when `force` is set).
 *
 * @param {string} node
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<ChildResult & { built: boolean }>}
 */
export async function ensureRenderer(node, { force = false } = {}) {
  const fingerprint = rendererFingerprint();
  const current = existsSync(RENDERER_STAMP) && readFileSync(RENDERER_STAMP, 'utf8') === fingerprint;
  if (current && !force) return { code: 0, output: '', timedOut: false, built: false };
  const vite = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = await startChild(node, [vite, 'build', '--config', 'build/vite.renderer.config.ts'], {
    env: toolEnvironment(node),
    capture: true,
    timeLimitMs: 5 * 60_000,
  }).done;
  // Stamped with what it was before the build: a file saved meanwhile makes the next start build again.
  if (result.code === 0) writeFileSync(RENDERER_STAMP, fingerprint);
  return { ...result, built: true };
}

/** Runs `main`, prints a SetupError as one message, and exits with what `main` returns. @param {() => Promise<number>} main */
export async function runMain(main) {
  exitOnSignals();
  try {
    const code = await main();
    if (!stopping) process.exit(code);
  } catch (error) {
    if (stopping) return;
    process.stderr.write(
      error instanceof SetupError
        ? `${error.message}\n`
        : `${String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  }
}
