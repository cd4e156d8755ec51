/**
 * What three builtin servers tell of themselves while a leader is elected, writes are committed, the leader is killed, and a
 * server is paused: every line fits the contract, and together the lines tell the story.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { ServerEventDto } from '../../shared/api/server-events.ts';
import { create } from '../../shared/protocol/create.ts';
import { RawClient } from '../support/raw-client.ts';
import { waitFor } from '../support/wait.ts';

type Kind = ServerEventDto['kind'];
type EventOf<K extends Kind> = Extract<ServerEventDto, { readonly kind: K }>;

let ensemble: Ensemble;

beforeAll(async () => {
  ensemble = await startEnsemble({ servers: 3 });
  return () => ensemble.close();
});

async function eventsOf(sid: number): Promise<ServerEventDto[]> {
  const adminUrl = ensemble.servers.find((server) => server.sid === sid)?.adminUrl ?? '';
  const text = await (await fetch(`${adminUrl}/events?follow=false`)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ServerEventDto.parse(JSON.parse(line)));
}

function only<K extends Kind>(events: readonly ServerEventDto[], kind: K): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}

async function leaderAndFollower(): Promise<readonly [leader: number, follower: number]> {
  const statuses = await ensemble.status();
  const sidIn = (role: string): number => statuses.find(({ state }) => state === role)?.sid ?? 0;
  return [sidIn('leader'), sidIn('follower')];
}

/** A write by a session of its own at server `sid`. */
async function write(sid: number): Promise<RawClient> {
  const { host, clientPort: port } = ensemble.servers.find((server) => server.sid === sid)!;
  const client = await RawClient.connect({ host, port });
  const request = { path: `/by-${sid}`, data: null, acl: OPEN_ACL_UNSAFE, flags: 1 };
  await client.request(1, create, request);
  return client;
}

test('a leader and a follower tell the phases of Zab in their order', async () => {
  const [leader, follower] = await leaderAndFollower();
  for (const [sid, role] of [
    [leader, 'LEADING'],
    [follower, 'FOLLOWING'],
  ] as const) {
    const events = await eventsOf(sid);
    const standings = only(events, 'state').map(({ state, phase }) => `${state} ${phase}`);
    expect(standings[0]).toBe('LOOKING ELECTION');
    expect(standings.slice(-3)).toEqual([
      `${role} DISCOVERY`,
      `${role} SYNCHRONIZATION`,
      `${role} BROADCAST`,
    ]);
    expect(only(events, 'vote-received').length).toBeGreaterThan(0);
    expect(only(events, 'epoch-accepted').some(({ server, by }) => server === sid && by === leader)).toBe(
      true,
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  }
});

test('a proposal, its acks and its commit are told by the leader', async () => {
  const [leader, follower] = await leaderAndFollower();
  const client = await write(follower);
  const events = await eventsOf(leader);
  const proposal = only(events, 'proposal').findLast(({ operation }) => operation === 'create');
  expect(proposal).toBeDefined();
  const acks = only(events, 'ack').filter(({ zxid }) => zxid === proposal?.zxid);
  expect(acks.length).toBeGreaterThanOrEqual(2);
  expect(only(events, 'commit').some(({ zxid }) => zxid === proposal?.zxid)).toBe(true);
  expect(only(events, 'fsync').length).toBeGreaterThan(0);
  const created = only(await eventsOf(follower), 'session-created').at(-1);
  expect(created?.address).toMatch(/^127\.0\.0\.1:\d+$/);
  client.destroy();
  await waitFor(
    'the client is seen to go',
    async () => only(await eventsOf(follower), 'session-detached').length > 0,
  );
});

test('when the leader is killed the others say why they look, and whom they follow then', async () => {
  const [killed, follower] = await leaderAndFollower();
  await ensemble.kill(killed);
  await ensemble.untilServing();
  const states = only(await eventsOf(follower), 'state');
  const lost = states.findLast(({ state }) => state === 'LOOKING');
  expect(lost?.reason).toContain(`server ${killed}`);
  expect(states.at(-1)).toMatchObject({ phase: 'BROADCAST' });
  expect(states.at(-1)?.epoch).toBeGreaterThan(1);
  await ensemble.startServer(killed);
  await ensemble.untilServing();
  const [leader] = await leaderAndFollower();
  expect(only(await eventsOf(killed), 'sync').at(-1)?.learner).toBe(killed);
  expect(only(await eventsOf(leader), 'sync').at(-1)?.learner).toBe(killed);
});

test.runIf(process.platform === 'linux')(
  'a server that was stopped tells of a stall when it goes on',
  async () => {
    const [, follower] = await leaderAndFollower();
    await ensemble.pause(follower);
    const pausedMs = performance.now();
    await waitFor('half a second is over', () => performance.now() - pausedMs > 500);
    await ensemble.resume(follower);
    await waitFor('the stall is told', async () =>
      only(await eventsOf(follower), 'stall').some(({ durationMs }) => durationMs > 200),
    );
  },
);

test('a clock that is put wrong is told as a jump', async () => {
  const [, follower] = await leaderAndFollower();
  await ensemble.skewClock(follower, 5000);
  await waitFor('the jump is told', async () =>
    only(await eventsOf(follower), 'clock-jump').some(({ byMs }) => Math.abs(byMs - 5000) < 200),
  );
});
