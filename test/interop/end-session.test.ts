/**
 * Somebody else's session is ended with the password that servers derive from its id: by both engines, at the server that has
 * its connection and at another one of the ensemble, while its client lives, and after it is gone.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { parseConnectString } from '../../electron/client/connect-string.ts';
import { endSession } from '../../electron/services/sessions/end-session.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { TEST_JVM_FLAGS, missingForApache } from '../support/apache-server.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';

const TIMEOUT_MS = 20_000;

const ENGINES = [
  { engine: 'builtin', missing: (): undefined => undefined },
  { engine: 'apache', missing: missingForApache },
] as const;

for (const { engine, missing } of ENGINES) {
  describeWithTool({ name: `ending a session, ${engine}`, missing }, () => {
    let ensemble: Ensemble;

    beforeAll(async () => {
      ensemble = await startEnsemble({
        engine,
        servers: 3,
        config: { tickTime: '1000' },
        jvmFlags: TEST_JVM_FLAGS,
        onLog: () => undefined,
      });
    });
    afterAll(() => ensemble.close());

    const hostOf = (sid: number) => {
      const { connectString } = ensemble.servers.find((server) => server.sid === sid)!;
      return { connectString, host: parseConnectString(connectString).hosts[0] };
    };

    async function clientAt(sid: number): Promise<ZooKeeperClient> {
      const { connectString } = hostOf(sid);
      const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: TIMEOUT_MS });
      await client.connect();
      return client;
    }

    describe.each([
      ['the server that has its connection', 0],
      ['another server', 1],
    ])('at %s', (_, offset) => {
      test('ephemerals are gone with the answer, and the client is told that it has expired', async () => {
        const leader = await ensemble.leader();
        const followers = ensemble.servers.map(({ sid }) => sid).filter((sid) => sid !== leader);
        const client = await clientAt(followers[0]!);
        const watcher = await clientAt(followers[1]!);
        const path = `/ended-${offset}`;
        await client.create(path, { mode: 'EPHEMERAL' });
        const { sessionId } = client.sessionKey!;
        const { host } = hostOf(followers[offset]!);

        expect((await endSession({ sessionId, timeoutMs: 10_000, servers: [host] })).outcome).toBe('ended');

        await watcher.sync('/');
        expect(await watcher.exists(path)).toBeNull();
        await waitFor('the client is told', () => client.facts.state === 'expired', 15_000);
        expect(await endSession({ sessionId, timeoutMs: 10_000, servers: [host] })).toMatchObject({
          outcome: 'gone-already',
        });
        await watcher.close();
      });
    });

    test('a session whose client is gone ends long before its timeout', async () => {
      const [first, second] = ensemble.servers.map(({ sid }) => sid);
      const client = await clientAt(first!);
      const watcher = await clientAt(second!);
      await client.create('/left', { mode: 'EPHEMERAL' });
      const { sessionId } = client.sessionKey!;
      client.abandon();
      const { outcome } = await endSession({ sessionId, timeoutMs: 10_000, servers: [hostOf(second!).host] });
      expect(outcome).toBe('ended');
      expect(await watcher.exists('/left')).toBeNull();
      await watcher.close();
    });
  });
}
