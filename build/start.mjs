/**
 * `npm start`: from a fresh clone to an open window. Installs what is missing, builds the window's page when a source
 * changed, then runs electron/start.ts on Node 24 with the arguments given, and exits with its code.
 * Plain JavaScript: it runs on Node 20.19 with nothing installed.
 */
import path from 'node:path';
import {
  ROOT,
  SetupError,
  ensureDependencies,
  ensureRenderer,
  findNode,
  isStopping,
  runMain,
  say,
  seconds,
  startChild,
  toolEnvironment,
} from './bootstrap.mjs';

await runMain(async () => {
  await ensureDependencies();
  const node = findNode();
  const startMs = performance.now();
  const ticker = setTimeout(() => {
    say('Building the window (a few seconds) …');
  }, 200);
  const renderer = await ensureRenderer(node);
  clearTimeout(ticker);
  if (isStopping()) return 1;
  if (renderer.code !== 0) throw new SetupError(`Building the window failed.\n${renderer.output}`);
  if (renderer.built) say(`Built the window in ${seconds(startMs)}.`);

  const entry = path.join(ROOT, 'electron', 'start.ts');
  const app = startChild(node, [entry, ...process.argv.slice(2)], {
    env: toolEnvironment(node),
    cwd: process.cwd(),
  });
  const { code } = await app.done;
  // The app ends its own children; this is for the day it crashed before it could.
  if (!isStopping()) await app.end();
  return code;
});
