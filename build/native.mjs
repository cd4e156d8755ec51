/**
 * `npm run native`: builds the addon of the npm package `zookeeper` (Apache's C client) for the Node 24 of this project.
 * It is optional: only the native driver and its interop tests need it. Needs a C++ compiler, make and Python 3.
 * npm never builds it by itself: on a machine whose npm names the headers of another Node, the result would not load.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, findNode, runMain, say, seconds, startChild, toolEnvironment } from './bootstrap.mjs';

const ADDON = path.join(ROOT, 'node_modules', 'zookeeper');
const STAMP = path.join(ADDON, 'build', '.zabra-stamp');
const BUILD_TIME_MS_MAX = 5 * 60_000;

/** Whether the addon loads in the Node that will use it; asked in a child process, since a bad addon can end its process. */
async function loads(/** @type {string} */ node) {
  const result = await startChild(node, ['-e', `require(${JSON.stringify(ADDON)})`], {
    capture: true,
    timeLimitMs: 30_000,
  }).done;
  return result.code === 0 ? undefined : result.output;
}

/**
 * Builds the addon unless it loads already.
 *
 * @returns {Promise<string | undefined>} why there is none, or undefined when it is ready
 */
export async function ensureNative() {
  const node = findNode();
  if (!existsSync(ADDON)) return 'the optional npm package `zookeeper` is not installed';
  const headers = path.dirname(path.dirname(node));
  const stamp = `${node} ${readFileSync(path.join(ADDON, 'package.json'), 'utf8').match(/"version": "(.*)"/)?.[1] ?? ''}`;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return undefined;
  if ((await loads(node)) !== undefined) {
    rmSync(path.join(ADDON, 'build'), { recursive: true, force: true });
    const env = toolEnvironment(node);
    // The variable, not the flag: node-gyp lets npm's own setting win over `--nodedir`.
    if (existsSync(path.join(headers, 'include', 'node', 'node.h'))) env['npm_config_nodedir'] = headers;
    const gyp = path.join(ROOT, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
    for (const args of [['scripts/prepublish.js'], [gyp, 'rebuild', '--silent']]) {
      const result = await startChild(node, args, {
        cwd: ADDON,
        env,
        capture: true,
        timeLimitMs: BUILD_TIME_MS_MAX,
      }).done;
      if (result.code !== 0) return `${path.basename(String(args[0]))} failed:\n${result.output}`;
    }
    const problem = await loads(node);
    if (problem !== undefined) return `it was built but does not load:\n${problem}`;
  }
  if (existsSync(path.dirname(STAMP))) writeFileSync(STAMP, stamp);
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    const startMs = performance.now();
    const problem = await ensureNative();
    say(
      problem === undefined
        ? `The native client is ready (${seconds(startMs)}).`
        : `No native client: ${problem}`,
    );
    return problem === undefined ? 0 : 1;
  });
}
