/**
 * Bundles the shell for Electron before it starts: the main script, and the preload script, which must be one CommonJS file.
 * Takes a third of a second, so it is not worth asking whether a source has changed.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { StorageError } from '../../shared/errors.ts';

/** Throws StorageError IO with the bundler's output. */
export async function buildElectronShell(root: string): Promise<void> {
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = path.join('build', 'vite.electron.config.ts');
  for (const mode of ['main', 'preload']) {
    await run(
      process.execPath,
      [vite, 'build', '--config', config, '--mode', mode, '--logLevel', 'warn'],
      root,
    );
  }
}

function run(binary: string, args: readonly string[], folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new StorageError('IO', `bundling the shell for Electron failed:\n${output}`));
    });
  });
}
