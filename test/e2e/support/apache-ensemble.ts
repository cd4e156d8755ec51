/** Three Apache servers that are one ensemble, each as apache-server.ts starts one alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startApache } from '../../support/apache-server.ts';
import type { RunningServer } from '../../support/child-server.ts';
import { findFreePort } from '../../support/ports.ts';

const SIDS = [1, 2, 3] as const;

export interface ApacheEnsemble {
  readonly connectString: string;
  readonly servers: readonly RunningServer[];
  stop(): Promise<void>;
}

/** `configs` are further zoo.cfg keys, by server. */
export async function startApacheEnsemble(
  configs: readonly Readonly<Record<string, string>>[],
): Promise<ApacheEnsemble> {
  const members: Record<string, string> = { initLimit: '20', syncLimit: '10' };
  for (const sid of SIDS)
    members[`server.${sid}`] = `127.0.0.1:${await findFreePort()}:${await findFreePort()}`;
  const folders = await Promise.all(SIDS.map(() => mkdtemp(path.join(tmpdir(), 'zabra-ensemble-'))));
  const servers = await Promise.all(
    folders.map(async (dataDir, at) => {
      await writeFile(path.join(dataDir, 'myid'), String(SIDS[at]));
      return startApache({ ...members, ...configs[at], dataDir });
    }),
  );
  return {
    connectString: servers.map((server) => server.connectString).join(','),
    servers,
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}
