/** The command `diagnose` on a few incidents, and what it costs the servers that it watches. */
import { expect, test } from 'vitest';
import { REQUESTS_A_SECOND_MAX, requestsASecond } from '../incidents/cost.ts';
import { SOURCES } from '../incidents/diagnose-process.ts';
import { INCIDENTS } from '../incidents/incidents.ts';
import { play } from '../incidents/play.ts';

/** The others are for `npm run bench:diagnosis`: each takes a quarter of a minute. */
const SHORT = [
  ['leader-killed', 'builtin', SOURCES],
  ['slow-fsync', 'apache', SOURCES],
  // With nothing but the client ports.
  ['client-frozen', 'builtin', []],
] as const;

test.each(SHORT)('diagnose: %s, %s, given %j', async (name, engine, sources) => {
  const incident = INCIDENTS.find((candidate) => candidate.name === name)!;
  const { remarks, told, output } = await play(incident, engine, sources);
  expect({ remarks, output }, JSON.stringify(told, undefined, 1)).toEqual({ remarks: [], output: '' });
});

test.each(['builtin', 'apache'] as const)(
  'diagnose: what it costs a server of %s, by its own count',
  async (engine) => {
    expect(await requestsASecond(engine)).toBeLessThanOrEqual(REQUESTS_A_SECOND_MAX);
  },
);
