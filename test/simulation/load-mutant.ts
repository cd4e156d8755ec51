/** Loads the core with one planted fault: `node --import ./test/simulation/load-mutant.ts`, its name in ZABRA_MUTANT. */
import { registerHooks } from 'node:module';

import { MUTANTS } from './mutants.ts';

const name = process.env['ZABRA_MUTANT'];
const mutant = MUTANTS.find((candidate) => candidate.name === name);
if (!mutant) throw new Error(`no mutant is called ${name ?? '(nothing)'}`);

const mutated = new URL(mutant.file, new URL('../../embedded-server/core/', import.meta.url)).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== mutated) return loaded;
    const source = Buffer.from(loaded.source as Uint8Array).toString();
    const parts = source.split(mutant.find);
    if (parts.length !== 2) {
      throw new Error(`${mutant.name}: its line occurs ${parts.length - 1} times in ${mutant.file}`);
    }
    return { ...loaded, source: parts.join(mutant.replace) };
  },
});
