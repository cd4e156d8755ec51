/** Runs the example of the README as it stands there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { missingForApache } from '../support/apache-server.ts';
import { describeWithTool } from './missing-tool.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describeWithTool({ name: 'the example of the README', missing: missingForApache }, () => {
  test('an ensemble loses a server, is parted, and serves again', async () => {
    const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
    const example = /```ts\n([^]*?startEnsemble[^]*?)```/.exec(readme)?.[1];
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', example!], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    const [code] = (await once(child, 'close')) as [number | null];
    expect(output).toMatch(/^(127\.0\.0\.1:\d+,?){3}\nserver [123] leads\n$/);
    expect(code).toBe(0);
  });
});
