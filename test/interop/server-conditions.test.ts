/**
 * What happens to a builtin ensemble when the disk of a server is slow or full, or its clock is wrong: nothing that was
 * acknowledged is lost, whoever cannot write says so and ends, and what is healed goes on.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { waitFor } from '../support/wait.ts';

const CONVERGE_MS_MAX = 30_000;
const HOUR_MS = 3_600_000;

let ensemble: Ensemble;
let client: ZooKeeperClient;
let count = 0;

beforeAll(async () => {
  ensemble = await startEnsemble({ servers: 3, config: { tickTime: '500', maxSessionTimeout: '60000' } });
  client = new ZooKeeperClient({ connectString: ensemble.connectString, sessionTimeoutMs: 30_000 });
  await client.connect();
  await client.create('/n');
});

afterEach(async () => {
  for (const { sid } of ensemble.servers) {
    await ensemble.healDisk(sid);
    await ensemble.healClock(sid);
    await ensemble.startServer(sid);
  }
  await ensemble.untilServing(CONVERGE_MS_MAX);
});

afterAll(async () => {
  await client.close();
  await ensemble.close();
});

/** A write that goes on after its server went. */
async function write(): Promise<string> {
  const text = `text ${++count}`;
  await waitFor(
    `${text} is written`,
    async () => {
      await client.setData('/n', Buffer.from(text));
      return true;
    },
    CONVERGE_MS_MAX,
  );
  return text;
}

async function readAt(sid: number): Promise<string> {
  const { connectString } = ensemble.servers.find((server) => server.sid === sid)!;
  const reader = new ZooKeeperClient({ connectString, sessionTimeoutMs: 4000 });
  await reader.connect();
  try {
    await reader.sync('/n');
    return Buffer.from((await reader.getData('/n')).data ?? []).toString();
  } finally {
    await reader.close();
  }
}

async function leaderSid(): Promise<number> {
  const sid = await ensemble.leader();
  if (sid === undefined) throw new Error('nobody leads');
  return sid;
}

async function writeMs(): Promise<number> {
  const startMs = performance.now();
  await client.setData('/n', Buffer.from('timed'));
  return performance.now() - startMs;
}

test('one slow disk holds nobody up, two hold up every write: a quorum is as fast as its slowest', async () => {
  await write();
  const leader = await leaderSid();
  await ensemble.slowDisk(leader, 400);
  expect(await writeMs()).toBeLessThan(300);
  await ensemble.slowDisk(leader === 1 ? 2 : 1, 400);
  expect(await writeMs()).toBeGreaterThan(390);
});

test('a full disk ends the leader with a clear word; another leads, and nothing acknowledged is lost', async () => {
  const { sessionId } = client.facts;
  const full = await leaderSid();
  await ensemble.fillDisk(full);
  await waitFor('the leader ends at the next write', async () => {
    await client.setData('/n', Buffer.from('who knows')).catch(() => undefined);
    return (await ensemble.statusOf(full)).state === 'stopped';
  });
  const failed = `server.${full} ended by itself with exit code 74: the disk is full: `;
  expect((await ensemble.statusOf(full)).failure).toContain(failed);
  const text = await write();
  expect(client.facts.sessionId).toBe(sessionId);
  // Still full: it cannot even note the epoch that it joins.
  await ensemble.startServer(full);
  await waitFor('it ends again', async () => (await ensemble.statusOf(full)).state === 'stopped');
  await ensemble.healDisk(full);
  await ensemble.startServer(full);
  await ensemble.untilServing(CONVERGE_MS_MAX);
  expect(await readAt(full)).toBe(text);
});

test('full disks everywhere: no write is acknowledged, and after healing all that was is there', async () => {
  const text = await write();
  for (const { sid } of ensemble.servers) await ensemble.fillDisk(sid);
  await expect(client.setData('/n', Buffer.from('no room'))).rejects.toMatchObject({
    code: 'CONNECTIONLOSS',
  });
  await waitFor('no quorum is left', async () => {
    const states = (await ensemble.status()).map(({ state }) => state);
    return states.filter((state) => state === 'stopped').length >= 2;
  });
  for (const { sid } of ensemble.servers) {
    await ensemble.healDisk(sid);
    await ensemble.startServer(sid);
  }
  await ensemble.untilServing(CONVERGE_MS_MAX);
  for (const { sid } of ensemble.servers) expect([text, 'no room']).toContain(await readAt(sid));
});

test('a wrong clock changes what nodes say of their time, and no session: those go by elapsed time', async () => {
  const ctimeMs = async (): Promise<number> => {
    await client.create('/clock', { mode: 'EPHEMERAL' });
    const { stat } = await client.getData('/clock');
    await client.delete('/clock');
    return Number(stat.ctime);
  };
  const { sessionId } = client.facts;
  await client.create('/mine', { mode: 'EPHEMERAL' });
  await ensemble.skewClock(await leaderSid(), 24 * HOUR_MS);
  expect(await ctimeMs()).toBeGreaterThan(Date.now() + 23 * HOUR_MS);
  await ensemble.skewClock(await leaderSid(), -24 * HOUR_MS);
  expect(await ctimeMs()).toBeLessThan(Date.now() - 23 * HOUR_MS);
  await ensemble.healClock(await leaderSid());
  expect(Math.abs((await ctimeMs()) - Date.now())).toBeLessThan(HOUR_MS);
  expect(client.facts.sessionId).toBe(sessionId);
  expect(await client.exists('/mine')).not.toBeNull();
});
