/** A program hears of the end of what started it: npm above the command, the launcher above a server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { within } from '../../../support/wait.ts';

const url = (path: string): string => new URL(`../../../../embedded-server/${path}`, import.meta.url).href;

function run(code: string, { hasChannel = false, environment = {} } = {}): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', ...(hasChannel ? (['ipc'] as const) : [])],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function untilPrinted(child: ChildProcess, text: string): Promise<void> {
  let output = '';
  const printed = new Promise<void>((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes(text)) resolve();
    });
  });
  await within(`"${text}" is printed`, printed);
}

describe.skipIf(process.platform === 'win32')('npm', () => {
  const child = `
    import { whenNpmEnds } from ${JSON.stringify(url('launcher/npm-parent.ts'))};
    const timer = setTimeout(() => undefined, 60_000);
    whenNpmEnds(() => { console.log('npm has ended'); clearTimeout(timer); });
    console.log('child is up');`;
  const parent = `
    import { spawn } from 'node:child_process';
    spawn(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(child)}], { stdio: 'inherit' });`;

  test('what npm started hears of its end, even when it was killed', async () => {
    const npm = run(parent, { environment: { npm_lifecycle_event: 'start' } });
    await untilPrinted(npm, 'child is up');
    const heard = untilPrinted(npm, 'npm has ended');
    npm.kill('SIGKILL');
    await heard;
  });

  test('without npm nobody is watched', async () => {
    const lone = run(`
      import { whenNpmEnds } from ${JSON.stringify(url('launcher/npm-parent.ts'))};
      delete process.env.npm_lifecycle_event;
      whenNpmEnds(() => console.log('never'));
      console.log(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length);`);
    await untilPrinted(lone, '0');
  });
});

test('a server whose launcher went while it was starting hears of it all the same', async () => {
  const server = run(
    `
    import { openParentChannel } from ${JSON.stringify(url('parent-channel.ts'))};
    const parent = openParentChannel();
    while (process.connected) await new Promise((resolve) => setTimeout(resolve, 5));
    parent.onLost(() => console.log('parent is lost'));`,
    { hasChannel: true },
  );
  const exited = once(server, 'exit');
  server.disconnect();
  await untilPrinted(server, 'parent is lost');
  const [code] = (await within('it ends', exited)) as [number | null];
  expect(code).toBe(0);
});
