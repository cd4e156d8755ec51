/** `npm start` as a person runs it: a window that is closed, Ctrl+C, and `--no-open`; no process may be left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { waitFor, within } from '../support/wait.ts';
import { ROOT, findUrlLine } from './support/zabra-host.ts';

const XVFB = '/usr/bin/Xvfb';
const START_MS_MAX = 120_000;
const END_MS_MAX = 60_000;
/** Everything that descends from one run carries it in its environment. */
const MARK = 'ZABRA_E2E_RUN';

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly mark: string;
  output(): string;
}

async function runStart(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'zabra-start-'));
  const mark = randomUUID();
  const child = spawn('npm', ['start', '--', '--data-dir', dataFolder, ...args], {
    cwd: ROOT,
    env: { ...process.env, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, ...environment, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which a terminal's Ctrl+C reaches as a whole.
    detached: true,
  });
  let output = '';
  const append = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    for (const { pid } of processesOf(mark)) process.kill(pid, 'SIGKILL');
    await ended;
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { child, ended, mark, output: () => output };
}

interface Process {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
  readonly environment: readonly string[];
}

/**
 * Processes of a run that are there now: by their environment, and a browser's helpers (which write their titles over theirs)
 * by the group that the window leads. A zombie has neither.
 */
function processesOf(mark: string): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));
  const marked = all.filter(({ environment }) => environment.includes(`${MARK}=${mark}`));
  for (const { pid, command } of marked) if (isWindow(command)) windows.set(mark, pid);
  const group = windows.get(mark);
  return all.filter((one) => marked.includes(one) || (group !== undefined && one.group === group));
}

/** The process of each run's window, which outlives what is known of it. */
const windows = new Map<string, number>();

const isWindow = (command: string): boolean =>
  command.includes('--app=http://127.0.0.1:') && !command.includes('--type=');

function readProcess(pid: number): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Behind the name, which may hold anything: state, parent, group.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return [{ pid, group: Number(group), command, environment }];
  } catch {
    // It ended meanwhile, or is not ours to read.
    return [];
  }
}

async function expectNothingLeft(run: Run): Promise<void> {
  const { ended, mark } = run;
  await within('npm start ends', ended, END_MS_MAX).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${run.output()}`);
  });
  await waitFor('no process is left', () => processesOf(mark).length === 0).catch(() => undefined);
  expect(processesOf(mark).map(({ pid, command }) => `${pid} ${command}`)).toEqual([]);
}

function pressCtrlC({ child }: Run): void {
  process.kill(-child.pid!, 'SIGINT');
}

async function startXvfb(): Promise<string> {
  const display = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(display, 'close');
  onTestFinished(async () => {
    display.kill('SIGTERM');
    await ended;
  });
  const [number] = (await within('Xvfb tells its display', once(display.stdio[3]!, 'data'))) as [Buffer];
  return `:${number.toString('utf8').trim()}`;
}

function findWindow(run: Run): Process | undefined {
  return processesOf(run.mark).find(({ command }) => isWindow(command));
}

const hasRenderer = (run: Run): boolean =>
  processesOf(run.mark).some(({ command }) => command.includes('--type=renderer'));

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  test('--no-open prints the address on a line of its own; Ctrl+C leaves nothing behind', async () => {
    const run = await runStart(['--no-open']);
    const url = await waitFor('the address is printed', () => findUrlLine(run.output()), START_MS_MAX);
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.status).toBe(303);
    pressCtrlC(run);
    await expectNothingLeft(run);
  });

  test('without a display it says so and prints the address', async () => {
    const run = await runStart([]);
    await waitFor('the address is printed', () => findUrlLine(run.output()), START_MS_MAX);
    expect(run.output()).toContain('No window can be opened here');
    run.child.kill('SIGTERM');
    await expectNothingLeft(run);
  });

  const canShowWindow = existsSync(XVFB);
  // eslint-disable-next-line no-console -- a skipped check is said loudly
  if (!canShowWindow) console.warn('*** npm start with a window IS SKIPPED: apt-get install xvfb ***');
  describe.skipIf(!canShowWindow && process.env['CI'] !== 'true')('with a window', () => {
    test('closing the window ends everything', async () => {
      const run = await runStart([], { DISPLAY: await startXvfb() });
      const window = await waitFor('a window opens', () => findWindow(run), START_MS_MAX);
      await waitFor('it shows a page', () => hasRenderer(run), START_MS_MAX);
      process.kill(window.pid, 'SIGTERM');
      await expectNothingLeft(run);
      expect(await run.ended).toBe(0);
    });

    test('Ctrl+C closes the window and ends everything', async () => {
      const run = await runStart([], { DISPLAY: await startXvfb() });
      await waitFor('a window opens', () => findWindow(run), START_MS_MAX);
      await waitFor('it shows a page', () => hasRenderer(run), START_MS_MAX);
      pressCtrlC(run);
      await expectNothingLeft(run);
    });
  });
});
