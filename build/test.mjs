/**
 * `npm test [-- step …]`: every check of the project, from a fresh clone, on Node 20.19 or newer.
 *
 * 1. installs the npm dependencies when they are missing or stale, and continues on Node 24;
 * 2. installs what the suites need from the system (Debian packages, as root); without that a suite is skipped with a
 *    loud line, and with CI=true a suite that cannot run is a failure;
 * 3. runs each step, goes on after a failing one, and closes with one line over all: `N passed, N failed[, N skipped]`.
 *
 * A check that is not a test suite counts as one test. A suite that ran no test has failed, and so has a step that
 * leaves a process behind.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ROOT,
  SetupError,
  ensureDependencies,
  ensureRenderer,
  findNode,
  findProgram,
  isStopping,
  runMain,
  say,
  seconds,
  startChild,
  toolEnvironment,
} from './bootstrap.mjs';
import { ensureNative } from './native.mjs';

const IN_CI = process.env['CI'] === 'true';
const LEAK_GRACE_MS = 3_000;
const STEP_VARIABLE = 'ZABRA_TEST_STEP';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {'chromium' | 'zookeeper' | 'kazoo' | 'addon'} Need */
/**
 * @typedef {object} Step
 * @property {string} name
 * @property {number} minutesMax
 * @property {readonly Need[]} [needs] without them the suite cannot run at all
 * @property {readonly Need[]} [wants] installed where possible; the suite itself says, or fails, what it lacks
 * @property {boolean} [needsRenderer]
 * @property {'suite'} [kind] a vitest project of the same name; otherwise commands that must all exit with 0
 * @property {readonly (readonly string[])[]} [commands] files of node_modules (or the project) with arguments
 */

/** @type {readonly Step[]} */
const STEPS = [
  { name: 'typecheck', minutesMax: 3, commands: [['node_modules/typescript7/bin/tsc', '-b']] },
  {
    // Without eslint's cache: type-aware results go stale when another file changes.
    name: 'lint',
    minutesMax: 6,
    commands: [
      [
        'node_modules/eslint/bin/eslint.js',
        '--cache',
        '--cache-location',
        'node_modules/.cache/eslint/',
        '.',
      ],
    ],
  },
  {
    name: 'format',
    minutesMax: 3,
    commands: [['node_modules/prettier/bin/prettier.cjs', '--check', '--cache', '.']],
  },
  {
    name: 'boundaries',
    minutesMax: 3,
    commands: [['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', ...boundaryArguments()]],
  },
  { name: 'knip', minutesMax: 3, commands: [['node_modules/knip/bin/knip.js']] },
  {
    name: 'build',
    minutesMax: 5,
    commands: [
      ['node_modules/vite/bin/vite.js', 'build', '--config', 'build/vite.renderer.config.ts'],
      [
        'node_modules/vite/bin/vite.js',
        'build',
        '--config',
        'build/vite.electron.config.ts',
        '--mode',
        'main',
      ],
      [
        'node_modules/vite/bin/vite.js',
        'build',
        '--config',
        'build/vite.electron.config.ts',
        '--mode',
        'preload',
      ],
    ],
  },
  { name: 'unit', kind: 'suite', minutesMax: 5 },
  { name: 'fuzz', kind: 'suite', minutesMax: 8 },
  { name: 'conformance', kind: 'suite', minutesMax: 15, wants: ['zookeeper'] },
  { name: 'interop', kind: 'suite', minutesMax: 15, needs: ['zookeeper', 'kazoo', 'addon'] },
  { name: 'e2e', kind: 'suite', minutesMax: 15, needs: ['chromium'], needsRenderer: true },
];

function boundaryArguments() {
  const folders = ['shared', 'electron', 'embedded-server', 'renderer', 'build', 'test'];
  return [
    '--config',
    'build/boundary-rules.ts',
    ...folders.filter((folder) => existsSync(path.join(ROOT, folder))),
  ];
}

// ---------------------------------------------------------------------------------------------------------------
// What suites need from the system

/** @type {Record<Exclude<Need, 'addon'>, { what: string, packages: readonly string[], isThere: () => Promise<boolean> }>} */
const SYSTEM_NEEDS = {
  chromium: {
    what: 'Chromium, Chrome or Edge',
    packages: ['chromium'],
    isThere: () =>
      Promise.resolve(
        findProgram([
          'chromium',
          'chromium-browser',
          'google-chrome',
          'google-chrome-stable',
          'microsoft-edge',
        ]) !== undefined,
      ),
  },
  zookeeper: {
    what: 'Apache ZooKeeper with Java',
    packages: [
      'zookeeper',
      'libzookeeper-java',
      'libservlet-api-java',
      'libslf4j-java',
      'default-jre-headless',
    ],
    isThere: () => {
      const jars = [
        'zookeeper.jar',
        'zookeeper-jute.jar',
        'servlet-api.jar',
        'slf4j-api.jar',
        'slf4j-simple.jar',
      ];
      const found = jars.every((jar) => existsSync(path.join('/usr/share/java', jar)));
      return Promise.resolve(found && findProgram(['java']) !== undefined);
    },
  },
  kazoo: {
    what: 'the Python client kazoo',
    packages: ['python3', 'python3-kazoo'],
    isThere: async () => {
      const found = await findKazooPython();
      // The suites run the same Python that was found to have it.
      if (found !== undefined) process.env['ZABRA_PYTHON'] = found;
      return found !== undefined;
    },
  },
};

/** Debian's package serves Debian's Python, which need not be the first one on the PATH. */
async function findKazooPython() {
  for (const python of [process.env['ZABRA_PYTHON'], '/usr/bin/python3', findProgram(['python3'])]) {
    if (python === undefined || !existsSync(python)) continue;
    if ((await quietly(python, ['-c', 'import kazoo'])).code === 0) return python;
  }
  return undefined;
}

/** @type {Map<Need, Promise<string | undefined>>} */
const answers = new Map();

/** Why a need cannot be met, or undefined when it is. @param {Need} need */
function unmet(need) {
  const known = answers.get(need);
  if (known !== undefined) return known;
  const answer = need === 'addon' ? unmetAddon() : unmetSystem(need);
  answers.set(need, answer);
  return answer;
}

/** @param {Exclude<Need, 'addon'>} need */
async function unmetSystem(need) {
  const { what, packages, isThere } = SYSTEM_NEEDS[need];
  if (await isThere()) return undefined;
  const problem = await aptInstall(packages);
  if (await isThere()) return undefined;
  return `${what} is missing${problem}; on Debian: apt-get install ${packages.join(' ')}`;
}

async function unmetAddon() {
  const compilers = [['g++'], ['make'], ['python3']];
  const packages = ['g++', 'make', 'python3'];
  let problem = await ensureNative();
  if (problem !== undefined && compilers.some((names) => findProgram(names) === undefined)) {
    await aptInstall(packages);
    problem = await ensureNative();
  }
  if (problem === undefined) return undefined;
  return `the native client could not be built (npm run native; needs ${packages.join(', ')}): ${problem}`;
}

/** Installs Debian packages where that is possible. @param {readonly string[]} packages */
async function aptInstall(packages) {
  const apt = findProgram(['apt-get']);
  if (apt === undefined) return '';
  if (process.getuid?.() !== 0) return ' and installing it takes root';
  say(`Installing ${packages.join(' ')} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = [
    '-o',
    'DPkg::Lock::Timeout=120',
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    ...packages,
  ];
  const options = { env, capture: true, timeLimitMs: 10 * 60_000 };
  let result = await startChild(apt, install, options).done;
  if (result.code !== 0) {
    // A machine without package lists, or with old ones, cannot find the packages.
    await startChild(apt, ['-o', 'DPkg::Lock::Timeout=120', 'update', '-q'], options).done;
    result = await startChild(apt, install, options).done;
  }
  return result.code === 0 ? '' : ` and apt-get failed:\n${result.output.slice(-2000)}\n`;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function quietly(program, args) {
  return startChild(program, args, { capture: true, timeLimitMs: 30_000 }).done;
}

// ---------------------------------------------------------------------------------------------------------------
// Steps

/**
 * @param {Step} step
 * @param {string} node
 * @returns {Promise<Counts>}
 */
async function runStep(step, node) {
  for (const want of step.wants ?? []) await unmet(want);
  const reasons = [];
  for (const need of step.needs ?? []) {
    const reason = await unmet(need);
    if (reason !== undefined) reasons.push(reason);
  }
  if (reasons.length > 0) {
    const verdict = IN_CI ? 'FAILED, since CI runs every suite' : 'SKIPPED';
    say(`*** ${step.name} ${verdict}: ${reasons.join('; ')} ***`);
    return IN_CI ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 };
  }
  if (step.needsRenderer === true) {
    const renderer = await ensureRenderer(node);
    if (renderer.code !== 0) {
      say(`${renderer.output}\n*** ${step.name} FAILED: the renderer does not build ***`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
  }
  const mark = randomUUID();
  const env = { ...toolEnvironment(node), [STEP_VARIABLE]: mark };
  const counts = step.kind === 'suite' ? await runSuite(step, node, env) : await runCommands(step, node, env);
  const leaked = await findLeaked(mark);
  if (leaked.length > 0) {
    say(
      `*** ${step.name} left processes behind: ${leaked.map(({ pid, command }) => `${pid} ${command}`).join('; ')} ***`,
    );
    for (const { pid } of leaked) endProcess(pid);
    counts.failed += 1;
  }
  return counts;
}

/**
 * @param {Step} step
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Counts>}
 */
async function runCommands(step, node, env) {
  for (const command of step.commands ?? []) {
    const result = await startChild(node, command, { env, timeLimitMs: step.minutesMax * 60_000 }).done;
    if (result.timedOut) say(`*** ${step.name} took longer than ${step.minutesMax} min and was ended ***`);
    if (result.code !== 0) return { passed: 0, failed: 1, skipped: 0 };
  }
  return { passed: 1, failed: 0, skipped: 0 };
}

/**
 * @param {Step} step
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Counts>}
 */
async function runSuite(step, node, env) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zabra-test-'));
  const summary = path.join(folder, 'summary.json');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', step.name, '--passWithNoTests'];
  const result = await startChild(node, vitest, {
    env: { ...env, ZABRA_SUMMARY_FILE: summary },
    timeLimitMs: step.minutesMax * 60_000,
  }).done;
  /** @type {Counts} */
  const counts = existsSync(summary)
    ? JSON.parse(readFileSync(summary, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  rmSync(folder, { recursive: true, force: true });
  if (result.timedOut) {
    say(`*** ${step.name} took longer than ${step.minutesMax} min and was ended ***`);
    counts.failed += 1;
  } else if (result.code !== 0 && counts.failed === 0) {
    say(`*** ${step.name} ended with code ${result.code} though no test failed ***`);
    counts.failed += 1;
  } else if (counts.passed + counts.failed === 0) {
    say(`*** ${step.name} FAILED: it ran no test ***`);
    counts.failed += 1;
  }
  return counts;
}

/**
 * Processes that a step started and that are still there: on Linux every descendant carries the step's mark in its
 * environment, whatever group or session it moved to.
 *
 * @param {string} mark
 */
async function findLeaked(mark) {
  if (process.platform !== 'linux') return [];
  const deadlineMs = performance.now() + LEAK_GRACE_MS;
  for (;;) {
    const leaked = processesWith(`${STEP_VARIABLE}=${mark}`);
    if (leaked.length === 0 || performance.now() > deadlineMs) return leaked;
    await delay(100);
  }
}

/** @param {string} setting */
function processesWith(setting) {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // A zombie has an empty environment, so it never counts.
      if (!readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(setting)) continue;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 120);
      found.push({ pid: Number(name), command: command.trim() || readlinkSync(`/proc/${name}/exe`) });
    } catch {
      // It ended meanwhile, or belongs to someone else.
    }
  }
  return found;
}

/** @param {number} pid */
function endProcess(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

// ---------------------------------------------------------------------------------------------------------------

/** @param {Counts} counts */
function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {readonly string[]} names */
function chooseSteps(names) {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new SetupError(
      `No such step: ${unknown.join(', ')}. Steps: ${STEPS.map(({ name }) => name).join(' ')}`,
    );
  }
  return names.length === 0 ? STEPS : STEPS.filter((step) => names.includes(step.name));
}

await runMain(async () => {
  const startMs = performance.now();
  const steps = chooseSteps(process.argv.slice(2));
  process.chdir(ROOT);
  await ensureDependencies();
  const node = findNode();

  /** @type {Counts} */
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const step of steps) {
    say(`\n=== ${step.name} ===`);
    const stepMs = performance.now();
    const counts = await runStep(step, node);
    if (isStopping()) return 1;
    const line = `${counts.failed > 0 ? 'FAIL' : counts.skipped > 0 && counts.passed === 0 ? 'SKIP' : 'ok'}`;
    // Not the form of the closing line, which readers of the output look for.
    lines.push(
      `${line.padEnd(5)}${step.name.padEnd(12)} ${seconds(stepMs).padStart(12)}   ${countsInWords(counts)}`,
    );
    say(`--- ${step.name}: ${line}, ${seconds(stepMs)}`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  say(`\n${lines.join('\n')}\n\nTotal time ${seconds(startMs)}.`);
  say(closingLine(total));
  return total.failed > 0 ? 1 : 0;
});

/** @param {Counts} counts */
function countsInWords({ passed, failed, skipped }) {
  return `passed ${passed}, failed ${failed}, skipped ${skipped}`;
}
