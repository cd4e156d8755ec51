/** What the shell sees of a real ensemble of builtin servers while its connection is open (electron/services/cluster). */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ClusterSample } from '../../../../../shared/api/cluster.ts';
import type { EnsembleDto } from '../../../../../shared/api/ensembles.ts';
import type { HealthAlert, RuleId } from '../../../../../shared/api/health.ts';
import { findFreePorts } from '../../../../support/ports.ts';
import { type TestShell, startTestShell, until } from '../../support/shell.ts';

const WAIT = { timeout: 40_000, interval: 250 };
/** Of any one server, whatever runs in the shell while a connection is open. */
const REQUESTS_PER_SECOND_MAX = 2;
/** In these first seconds the session of the diagnosis also reads what it is going to compare with. */
const FIRST_LOOKS_PER_SECOND = 1;

describe('the watch of an open connection', { timeout: 120_000 }, () => {
  let zabra: TestShell;
  let ensemble: EnsembleDto;
  let connectionId: string;

  beforeAll(async () => {
    zabra = await startTestShell();
    ensemble = await zabra.api.ensembles.create({ servers: 3, clientPort: await findFreePorts(3) });
    ({ connectionId } = ensemble);
    await zabra.api.connections.open({ connectionId });
  }, 60_000);
  afterAll(async () => {
    await zabra.stop();
  });

  async function sampleWhen(isIt: (sample: ClusterSample) => boolean): Promise<ClusterSample> {
    return vi.waitFor(async () => {
      const sample = await zabra.api.cluster.sample({ connectionId });
      expect(isIt(sample)).toBe(true);
      return sample;
    }, WAIT);
  }

  /** But for what a busy machine measures. */
  const failing = ({ health }: ClusterSample): RuleId[] =>
    health.findings.filter(({ metric }) => metric === null).map(({ rule }) => rule);

  test('every server has a row with its numbers, and all rules that can be checked pass', async () => {
    const sample = await sampleWhen(({ servers }) =>
      servers.every(({ lag, role }) => role === 'leader' || lag !== null),
    );
    expect(sample.servers.map(({ sid }) => sid).toSorted()).toEqual([1, 2, 3]);
    const leader = sample.servers.find(({ role }) => role === 'leader')!;
    expect(leader).toMatchObject({ isServing: true, syncedFollowers: 2, quorumSize: 3, failure: null });
    expect(leader.adminUrl).toMatch(/^http:/);
    expect(Math.abs(leader.clockAheadMs ?? Infinity)).toBeLessThan(1_500);
    expect(leader.mntr).toHaveProperty('zk_server_state', 'leader');
    expect(leader.conf).toHaveProperty('tickTime');
    expect(failing(sample)).toEqual([]);
    expect(sample.health.unchecked.map(({ rule }) => rule)).toEqual([]);
  });

  test('is recorded although nobody looks, at no more than two requests a second a server', async () => {
    const before = await zabra.api.cluster.sample({ connectionId });
    await vi.waitFor(async () => {
      const points = await zabra.api.cluster.history({ connectionId, range: '15m' });
      expect(points.filter(({ atMs }) => atMs > before.atMs).length).toBeGreaterThanOrEqual(5);
    }, WAIT);
    const after = await zabra.api.cluster.sample({ connectionId });
    for (const server of after.servers) {
      const earlier = before.servers.find((each) => each.server === server.server)!;
      const received = (server.received ?? NaN) - (earlier.received ?? NaN);
      const rate = (received * 1_000) / ((server.mntrAtMs ?? NaN) - (earlier.mntrAtMs ?? NaN));
      expect(rate).toBeLessThanOrEqual(REQUESTS_PER_SECOND_MAX + FIRST_LOOKS_PER_SECOND);
    }
    // At least those without a session are asked no more than by the poll.
    const rates = after.servers.map(({ moment }) => moment.requestsPerSecond ?? Infinity);
    expect(Math.min(...rates)).toBeLessThanOrEqual(REQUESTS_PER_SECOND_MAX);
  });

  test('a killed server is a rule that fails, an alert, and a gap in its history; back, it is well again', async () => {
    const isAlert = ({ finding }: HealthAlert): boolean => finding.rule === 'server-down';
    const alerting = until(await zabra.api.cluster.alerts(), (batch) => batch.some(isAlert));
    const follower = (await zabra.api.cluster.sample({ connectionId })).servers.find(
      ({ role }) => role === 'follower',
    )!;
    const lever = { ensembleId: ensemble.ensembleId, sid: follower.sid! };
    await zabra.api.ensembles.act({ ...lever, action: 'kill' });
    const sample = await sampleWhen((each) => failing(each).includes('quorum-margin'));
    expect(failing(sample).toSorted()).toEqual(['quorum-margin', 'server-down']);
    expect(sample.servers.find(({ server }) => server === follower.server)).toMatchObject({
      isServing: false,
      failure: { code: 'CONNECTION_REFUSED' },
    });
    const points = await zabra.api.cluster.history({ connectionId, range: '15m' });
    expect(points.at(-1)?.servers[follower.server]).toEqual({});
    expect((await alerting).find(isAlert)).toMatchObject({ connectionId, connectionName: ensemble.name });
    await zabra.api.ensembles.act({ ...lever, action: 'start' });
    await sampleWhen((each) => failing(each).length === 0);
  });

  test('ends with the connection, and what was recorded stays until the profile goes', async () => {
    await zabra.api.connections.close({ connectionId });
    const closed = await zabra.api.cluster.history({ connectionId, range: '1h' });
    expect(closed.length).toBeGreaterThan(1);
    // Works without a session, too, by asking once.
    expect((await zabra.api.cluster.sample({ connectionId })).servers).toHaveLength(3);
    expect(await zabra.api.cluster.history({ connectionId, range: '1h' })).toEqual(closed);
  });
});
