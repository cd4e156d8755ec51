/**
 * `npm run -s ensemble`, and dist/electron/ensemble.js: the command `ensemble` (ensemble-command.ts) for Node. Bundled, the
 * server is the script beside this one.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { type CommandSurroundings, runEnsembleCommand } from './ensemble-command.ts';
import { forkWithNode } from './launcher.ts';

function bundled(): CommandSurroundings {
  const manifest = readFileSync(path.join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
  return {
    forkServer: forkWithNode(path.join(import.meta.dirname, 'server.js')),
    version: (JSON.parse(manifest) as { readonly version: string }).version,
  };
}

const isBundled = import.meta.filename.endsWith('.js');
process.exitCode = await runEnsembleCommand(process.argv.slice(2), isBundled ? bundled() : {});
