/** What AdminServers tell where the whitelist forbids it (electron/services/cluster/admin-answers.ts). */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { AdminAnswers, parseMonitor } from '../../../../../electron/services/cluster/admin-answers.ts';
import type { ClusterSample } from '../../../../../shared/api/cluster.ts';
import { PROFILE_DEFAULTS } from '../../../../../shared/api/connections.ts';
import { startBuiltin } from '../../../../support/builtin-server.ts';
import { findFreePort } from '../../../../support/ports.ts';
import { startTestShell } from '../../support/shell.ts';

const MONITOR = {
  version: '3.8.4',
  server_state: 'follower',
  znode_count: 5,
  avg_latency: 0.4,
  nested: {},
  command: 'monitor',
  error: null,
};

test('monitor is mntr with other names; an error, another command and another program are not', () => {
  expect(parseMonitor(JSON.stringify(MONITOR))).toEqual({
    role: 'follower',
    values: {
      zk_version: '3.8.4',
      zk_server_state: 'follower',
      zk_znode_count: '5',
      zk_avg_latency: '0.4',
    },
  });
  expect(
    parseMonitor(JSON.stringify({ ...MONITOR, error: 'not currently serving requests' })),
  ).toBeUndefined();
  expect(parseMonitor(JSON.stringify({ ...MONITOR, command: 'ruok' }))).toBeUndefined();
  expect(parseMonitor('<html>')).toBeUndefined();
});

describe('an AdminServer', () => {
  const servers: http.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  test('is asked once for a while, and its Date is its clock', async () => {
    let asked = 0;
    const server = http.createServer((_request, response) => {
      asked++;
      response.setHeader('date', new Date(Date.now() + 60_000).toUTCString());
      response.end(JSON.stringify(MONITOR));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const admin = new AdminAnswers();
    const [answer] = await Promise.all([admin.of(url), admin.of(url)]);
    await admin.of(url);
    expect(asked).toBe(1);
    expect(answer?.mntr?.role).toBe('follower');
    expect(Math.abs((answer?.clockAheadMs ?? 0) - 60_000)).toBeLessThan(1_000);
  });

  test('that is not there tells nothing', async () => {
    expect(await new AdminAnswers().of(`http://127.0.0.1:${await findFreePort()}`)).toBeUndefined();
  });

  test(
    'tells what the whitelist hides, at the port that the connection names',
    { timeout: 60_000 },
    async () => {
      const adminPort = await findFreePort();
      const quiet = await startBuiltin({
        '4lw.commands.whitelist': 'srvr',
        'admin.enableServer': 'true',
        'admin.serverPort': String(adminPort),
      });
      const zabra = await startTestShell();
      try {
        const sampleOf = async (port: number | null): Promise<ClusterSample> => {
          const draft = {
            ...PROFILE_DEFAULTS,
            name: `quiet ${port}`,
            servers: quiet.connectString,
            adminPort: port,
          };
          const { connectionId } = await zabra.api.connections.save({ draft });
          return zabra.api.cluster.sample({ connectionId });
        };
        const without = (await sampleOf(null)).servers[0];
        expect(without).toMatchObject({ mntr: null, watchCount: null, adminUrl: null });
        const told = (await sampleOf(adminPort)).servers[0];
        expect(told).toMatchObject({
          watchCount: 0,
          hidden: [{ word: 'conf' }, { word: 'cons' }, { word: 'wchs' }],
        });
        expect(told?.mntr).toHaveProperty('zk_server_state', 'standalone');
      } finally {
        await zabra.stop();
        await quiet.stop();
      }
    },
  );
});
