/**
 * `npm run fetch-electron [minutes]`: fetches Electron's binary, which no npm package carries, with a time limit
 * (10 minutes unless told otherwise). Nothing else in the project ever triggers that download.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  ROOT,
  SetupError,
  findNode,
  runMain,
  say,
  seconds,
  startChild,
  toolEnvironment,
} from './bootstrap.mjs';

await runMain(async () => {
  const minutes = Number(process.argv[2] ?? 10);
  if (!(minutes > 0)) throw new SetupError('usage: npm run fetch-electron [-- minutes]');
  const folder = path.join(ROOT, 'node_modules', 'electron');
  const ready = () => existsSync(path.join(folder, 'path.txt')) && existsSync(path.join(folder, 'dist'));
  if (ready()) {
    say('Electron is there already.');
    return 0;
  }
  const startMs = performance.now();
  say(`Fetching Electron's binary, for at most ${minutes} min …`);
  const node = findNode();
  const result = await startChild(node, [path.join(folder, 'install.js')], {
    env: toolEnvironment(node),
    timeLimitMs: minutes * 60_000,
  }).done;
  if (result.code === 0 && ready()) {
    say(`Fetched Electron in ${seconds(startMs)}.`);
    return 0;
  }
  const why = result.timedOut ? 'it took too long' : `the download ended with code ${result.code}`;
  throw new SetupError(
    `Electron's binary could not be fetched: ${why}. Zabra runs without it, in an installed Chromium, Chrome or Edge ` +
      '(npm start). With a copy of Electron at hand, set ELECTRON_OVERRIDE_DIST_PATH to its folder.',
  );
});
