/** Local ensembles through the shell, with real server processes: their lives, every lever, and what is told of them. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ConditionsChange,
  type EnsembleDto,
  type EnsembleLiveDto,
  LogBatch,
} from '../../../../../shared/api/ensembles.ts';
import { findFreePort, findFreePorts } from '../../../../support/ports.ts';
import { waitFor } from '../../../../support/wait.ts';
import { type Api, type TestShell, failureOf, startTestShell, until } from '../../support/shell.ts';

const SECONDS = 1_000;
let shell: TestShell;
let api: Api;

beforeAll(async () => {
  shell = await startTestShell();
  ({ api } = shell);
}, 30 * SECONDS);
afterAll(() => shell.stop(), 30 * SECONDS);

const find = (list: readonly EnsembleDto[], ensembleId: string): EnsembleDto | undefined =>
  list.find((one) => one.ensembleId === ensembleId);

async function ensembleWhen(
  ensembleId: string,
  isIt: (ensemble: EnsembleDto) => boolean,
): Promise<EnsembleDto> {
  const list = await until(await api.ensembles.list(), (all) => {
    const ensemble = find(all, ensembleId);
    return ensemble !== undefined && isIt(ensemble);
  });
  return find(list, ensembleId)!;
}

async function liveWhen(
  ensembleId: string,
  isIt: (live: EnsembleLiveDto) => boolean,
): Promise<EnsembleLiveDto> {
  return until(await api.ensembles.live({ ensembleId }), isIt);
}

const modes = ({ servers }: EnsembleLiveDto): (string | null)[] => servers.map(({ mode }) => mode);

function leaderOf({ servers }: EnsembleLiveDto): number | undefined {
  return servers.find(({ mode }) => mode === 'leader')?.sid;
}

describe('an ensemble of three and an observer', { timeout: 60 * SECONDS }, () => {
  let ensemble: EnsembleDto;
  let ensembleId: string;

  beforeAll(async () => {
    ensemble = await api.ensembles.create({ name: 'lab', observers: 1, clientPort: await findFreePorts(4) });
    ({ ensembleId } = ensemble);
  }, 60 * SECONDS);

  test('it serves, its profile has every address, and its links are whole', async () => {
    expect(ensemble).toMatchObject({ name: 'lab', state: 'running', engine: 'builtin', failure: null });
    expect(ensemble.servers.map(({ sid, role, process }) => [sid, role, process])).toEqual([
      [1, 'participant', 'running'],
      [2, 'participant', 'running'],
      [3, 'participant', 'running'],
      [4, 'observer', 'running'],
    ]);
    const profile = (await api.connections.list()).find((one) => one.ensembleId === ensembleId);
    expect(profile?.servers).toBe(
      ensemble.servers.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(','),
    );
    expect(ensemble.links).toHaveLength(6);
    expect(ensemble.links.every(({ there, back }) => !there.isCut && !back.isCut)).toBe(true);
  });

  test('the live state tells roles, epochs, zxids and memory', async () => {
    const live = await liveWhen(
      ensembleId,
      (state) => state.servers.length === 4 && state.servers.every(({ sessions }) => sessions !== null),
    );
    expect(modes(live).toSorted()).toEqual(['follower', 'follower', 'leader', 'observer']);
    for (const server of live.servers) {
      expect(server).toMatchObject({ isAnswering: true, zabState: 'BROADCAST', currentEpoch: 1 });
      expect(server.lastCommitted).toMatch(/^0x/);
      if (process.platform === 'linux') expect(server.rssBytes).toBeGreaterThan(10_000_000);
    }
    const leader = live.servers.find(({ mode }) => mode === 'leader');
    expect(leader?.syncedLearnerCount).toBe(3);
    expect(leader?.syncedLearners).toEqual([1, 2, 3, 4].filter((sid) => sid !== leader?.sid));
  });

  test('what they tell of themselves completes it: round, vote, and how far their logs are', async () => {
    const live = await liveWhen(ensembleId, ({ servers }) =>
      servers.slice(0, 3).every(({ vote, lastLogged }) => vote !== null && lastLogged !== null),
    );
    const leader = leaderOf(live);
    for (const { vote, logicalClock } of live.servers.slice(0, 3)) {
      expect(vote).toBe(leader);
      expect(logicalClock).toBeGreaterThan(0);
    }
  });

  test('the leader is killed, another one leads, and the dead one comes back', async () => {
    const before = leaderOf(await liveWhen(ensembleId, (live) => leaderOf(live) !== undefined))!;
    const events = await api.ensembles.events({ ensembleId });
    const killed = await api.ensembles.killLeader({ ensembleId });
    expect(killed.servers.find(({ sid }) => sid === before)).toMatchObject({ process: 'stopped', pid: null });
    await liveWhen(ensembleId, (live) => ![undefined, before].includes(leaderOf(live)));
    // Told by a server that took part in the election, as it happened.
    await until(events, (batch) => batch.some(({ kind }) => kind === 'vote-sent'));
    await api.ensembles.act({ ensembleId, sid: before, action: 'start' });
    await liveWhen(ensembleId, (live) => live.servers[before - 1]?.mode === 'follower');
  });

  test('a partition cuts the links between its sides, the minority looks, and mending joins all', async () => {
    const leader = leaderOf(await liveWhen(ensembleId, (live) => leaderOf(live) !== undefined))!;
    const alone = [1, 2, 3].find((sid) => sid !== leader)!;
    const cut = await api.ensembles.partition({ ensembleId, groups: [[alone]] });
    const isAcross = ({ a, b }: { a: number; b: number }): boolean => a === alone || b === alone;
    for (const link of cut.links) expect(link.there.isCut, `${link.a}-${link.b}`).toBe(isAcross(link));
    const apart = await liveWhen(ensembleId, (live) => live.servers[alone - 1]?.mode === 'looking');
    expect(leaderOf(apart)).toBe(leader);
    expect(apart.servers[alone - 1]).toMatchObject({ peerState: 'LOOKING', zabState: 'ELECTION' });
    const mended = await api.ensembles.healLinks({ ensembleId });
    expect(mended.links.some(({ there, back }) => there.isCut || back.isCut)).toBe(false);
    await liveWhen(ensembleId, (live) => live.servers[alone - 1]?.mode === 'follower');
  });

  test('a link is delayed both ways, and cut one way', async () => {
    const at = { ensembleId, from: 2, to: 1 };
    const slow = await api.ensembles.changeLink({
      ...at,
      isOneWay: false,
      change: { kind: 'delay', delayMs: 5 },
    });
    const line = (dto: EnsembleDto): unknown => dto.links.find(({ a, b }) => a === 1 && b === 2);
    const usual = { isCut: false, delayMs: 0, bytesPerSecond: null };
    expect(line(slow)).toMatchObject({ there: { delayMs: 5 }, back: { delayMs: 5 } });
    await api.ensembles.changeLink({ ...at, isOneWay: false, change: { kind: 'heal' } });
    const cut = await api.ensembles.changeLink({ ...at, isOneWay: true, change: { kind: 'cut' } });
    expect(line(cut)).toMatchObject({ there: usual, back: { isCut: true } });
    const whole = await api.ensembles.changeLink({ ...at, isOneWay: true, change: { kind: 'heal' } });
    expect(line(whole)).toMatchObject({ there: usual, back: usual });
  });

  test('a link carries no more than it is allowed to, and all that it can again', async () => {
    const at = { ensembleId, from: 1, to: 2, isOneWay: false };
    const line = (dto: EnsembleDto): unknown => dto.links.find(({ a, b }) => a === 1 && b === 2);
    const slow = { bytesPerSecond: 100_000 };
    const limited = await api.ensembles.changeLink({ ...at, change: { kind: 'throttle', ...slow } });
    expect(line(limited)).toMatchObject({ there: slow, back: slow });
    const free = await api.ensembles.changeLink({
      ...at,
      change: { kind: 'throttle', bytesPerSecond: null },
    });
    expect(line(free)).toMatchObject({ there: { bytesPerSecond: null }, back: { bytesPerSecond: null } });
  });

  test('a disk is slowed and a clock put wrong, one without the other', async () => {
    const conditionsOf = ({ servers }: EnsembleDto): unknown => servers[0]?.conditions;
    const usual = { syncDelayMs: 0, isDiskFull: false, clockSkewMs: 0 };
    const change = (conditions: ConditionsChange): Promise<EnsembleDto> =>
      api.ensembles.changeConditions({ ensembleId, sid: 1, conditions });
    expect(conditionsOf(await change({ syncDelayMs: 5 }))).toEqual({ ...usual, syncDelayMs: 5 });
    expect(conditionsOf(await change({ clockSkewMs: -3_600_000 }))).toEqual({
      ...usual,
      syncDelayMs: 5,
      clockSkewMs: -3_600_000,
    });
    expect(conditionsOf(await change({ syncDelayMs: 0, clockSkewMs: 0 }))).toEqual(usual);
  });

  test('a server is paused and resumed, and nothing is told of it meanwhile', async () => {
    const paused = await api.ensembles.act({ ensembleId, sid: 4, action: 'pause' });
    expect(paused.servers[3]).toMatchObject({ process: 'paused' });
    await liveWhen(ensembleId, (live) => live.servers[3]?.isAnswering === false);
    await api.ensembles.act({ ensembleId, sid: 4, action: 'resume' });
    await liveWhen(ensembleId, (live) => live.servers[3]?.isAnswering === true);
  });

  test('what cannot be done is refused in words', async () => {
    const wipe = api.ensembles.act({ ensembleId, sid: 1, action: 'wipe' });
    expect(await failureOf(wipe)).toMatchObject({
      code: 'LEVER_REFUSED',
      message: 'server.1 runs: stop it before its data is wiped',
    });
    const nowhere = api.ensembles.act({ ensembleId, sid: 9, action: 'start' });
    expect(await failureOf(nowhere)).toMatchObject({ code: 'LEVER_REFUSED' });
    expect(await failureOf(api.ensembles.stop({ ensembleId: 'none' }))).toMatchObject({
      code: 'ENSEMBLE_UNKNOWN',
    });
  });

  test('the log has what servers said and what was done, and begins again for everybody who looks', async () => {
    const first = await until(await api.ensembles.log({ ensembleId }), ({ isFirst }) => isFirst);
    expect(
      LogBatch.parse(first).lines.some(({ sid, message }) => sid === null && message === 'mend all links'),
    ).toBe(true);
    expect(first.lines.some(({ sid }) => sid === 1)).toBe(true);
    const seqs = first.lines.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((x, y) => x - y));
  });

  test('a server that somebody else kills is told, and the ensemble goes on', async () => {
    process.kill(ensemble.servers[3]!.pid!, 'SIGKILL');
    const told = await ensembleWhen(ensembleId, ({ servers }) => servers[3]?.failure !== null);
    expect(told).toMatchObject({ state: 'running' });
    expect(told.servers[3]).toMatchObject({
      process: 'stopped',
      failure: 'server.4 was killed by somebody',
    });
  });

  test('a page that looks on while it is removed hears the end', async () => {
    const { ensembleId: shortId } = await api.ensembles.create({
      servers: 1,
      clientPort: await findFreePort(),
    });
    const streams = [
      await api.ensembles.live({ ensembleId: shortId }),
      await api.ensembles.log({ ensembleId: shortId }),
      await api.ensembles.events({ ensembleId: shortId }),
    ];
    const ends = streams.map(async (stream) => until<unknown>(stream, () => false).catch(() => 'ended'));
    await api.ensembles.remove({ ensembleId: shortId });
    expect(await Promise.all(ends)).toEqual(['ended', 'ended', 'ended']);
  });

  test('removed, it leaves neither a process nor data nor a profile', async () => {
    const folder = path.join(shell.folder, 'data', 'local-servers', ensembleId);
    expect(existsSync(folder)).toBe(true);
    const running = await ensembleWhen(ensembleId, () => true);
    await api.ensembles.remove({ ensembleId });
    expect(existsSync(folder)).toBe(false);
    expect((await api.connections.list()).some((one) => one.ensembleId === ensembleId)).toBe(false);
    for (const { pid } of running.servers) if (pid !== null) expect(isAlive(pid)).toBe(false);
  });
});

describe('servers that come and go', { timeout: 60 * SECONDS }, () => {
  const portsOf = ({ servers }: EnsembleDto): number[] => servers.map(({ clientPort }) => clientPort);
  const addressesOf = async ({ ensembleId }: EnsembleDto): Promise<string | undefined> =>
    (await api.connections.list()).find((one) => one.ensembleId === ensembleId)?.servers;

  test('an observer is added, a voter removed: members and connection are others, over a restart too', async () => {
    const created = await api.ensembles.create({ name: 'growing', clientPort: await findFreePorts(3) });
    const { ensembleId } = created;
    expect(created.hasChangeableServers).toBe(true);
    const grown = await api.ensembles.addServer({ ensembleId, role: 'observer' });
    expect(grown.servers.map(({ sid, role, process }) => [sid, role, process])).toEqual([
      [1, 'participant', 'running'],
      [2, 'participant', 'running'],
      [3, 'participant', 'running'],
      [4, 'observer', 'running'],
    ]);
    expect(grown.links).toHaveLength(6);
    expect(await addressesOf(grown)).toBe(
      portsOf(grown)
        .map((port) => `127.0.0.1:${port}`)
        .join(','),
    );
    const shrunk = await api.ensembles.removeServer({ ensembleId, sid: 1 });
    expect(shrunk.servers.map(({ sid }) => sid)).toEqual([2, 3, 4]);
    await api.ensembles.stop({ ensembleId });
    const again = await api.ensembles.start({ ensembleId });
    expect(portsOf(again)).toEqual(portsOf(shrunk));
    expect(await failureOf(api.ensembles.removeServer({ ensembleId, sid: 2 }))).toMatchObject({
      code: 'LEVER_REFUSED',
      message: 'the ensemble refuses the change: at least two servers that vote must remain',
    });
    await api.ensembles.remove({ ensembleId });
  });

  test('a server alone stays alone', async () => {
    const { ensembleId, hasChangeableServers } = await api.ensembles.create({
      servers: 1,
      clientPort: await findFreePort(),
    });
    expect(hasChangeableServers).toBe(false);
    expect(await failureOf(api.ensembles.addServer({ ensembleId, role: 'observer' }))).toMatchObject({
      code: 'LEVER_REFUSED',
    });
    await api.ensembles.remove({ ensembleId });
  });
});

describe('over a restart of the shell', { timeout: 60 * SECONDS }, () => {
  test('an ensemble is there, stopped, and starts again with its data', async () => {
    const created = await api.ensembles.create({
      name: 'kept',
      servers: 1,
      observers: 1,
      clientPort: await findFreePorts(2),
    });
    const { ensembleId, connectionId } = created;
    await createNode(api, connectionId, '/kept');
    await api.connections.close({ connectionId });
    shell = await shell.restart();
    ({ api } = shell);
    const stopped = await ensembleWhen(ensembleId, () => true);
    expect(stopped).toMatchObject({ name: 'kept', state: 'stopped', links: [] });
    expect(stopped.servers.map(({ role, clientPort }) => [role, clientPort])).toEqual(
      created.servers.map(({ role, clientPort }) => [role, clientPort]),
    );
    expect((await api.ensembles.start({ ensembleId })).state).toBe('running');
    expect(await hasNode(api, connectionId, '/kept')).toBe(true);
    await api.ensembles.remove({ ensembleId });
  });

  test('a folder from before there were ensembles is a server alone, with its data', async () => {
    const created = await api.ensembles.create({ servers: 1, clientPort: await findFreePort() });
    const { ensembleId, connectionId } = created;
    await createNode(api, connectionId, '/old');
    await api.connections.close({ connectionId });
    await api.ensembles.stop({ ensembleId });
    const folder = path.join(shell.folder, 'data', 'local-servers', ensembleId);
    await rename(path.join(folder, 'server-1', 'data', 'version-2'), path.join(folder, 'version-2'));
    await rm(path.join(folder, 'server-1'), { recursive: true });
    await rm(path.join(folder, 'ensemble.json'));
    shell = await shell.restart();
    ({ api } = shell);
    await api.ensembles.start({ ensembleId });
    expect(await hasNode(api, connectionId, '/old')).toBe(true);
    await api.ensembles.remove({ ensembleId });
  });

  test('a description that nobody can read fails its own start, not the shell', async () => {
    const { ensembleId } = await api.ensembles.create({ servers: 1, clientPort: await findFreePort() });
    await api.ensembles.stop({ ensembleId });
    const folder = path.join(shell.folder, 'data', 'local-servers', ensembleId);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'ensemble.json'), '{');
    shell = await shell.restart();
    ({ api } = shell);
    expect((await ensembleWhen(ensembleId, () => true)).state).toBe('stopped');
    expect(await failureOf(api.ensembles.start({ ensembleId }))).toMatchObject({
      code: 'LOCAL_SERVER_FAILED',
    });
    expect((await ensembleWhen(ensembleId, () => true)).state).toBe('failed');
    await api.ensembles.remove({ ensembleId });
  });
});

test('stopping while it starts ends both, and leaves nothing', { timeout: 60 * SECONDS }, async () => {
  const creating = failureOf(api.ensembles.create({ name: 'hasty', clientPort: await findFreePort() }));
  const list = await until(await api.ensembles.list(), (all) => all.some(({ name }) => name === 'hasty'));
  const { ensembleId } = list.find(({ name }) => name === 'hasty')!;
  await ensembleWhen(ensembleId, ({ servers }) => servers.some(({ pid }) => pid !== null));
  await api.ensembles.stop({ ensembleId });
  expect(await creating).toMatchObject({ code: 'CANCELLED' });
  expect((await api.connections.list()).some(({ name }) => name === 'hasty')).toBe(false);
});

test('two that are wanted at once do not get the same ports', { timeout: 60 * SECONDS }, async () => {
  const clientPort = await findFreePorts(2);
  const [first, second] = await Promise.all([
    api.ensembles.create({ servers: 2, clientPort }),
    failureOf(api.ensembles.create({ servers: 1, clientPort: clientPort + 1 })),
  ]);
  expect(first.state).toBe('running');
  expect(second).toMatchObject({
    code: 'PORT_IN_USE',
    message: `port ${clientPort + 1} belongs to another local ensemble`,
  });
  await api.ensembles.remove({ ensembleId: first.ensembleId });
});

test('an Apache distribution that is not there is said before anything is made', async () => {
  const profiles = (await api.connections.list()).length;
  const failure = await failureOf(
    api.ensembles.create({ engine: 'apache', apacheHome: path.join(shell.folder, 'nowhere') }),
  );
  expect(failure).toMatchObject({ code: 'APACHE_MISSING' });
  expect(await api.connections.list()).toHaveLength(profiles);
});

async function createNode(client: Api, connectionId: string, node: string): Promise<void> {
  await client.connections.open({ connectionId });
  const acl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
  await until(await client.connections.statuses(), (all) =>
    all.some((status) => status.connectionId === connectionId && status.state === 'connected'),
  );
  await client.znodes.create({ connectionId, path: node, data: null, acl, mode: 'PERSISTENT' });
}

async function hasNode(client: Api, connectionId: string, node: string): Promise<boolean> {
  await client.connections.open({ connectionId });
  await until(await client.connections.statuses(), (all) =>
    all.some((status) => status.connectionId === connectionId && status.state === 'connected'),
  );
  const found = await waitFor('the node', async () => client.znodes.get({ connectionId, path: node }), 5_000);
  await client.connections.close({ connectionId });
  return found.path === node;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
