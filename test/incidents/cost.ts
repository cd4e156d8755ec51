/** What it costs servers to be watched by the real command, by their own counters: packets that each received in a second. */
import { setTimeout as delay } from 'node:timers/promises';

import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { HostPort } from '../../electron/client/connect-string.ts';
import { DiagnoseProcess } from './diagnose-process.ts';

/** By default servers are to be asked no more. */
export const REQUESTS_A_SECOND_MAX = 2;
const WATCHED_MS = 30_000;
const QUOTAS = 3;

/** Of the server that is asked most. */
export async function requestsASecond(engine: EngineName): Promise<number> {
  const ensemble = await startEnsemble({ servers: 3, engine, config: { '4lw.commands.whitelist': '*' } });
  const ports = ensemble.servers.map(({ host, clientPort: port }) => ({ host, port }));
  await makeQuotas(ensemble.connectString);
  const diagnosis = new DiagnoseProcess(ensemble, engine);
  try {
    await diagnosis.watching();
    const startMs = performance.now();
    const before = await Promise.all(ports.map(packetsReceived));
    await delay(WATCHED_MS);
    const after = await Promise.all(ports.map(packetsReceived));
    const seconds = (performance.now() - startMs) / 1000;
    // Without the question that asked for the count.
    return Math.max(...after.map((count, at) => (count - (before[at] ?? 0) - 1) / seconds));
  } finally {
    await diagnosis.stop();
    await ensemble.close();
  }
}

/** What a session of the diagnosis has to read besides the configuration. */
async function makeQuotas(connectString: string): Promise<void> {
  const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: 10_000 });
  await client.connect({ keepTrying: true });
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (let quota = 0; quota < QUOTAS; quota++) {
    const place = `/zookeeper/quota/app-${quota}`;
    await client.create(`/app-${quota}`);
    await client.create(place);
    await client.create(`${place}/zookeeper_limits`, { data: encode('count=1000,bytes=-1') });
    await client.create(`${place}/zookeeper_stats`, { data: encode('count=1,bytes=0') });
  }
  await client.close();
}

async function packetsReceived(server: HostPort): Promise<number> {
  const answer = await sendFourLetterWord(server, 'mntr');
  return Number(/zk_packets_received\t(\d+)/.exec(answer.status === 'ok' ? answer.text : '')?.[1]);
}
