/** A server that lost its ensemble and serves reads, of both engines: to whom it does, what it refuses, and how it ends. */
import { afterEach, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { type FourLetterWord, sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { SESSION_NONE } from '../../shared/ids.ts';
import { createModeFlags } from '../../shared/protocol/create-mode.ts';
import { create } from '../../shared/protocol/create.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { multi } from '../../shared/protocol/multi.ts';
import { type ReconfigRequest, reconfig } from '../../shared/protocol/reconfig.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { sync } from '../../shared/protocol/sync.ts';
import { missingForApache } from '../support/apache-server.ts';
import { MixedEnsemble } from '../support/mixed-ensemble.ts';
import { RawClient } from '../support/raw-client.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';

const CONVERGE_MS_MAX = 30_000;
const CONFIG = { tickTime: '500', 'readonlymode.enabled': 'true', '4lw.commands.whitelist': '*' };
/** Apache opens no session without it; Zabra's servers need no leave. */
const APACHE_CONFIG = { ...CONFIG, localSessionsEnabled: 'true', localSessionsUpgradingEnabled: 'true' };

let ensemble: MixedEnsemble | undefined;
const clients: ZooKeeperClient[] = [];
const rawClients: RawClient[] = [];

afterEach(async () => {
  for (const raw of rawClients.splice(0)) raw.destroy();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await ensemble?.close();
  ensemble = undefined;
});

function clientOf(connectString: string, canBeReadOnly: boolean): ZooKeeperClient {
  const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: 4000, canBeReadOnly });
  clients.push(client);
  return client;
}

async function wordOf(current: MixedEnsemble, sid: number, word: FourLetterWord): Promise<string> {
  const address = { host: '127.0.0.1', port: current.portOf(sid) };
  const answer = await sendFourLetterWord(address, word, { timeoutMs: 5000 });
  return answer.status === 'ok' ? answer.text : answer.status;
}

/** Server 1 has `/n` and nobody beside it any more. */
async function openLonely(engine: EngineName): Promise<MixedEnsemble> {
  const current = await MixedEnsemble.open([engine, engine], engine === 'apache' ? APACHE_CONFIG : CONFIG);
  ensemble = current;
  await current.start(1, 2);
  await Promise.all([1, 2].map((sid) => current.untilServing(sid)));
  const writer = new ZooKeeperClient({ connectString: current.connectString, sessionTimeoutMs: 4000 });
  await writer.connect();
  await writer.create('/n', { data: Buffer.from('as it was') });
  await writer.close();
  await current.stop(2);
  await waitFor(
    'server 1 is read-only',
    async () => (await wordOf(current, 1, 'isro')) === 'ro',
    CONVERGE_MS_MAX,
  );
  return current;
}

function defineTests(engine: EngineName): void {
  test('reads are served, writes refused, and who does not accept that is turned away', async () => {
    const current = await openLonely(engine);
    const server = { host: '127.0.0.1', port: current.portOf(1) };
    expect(await wordOf(current, 1, 'srvr')).toContain('\nMode: read-only\n');

    const stranger = await RawClient.open(server);
    rawClients.push(stranger);
    stranger.sendHandshake({ readOnly: false });
    await stranger.closed;

    const client = await RawClient.open(server);
    rawClients.push(client);
    const session = await client.handshake({ readOnly: true });
    expect([session.readOnly, session.sessionId === SESSION_NONE]).toEqual([true, false]);
    const { body } = await client.request(1, getData, { path: '/n', watch: false });
    expect(Buffer.from(getData.decodeResponse(body).data ?? []).toString()).toBe('as it was');
    const node = { path: '/x', data: null, acl: OPEN_ACL_UNSAFE, flags: createModeFlags('PERSISTENT') };
    const nothing: ReconfigRequest = {
      joiningServers: null,
      leavingServers: null,
      newMembers: null,
      curConfigId: -1n,
    };
    const refusals = [
      await client.request(2, create, node),
      await client.request(3, deleteNode, { path: '/n', version: -1 }),
      await client.request(4, setData, { path: '/n', data: null, version: -1 }),
      await client.request(5, multi, [{ op: 'check', request: { path: '/n', version: -1 } }]),
      await client.request(6, sync, { path: '/n' }),
      await client.request(7, reconfig, nothing),
    ].map(({ err }) => err);
    expect(refusals).toEqual(refusals.map(() => ErrorCode.NOTREADONLY));
  });

  test('a client that was read-only goes on with a session of the ensemble when that is back', async () => {
    const current = await openLonely(engine);
    const client = clientOf(current.connectString, true);
    await client.connect();
    expect(client.facts).toMatchObject({ state: 'connectedReadOnly', isReadOnly: true });
    await expect(client.setData('/n', Buffer.from('x'))).rejects.toMatchObject({ code: 'NOTREADONLY' });
    const { sessionId } = client.facts;
    await current.start(2);
    await waitFor('the client can write', () => client.facts.state === 'connected', CONVERGE_MS_MAX);
    expect(client.facts.sessionId).not.toBe(sessionId);
    await client.setData('/n', Buffer.from('on it goes'));
    expect(Buffer.from((await client.getData('/n')).data ?? []).toString()).toBe('on it goes');
  });
}

describe('read-only: a server of Zabra', () => {
  defineTests('builtin');
});

describeWithTool({ name: 'read-only: a server of Apache', missing: missingForApache }, () => {
  defineTests('apache');
});
