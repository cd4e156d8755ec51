/** The diagnosis in the shell, over its WebSocket, at a local ensemble: what it finds, pictures, and keeps. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionIdToHex } from '../../../../../shared/ids.ts';
import type { SessionPicture } from '../../../../../shared/api/diagnosis.ts';
import type { Finding } from '../../../../../shared/api/findings.ts';
import { ZooKeeperClient } from '../../../../../electron/client/client.ts';
import { findFreePorts } from '../../../../support/ports.ts';
import { waitFor } from '../../../../support/wait.ts';
import { type TestShell, startTestShell, until } from '../../support/shell.ts';

const NODE = '/member';
const TIMEOUT_MS = 4000;

let shell: TestShell;
let connectionId: string;
let ensembleId: string;
let connectString: string;

beforeAll(async () => {
  shell = await startTestShell();
  const clientPort = await findFreePorts(3);
  const ensemble = await shell.api.ensembles.create({ servers: 3, name: 'watched', clientPort });
  ({ connectionId, ensembleId } = ensemble);
  connectString = ensemble.servers.map((server) => `127.0.0.1:${server.clientPort}`).join(',');
  await shell.api.connections.open({ connectionId });
  await until(await shell.api.connections.statuses(), ([first]) => first?.state === 'connected');
}, 60_000);
afterAll(() => shell.stop());

async function finding(isIt: (finding: Finding) => boolean): Promise<Finding> {
  const batch = await until(await shell.api.diagnosis.findings({ connectionId }), ({ findings }) =>
    findings.some(isIt),
  );
  return batch.findings.find(isIt)!;
}

async function picture(
  sessionId: string,
  isIt: (picture: SessionPicture) => boolean,
): Promise<SessionPicture> {
  let found: SessionPicture | null = null;
  await waitFor('the picture', async () => {
    found = await shell.api.diagnosis.session({ connectionId, sessionId });
    return found !== null && isIt(found);
  });
  return found!;
}

test('a client that goes away: found, pictured with what was removed and made again, kept over a restart', async () => {
  const watching = await until(
    await shell.api.diagnosis.findings({ connectionId }),
    ({ watching: present }) => present?.tellingSids.length === 3 && present.logFolderCount === 3,
  );
  expect(watching).toMatchObject({ watching: { servers: connectString.split(',') } });

  const lost = new ZooKeeperClient({ connectString, sessionTimeoutMs: TIMEOUT_MS });
  await lost.connect();
  await lost.create(NODE, { mode: 'EPHEMERAL' });
  const sessionId = sessionIdToHex(lost.facts.sessionId!);
  lost.abandon();
  const found = await finding(({ subject }) => subject === sessionId);
  expect(found).toMatchObject({ kind: 'session-ended', cause: 'client-gone' });

  const next = new ZooKeeperClient({ connectString, sessionTimeoutMs: 10_000 });
  await next.connect();
  await next.create(NODE, { mode: 'EPHEMERAL' });
  const nextId = sessionIdToHex(next.facts.sessionId!);
  const seen = await picture(sessionId, ({ ephemerals }) => Boolean(ephemerals?.[0]?.restored));
  expect(seen).toMatchObject({
    sessionId,
    timeoutMs: TIMEOUT_MS,
    end: { byClient: false },
    connections: [{ endReason: expect.any(String) }],
    ephemerals: [{ path: NODE, restored: { sessionId: nextId } }],
    hidden: [{ part: 'notified', why: 'nobody-tells' }],
  });
  expect(seen.expiry?.lastHeardMs).toBeLessThan(seen.end!.atMs);
  expect(seen.expiry?.bucketMs).toBeLessThanOrEqual(seen.end!.atMs);
  expect(seen.heard.length).toBeGreaterThan(0);
  await next.close();
}, 60_000);

test('a leader that is killed: an election with its votes, and a ribbon of two reigns, kept over a restart', async () => {
  const first = await until(await shell.api.diagnosis.elections({ connectionId }), ({ ribbon }) =>
    ribbon.some(({ toMs }) => toMs === null),
  );
  const before = first.ribbon.at(-1)!;
  await shell.api.ensembles.killLeader({ ensembleId });
  const record = await until(
    await shell.api.diagnosis.elections({ connectionId }),
    ({ ribbon }) => ribbon.at(-1)!.toMs === null && ribbon.at(-1)!.epoch! > before.epoch!,
  );
  const reign = record.ribbon.at(-1)!;
  expect(record.ribbon.at(-2)).toMatchObject({ leader: before.leader, epoch: before.epoch });
  const election = record.elections.at(-1)!;
  expect(election).toMatchObject({ winner: reign.leader, epoch: reign.epoch });
  expect(election.casts.length).toBeGreaterThan(0);
  await finding(({ kind, cause }) => kind === 'election' && cause === 'leader-crashed');

  const { findings: told } = await until(
    await shell.api.diagnosis.findings({ connectionId }),
    ({ isFirst }) => isFirst,
  );
  shell = await shell.restart();
  const kept = await until(await shell.api.diagnosis.findings({ connectionId }), ({ isFirst }) => isFirst);
  expect(kept.watching).toBeNull();
  expect(kept.findings.map(({ id }) => id)).toEqual(expect.arrayContaining(told.map(({ id }) => id)));
  const after = await until(
    await shell.api.diagnosis.elections({ connectionId }),
    ({ ribbon }) => ribbon.length > 0,
  );
  expect(after.ribbon.at(-1)).toMatchObject({ leader: reign.leader, epoch: reign.epoch });
  expect(after.ribbon.at(-1)!.toMs).not.toBeNull();
  const { subject } = kept.findings.find(({ cause }) => cause === 'client-gone')!;
  expect(await shell.api.diagnosis.session({ connectionId, sessionId: subject })).toMatchObject({
    ephemerals: [{ path: NODE, restored: { sessionId: expect.any(String) } }],
  });
}, 60_000);
