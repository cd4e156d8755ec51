/** The levers over HTTP, on an ensemble of one builtin server: what each does, and who may not ask. */
import http from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ZooKeeperClient } from '../../../../electron/client/client.ts';
import { type FaultApi, openFaultApi } from '../../../../embedded-server/launcher/fault-api.ts';
import { findFreePort } from '../../../../embedded-server/launcher/free-port.ts';
import type { Ensemble } from '../../../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../../../embedded-server/launcher/start-ensemble.ts';

let ensemble: Ensemble;
let api: FaultApi;

beforeAll(async () => {
  ensemble = await startEnsemble();
  api = await openFaultApi(ensemble, await findFreePort());
});

afterAll(async () => {
  await api.close();
  await ensemble.close();
});

interface Answer {
  readonly status: number | undefined;
  readonly body: unknown;
}

interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** With a bare request: fetch would not let the host be chosen. */
function ask({ method = 'POST', path, headers = {} }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: api.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, body: JSON.parse(text) });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

async function post(path: string): Promise<unknown> {
  const { status, body } = await ask({ path });
  expect(status).toBe(200);
  return body;
}

describe('fault API', () => {
  test('lists the servers', async () => {
    const { status, body } = await ask({ method: 'GET', path: '/servers' });
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        sid: 1,
        role: 'participant',
        host: '127.0.0.1',
        clientPort: ensemble.servers[0]!.clientPort,
        adminPort: expect.any(Number),
        adminUrl: ensemble.servers[0]!.adminUrl,
        pid: expect.any(Number),
        state: 'standalone',
        zxid: '0x0',
        failure: null,
      },
    ]);
  });

  test('stops, starts, kills, pauses, resumes and wipes; what is so already stays so', async () => {
    expect(await post('/servers/1/stop')).toMatchObject({ state: 'stopped', pid: null });
    expect(await post('/servers/1/stop')).toMatchObject({ state: 'stopped', failure: null });
    expect(await post('/servers/1/wipe')).toMatchObject({ state: 'stopped' });
    expect(await post('/servers/1/start')).toMatchObject({ state: 'standalone' });
    expect(await post('/servers/1/start')).toMatchObject({ state: 'standalone' });
    expect(await post('/servers/1/pause')).toMatchObject({ state: 'paused' });
    expect(await post('/servers/1/resume')).toMatchObject({ state: 'standalone' });
    expect(await post('/servers/1/pause')).toMatchObject({ state: 'paused' });
    expect(await post('/servers/1/kill')).toMatchObject({ state: 'stopped', failure: null });
    expect(await post('/servers/1/start')).toMatchObject({ state: 'standalone' });
  });

  test('puts a clock wrong and right, also over a restart, but not of a paused server', async () => {
    const skewOf = async (): Promise<number> => {
      const client = new ZooKeeperClient({ connectString: ensemble.connectString });
      await client.connect();
      await client.create('/clock');
      const { stat } = await client.getData('/clock');
      await client.delete('/clock');
      await client.close();
      return Number(stat.ctime) - Date.now();
    };
    expect(await post('/clocks/1/skew?ms=-3600000')).toMatchObject({ state: 'standalone' });
    expect(await skewOf()).toBeCloseTo(-3_600_000, -5);
    await post('/servers/1/stop');
    await post('/servers/1/start');
    expect(await skewOf()).toBeCloseTo(-3_600_000, -5);
    await post('/servers/1/pause');
    expect(await ask({ path: '/clocks/1/heal' })).toMatchObject({ status: 409 });
    await post('/servers/1/resume');
    await post('/clocks/1/heal');
    expect(await skewOf()).toBeCloseTo(0, -5);
  });

  test('a paused server can be stopped in order', async () => {
    await post('/servers/1/pause');
    const startMs = performance.now();
    expect(await post('/servers/1/stop')).toMatchObject({ state: 'stopped', failure: null });
    // One that does not end when asked is killed after five seconds.
    expect(performance.now() - startMs).toBeLessThan(4000);
    expect(await post('/servers/1/start')).toMatchObject({ state: 'standalone' });
  });

  test.each<[string, Question, number, string]>([
    ['a server that is not there', { path: '/servers/2/kill' }, 404, 'there is no server 2; there are 1'],
    ['a link that is not there', { path: '/links/1-2/cut' }, 404, 'no link joins server 1 and server 2'],
    ['a delay without its time', { path: '/links/1-2/delay' }, 400, 'a whole number is needed: ?ms=N'],
    ['a negative delay', { path: '/links/1-2/delay?ms=-1' }, 400, 'a whole number is needed: ?ms=N'],
    ['wiping a server that runs', { path: '/servers/1/wipe' }, 409, 'stop it before its data is wiped'],
    [
      'a disk that is not there',
      { path: '/disks/1/slow?ms=5' },
      501,
      'server.1: this server keeps its data in memory',
    ],
    ['a disk of nobody', { path: '/disks/2/full' }, 404, 'there is no server 2'],
    ['a clock without its time', { path: '/clocks/1/skew' }, 400, 'a number is needed: ?ms=N'],
    ['a clock that is centuries off', { path: '/clocks/1/skew?ms=999999999999' }, 400, 'wrong by at most'],
    ['a lever that a clock has not', { path: '/clocks/1/full' }, 404, 'there is nothing at'],
    ['a newcomer without a role', { path: '/servers/add' }, 400, 'a role is needed'],
    ['a newcomer to one server alone', { path: '/servers/add?role=observer' }, 501, 'cannot be reconfigured'],
    ['removing the only server', { path: '/servers/1/remove' }, 501, 'cannot be reconfigured'],
    ['a path that is not there', { path: '/servers/1/explode' }, 404, 'there is nothing at'],
    ['a path that goes on', { path: '/servers/1/kill/2' }, 404, 'there is nothing at'],
    ['a lever that is only looked at', { method: 'GET', path: '/servers/1/kill' }, 405, 'takes POST'],
    ['a list that is written to', { path: '/servers' }, 405, 'takes GET'],
    [
      'another host name, as after DNS rebinding',
      { path: '/servers/1/kill', headers: { host: 'evil.example' } },
      403,
      'only programs on this machine may ask',
    ],
    [
      "another site's page",
      { path: '/servers/1/kill', headers: { origin: 'https://evil.example' } },
      403,
      'only programs on this machine may ask',
    ],
  ])('refuses %s', async (_title, question, status, sentence) => {
    const answer = await ask(question);
    expect(answer).toEqual({ status, body: { error: expect.stringContaining(sentence) } });
    expect((await ensemble.statusOf(1)).state).toBe('standalone');
  });

  test('a port in use is said in words', async () => {
    await expect(openFaultApi(ensemble, api.port)).rejects.toThrow(
      `the fault API cannot listen on 127.0.0.1:${api.port}`,
    );
  });
});

describe('ensemble', () => {
  test('a server that somebody else kills is told once, and can be started again', async () => {
    const failures: string[] = [];
    const other = await startEnsemble({ onFailure: (message) => failures.push(message) });
    const { pid } = await other.statusOf(1);
    process.kill(pid!, 'SIGKILL');
    await expect.poll(() => failures, { timeout: 5000 }).toEqual(['server.1 was killed by somebody']);
    expect(await other.statusOf(1)).toMatchObject({ state: 'stopped', failure: failures[0] });
    await other.startServer(1);
    expect(await other.statusOf(1)).toMatchObject({ state: 'standalone', failure: null });
    await other.close();
    expect(failures).toHaveLength(1);
  });

  test('is over once it is closed', async () => {
    const other = await startEnsemble();
    await Promise.all([other.close(), other.close()]);
    await expect(other.startServer(1)).rejects.toThrow('the ensemble has been closed');
    expect((await other.statusOf(1)).state).toBe('stopped');
  });

  test('a client port in use is said before anything starts', async () => {
    const { clientPort } = ensemble.servers[0]!;
    await expect(startEnsemble({ clientPort })).rejects.toThrow(`127.0.0.1:${clientPort} is in use`);
  });

  test('groups of a partition name servers that there are, each once', () => {
    expect(() => ensemble.partition([[1], [1]])).toThrow('server 1 is in two groups');
    expect(() => ensemble.partition([[7]])).toThrow('there is no server 7');
  });
});
