/** Three Apache servers that are one ensemble, planned as the launcher does but each with settings of its own. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apacheEngine } from '../../../embedded-server/launcher/engine-apache.ts';
import { newDescription } from '../../../embedded-server/launcher/ensemble-description.ts';
import { type ListeningPorts, planEnsemble } from '../../../embedded-server/launcher/ensemble-plan.ts';
import { PortPool } from '../../../embedded-server/launcher/free-port.ts';
import { askServer } from '../../../embedded-server/launcher/server-answer.ts';
import { TEST_JVM_FLAGS } from '../../support/apache-server.ts';
import { waitFor } from '../../support/wait.ts';

export interface ApacheEnsemble {
  readonly connectString: string;
  stop(): Promise<void>;
}

/** `configs` are zoo.cfg keys, by server. Resolves when all servers serve. */
export async function startApacheEnsemble(
  configs: readonly Readonly<Record<string, string>>[],
): Promise<ApacheEnsemble> {
  const pool = new PortPool();
  const folder = await mkdtemp(path.join(tmpdir(), 'zabra-ensemble-'));
  const description = await newDescription({ servers: configs.length, engine: 'apache' }, (count) =>
    pool.takeConsecutive(count),
  );
  const ports = new Map<number, ListeningPorts>();
  for (const { sid } of description.servers) {
    const [quorumPort, electionPort] = [await pool.take(), await pool.take()];
    ports.set(sid, { quorumPort, electionPort, adminPort: undefined });
  }
  const plans = planEnsemble({ description, folder, ports, link: ({ to }) => ports.get(to)! });
  const engine = apacheEngine({ apacheHome: undefined, jvmFlags: TEST_JVM_FLAGS });
  const handles = await Promise.all(
    plans.map(async (plan, at) => {
      await mkdir(plan.folder);
      return engine.start({ ...plan, entries: { ...plan.entries, ...configs[at] } });
    }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(handles.map((handle) => handle.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(handles.map(({ up }) => up));
    for (const plan of plans) {
      await waitFor(
        `server ${plan.sid} serves`,
        async () => (await askServer(plan)).kind === 'serving',
        90_000,
      );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { connectString: plans.map(({ host, clientPort }) => `${host}:${clientPort}`).join(','), stop };
}
