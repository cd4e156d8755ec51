/** The command `diagnose` on a few incidents of a builtin ensemble, and what it costs the servers that it watches. */
import { expect, test } from 'vitest';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import { DiagnoseProcess } from '../incidents/diagnose-process.ts';
import { INCIDENTS } from '../incidents/incidents.ts';
import { play } from '../incidents/play.ts';

/** The others are for `npm run bench:diagnosis`: each takes a quarter of a minute. */
const SHORT = ['leader-killed', 'client-killed', 'moves-in-time', 'slow-fsync'];

test.each(SHORT)('diagnose: %s', async (name) => {
  const incident = INCIDENTS.find((candidate) => candidate.name === name)!;
  const { remarks, told, output } = await play(incident, 'builtin');
  expect({ remarks, output }, JSON.stringify(told, undefined, 1)).toEqual({ remarks: [], output: '' });
});

test('diagnose: asks a server less than twice a second, by its own count', async () => {
  const ensemble = await startEnsemble({ servers: 3, config: { '4lw.commands.whitelist': '*' } });
  const diagnosis = new DiagnoseProcess(ensemble, 'builtin');
  const received = (): Promise<number[]> =>
    Promise.all(
      ensemble.servers.map(async ({ host, clientPort: port }) => {
        const answer = await sendFourLetterWord({ host, port }, 'mntr');
        const text = answer.status === 'ok' ? answer.text : '';
        return Number(/zk_packets_received\t(\d+)/.exec(text)?.[1]);
      }),
    );
  try {
    await diagnosis.watching();
    const startMs = performance.now();
    const before = await received();
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    const after = await received();
    const seconds = (performance.now() - startMs) / 1000;
    for (const [at, count] of after.entries()) {
      // Without the question that asked for the count.
      expect((count - before[at]! - 1) / seconds).toBeLessThanOrEqual(2);
    }
  } finally {
    await diagnosis.stop();
    await ensemble.close();
  }
});
