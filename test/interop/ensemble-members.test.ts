/** Servers that are added to an ensemble of the launcher's while it runs, and removed: by both engines, with links and without. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import { openFaultApi } from '../../embedded-server/launcher/fault-api.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { TEST_JVM_FLAGS, missingForApache } from '../support/apache-server.ts';
import { findFreePort } from '../support/ports.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';

const CONVERGE_MS_MAX = 30_000;
const CONFIG = { tickTime: '500', reconfigEnabled: 'true', 'admin.enableServer': 'false' };

let ensemble: Ensemble | undefined;
let folder: string | undefined;

afterEach(async () => {
  await ensemble?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  ensemble = undefined;
  folder = undefined;
});

async function open(engine: EngineName): Promise<Ensemble> {
  folder ??= await mkdtemp(path.join(tmpdir(), 'zabra-members-'));
  ensemble = await startEnsemble({
    servers: 3,
    engine,
    config: CONFIG,
    dataDir: folder,
    jvmFlags: TEST_JVM_FLAGS,
    links: engine === 'builtin',
  });
  return ensemble;
}

/** Waits out the election behind a change of the leader. */
async function membersOf({ connectString }: Ensemble): Promise<string[]> {
  const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: 10_000 });
  await client.connect();
  try {
    return await waitFor(
      'the configuration can be read',
      async () => {
        await client.sync('/zookeeper/config');
        const { data } = await client.getData('/zookeeper/config');
        return Buffer.from(data ?? [])
          .toString()
          .split('\n')
          .flatMap(
            (line) => /^server\.(\d+)=.*:(participant|observer);/.exec(line)?.slice(1, 3).join(' ') ?? [],
          );
      },
      CONVERGE_MS_MAX,
    );
  } finally {
    await client.close();
  }
}

/** A client that is nobody in particular may not. */
async function expectRefused({ connectString }: Ensemble, code: string): Promise<void> {
  const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: 10_000 });
  await client.connect();
  try {
    const nothing = { joiningServers: null, leavingServers: null, newMembers: null, curConfigId: -1n };
    await expect(client.reconfig(nothing)).rejects.toMatchObject({ code });
  } finally {
    await client.close();
  }
}

function defineTests(engine: EngineName): void {
  test('a voter and an observer come, the leader goes, and all of it is so after a restart', async () => {
    let current = await open(engine);
    expect(await current.addServer({ role: 'participant' })).toMatchObject({ sid: 4, role: 'participant' });
    expect(await current.addServer({ role: 'observer' })).toMatchObject({ sid: 5, role: 'observer' });
    expect((await current.statusOf(5)).state).toBe('observer');
    await current.removeServer(3);
    const members = ['1 participant', '2 participant', '4 participant', '5 observer'];
    expect(await membersOf(current)).toEqual(members);
    expect(await readdir(folder!)).toEqual(['ensemble.json', 'server-1', 'server-2', 'server-4', 'server-5']);
    await current.close();
    current = await startEnsemble({ dataDir: folder, jvmFlags: TEST_JVM_FLAGS, links: engine === 'builtin' });
    ensemble = current;
    expect(current.servers.map(({ sid }) => sid)).toEqual([1, 2, 4, 5]);
    expect(await membersOf(current)).toEqual(members);
    expect(await current.addServer({ role: 'participant' })).toMatchObject({ sid: 6 });
  });
}

describe('members of a builtin ensemble', () => {
  defineTests('builtin');

  test('one that was added can be cut off by its links, and heals', async () => {
    const current = await open('builtin');
    const { sid } = await current.addServer({ role: 'participant' });
    current.partition([[sid]]);
    await waitFor(
      'the newcomer is alone',
      async () => (await current.statusOf(sid)).state === 'looking',
      CONVERGE_MS_MAX,
    );
    current.heal();
    await current.untilServing();
  });

  test('over HTTP as well', async () => {
    const current = await open('builtin');
    const api = await openFaultApi(current, await findFreePort());
    try {
      const post = async (lever: string): Promise<unknown> =>
        (await fetch(`http://127.0.0.1:${api.port}/servers/${lever}`, { method: 'POST' })).json();
      expect(await post('add?role=observer')).toMatchObject({ sid: 4, role: 'observer', state: 'observer' });
      expect(await post('4/remove')).toMatchObject([{ sid: 1 }, { sid: 2 }, { sid: 3 }]);
    } finally {
      await api.close();
    }
  });

  test('nobody goes who is needed', async () => {
    const current = await open('builtin');
    await current.removeServer(1);
    await expect(current.removeServer(2)).rejects.toThrow('at least two servers that vote must remain');
    expect((await current.statusOf(2)).state).not.toBe('stopped');
    await expect(current.removeServer(9)).rejects.toThrow('there is no server 9');
    await expectRefused(current, 'NOAUTH');
  });

  test('nobody comes or goes where reconfiguration is not enabled', async () => {
    ensemble = await startEnsemble({ servers: 2, config: { tickTime: '500' } });
    await expect(ensemble.addServer({ role: 'observer' })).rejects.toThrow('reconfigEnabled=true');
    await expectRefused(ensemble, 'RECONFIGDISABLED');
  });
});

describeWithTool({ name: 'members of an ensemble of Apache', missing: missingForApache }, () => {
  defineTests('apache');

  test('not behind links', async () => {
    await expect(
      startEnsemble({ servers: 3, engine: 'apache', config: CONFIG, jvmFlags: TEST_JVM_FLAGS }),
    ).rejects.toThrow('start the ensemble without links');
  });
});
