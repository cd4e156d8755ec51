/** Nothing is wrong: a diagnosis that tells of something here has made it up. */
import type { Incident } from './incident.ts';

const LONG_MS = 20_000;
const WRITERS = 8;

const quiet: Incident = {
  name: 'quiet',
  title: 'nothing happens',
  async run(stage) {
    await stage.lasting(LONG_MS);
    return [];
  },
};

const load: Incident = {
  name: 'load',
  title: 'clients write as much as they can',
  async run(stage) {
    const writer = await stage.writer();
    await writer.create('/load');
    const untilMs = performance.now() + LONG_MS;
    const data = new Uint8Array(1000);
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        while (performance.now() < untilMs) await writer.setData('/load', data);
      }),
    );
    return [];
  },
};

export const CALM: readonly Incident[] = [quiet, load];
