/** Which servers an ensemble has, what they hide, how often they are asked, and how their answers join. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { oneRowPerServer } from '../../../../../electron/services/cluster/cluster-service.ts';
import { parseCons } from '../../../../../electron/services/cluster/four-letter-words/cons.ts';
import { parseDump } from '../../../../../electron/services/cluster/four-letter-words/dump.ts';
import { hiddenBy } from '../../../../../electron/services/cluster/hidden.ts';
import {
  mergeServers,
  parseEnsembleConfig,
} from '../../../../../electron/services/cluster/server-addresses.ts';
import { ServerQuestions } from '../../../../../electron/services/cluster/server-questions.ts';
import { joinSessions } from '../../../../../electron/services/sessions/join-sessions.ts';
import type { ServerDto } from '../../../../../shared/api/cluster.ts';
import { ConnectionError } from '../../../../../shared/errors.ts';

describe('servers of an ensemble', () => {
  test('client addresses are taken from the configuration, where it tells them', () => {
    const config = [
      'server.1=10.0.0.1:2888:3888:participant',
      'server.2=zk-2:2888:3888:participant;zk-2c:2281',
      'server.3=10.0.0.3:2888:3888:observer;0.0.0.0:2181',
      'server.4=10.0.0.4:2888:3888|10.1.0.4:2888:3888:participant;2182',
      'server.5=[::1]:2888:3888:participant;[::1]:2183',
      'version=100000000',
    ].join('\n');
    expect(parseEnsembleConfig(config)).toEqual([
      { sid: 2, client: { host: 'zk-2c', port: 2281 } },
      { sid: 3, client: { host: '10.0.0.3', port: 2181 } },
      { sid: 4, client: { host: '10.0.0.4', port: 2182 } },
      { sid: 5, client: { host: '::1', port: 2183 } },
    ]);
    expect(parseEnsembleConfig('')).toEqual([]);
  });

  test('those of the connect string come first, each address once', () => {
    const a = { host: 'a', port: 1 };
    const b = { host: 'b', port: 2 };
    expect(
      mergeServers(
        [b, a],
        [
          { sid: 1, client: { host: 'a', port: 1 } },
          { sid: 2, client: { host: 'c', port: 3 } },
        ],
      ),
    ).toEqual([b, a, { host: 'c', port: 3 }]);
  });

  test('one server under two names is one row; servers without an id are kept', () => {
    const row = (server: string, sid: number | null): ServerDto => ({ server, sid }) as ServerDto;
    const rows = [row('zk-1:2181', 1), row('10.0.0.1:2181', 1), row('x:1', null), row('y:1', null)];
    expect(oneRowPerServer(rows).map(({ server }) => server)).toEqual(['zk-1:2181', 'x:1', 'y:1']);
  });
});

test('hidden: the whitelist line keeps what is allowed already', () => {
  const asked = { server: 's:1', word: 'cons', allowedWords: ['mntr', 'srvr'] };
  expect(hiddenBy({ status: 'notWhitelisted' }, asked)).toEqual({
    server: 's:1',
    word: 'cons',
    reason: 'whitelist',
    configLine: '4lw.commands.whitelist=mntr, srvr, cons',
  });
  expect(
    hiddenBy({ status: 'failed', error: new ConnectionError('CONNECTION_REFUSED', '') }, asked)?.reason,
  ).toBe('unreachable');
  expect(hiddenBy({ status: 'notServing' }, asked)?.reason).toBe('not-serving');
  expect(hiddenBy({ status: 'notUnderstood' }, asked)?.reason).toBe('not-understood');
  expect(hiddenBy({ status: 'ok', value: 1, tookMs: 1, atMs: 1 }, asked)).toBeUndefined();
});

describe('questions to servers', () => {
  const servers: net.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function answering(
    answer: (word: string) => string,
  ): Promise<{ host: { host: string; port: number }; asked: string[] }> {
    const asked: string[] = [];
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        asked.push(bytes.toString());
        socket.end(answer(bytes.toString()));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { host: { host: '127.0.0.1', port: (server.address() as net.AddressInfo).port }, asked };
  }

  test('many askers at once are one question, and its answer holds for a while', async () => {
    const { host, asked } = await answering(() => 'Zookeeper version: 3.8.0\nMode: leader\n');
    const questions = new ServerQuestions();
    const answers = await Promise.all([questions.srvr(host), questions.srvr(host), questions.srvr(host)]);
    answers.push(await questions.srvr(host));
    expect(asked).toEqual(['srvr']);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 'ok', value: { role: 'leader', version: '3.8.0' } });
  });

  test('a refusal by the whitelist, a server that does not serve, and another program are told apart', async () => {
    const { host } = await answering((word) => {
      if (word === 'cons') return 'cons is not executed because it is not in the whitelist.\n';
      return word === 'dump'
        ? 'This ZooKeeper instance is not currently serving requests\n'
        : 'HTTP/1.1 400 Bad Request\r\n';
    });
    const questions = new ServerQuestions();
    expect((await questions.cons(host)).status).toBe('notWhitelisted');
    expect((await questions.dump(host)).status).toBe('notServing');
    expect((await questions.srvr(host)).status).toBe('notUnderstood');
  });

  test('a server that is not there is an answer, too', async () => {
    const { host } = await answering(() => '');
    servers.splice(0).forEach((server) => server.close());
    expect(await new ServerQuestions().srvr(host)).toMatchObject({
      status: 'failed',
      error: { code: 'CONNECTION_REFUSED' },
    });
  });

  test('words that were answered are known to be allowed', async () => {
    const { host } = await answering(() => 'zk_a\t1\n');
    const questions = new ServerQuestions();
    await questions.mntr(host);
    expect(questions.allowedWords(host)).toEqual(['mntr', 'srvr']);
  });
});

describe('sessions', () => {
  const read = (name: string): string => readFileSync(path.resolve('test/fixtures/4lw', name), 'utf8');
  const leader = {
    server: 'l:1',
    role: 'leader',
    cons: parseCons(read('cons-leader.txt')),
    dump: parseDump(read('dump-leader.txt')),
  } as const;
  const follower = {
    server: 'f:1',
    role: 'follower',
    cons: parseCons(read('cons-follower.txt')),
    dump: parseDump(read('dump-follower.txt')),
  } as const;
  const own = { ownSessionId: '0x100001a2b380000', chroot: '' };

  test('connections, ends and ephemerals of several servers make one list', () => {
    const sessions = joinSessions([follower, leader], own);
    expect(sessions.map(({ sessionId, server, isOwn }) => ({ sessionId, server, isOwn }))).toEqual([
      { sessionId: '0x100001a2b380000', server: 'f:1', isOwn: true },
      { sessionId: '0x300001a2b480000', server: 'l:1', isOwn: false },
    ]);
    expect(sessions[0]).toMatchObject({
      expiresAtMs: Date.UTC(2026, 10, 21, 7, 58, 0),
      ephemerals: ['/follower-eph', '/follower-eph2'],
      timeoutMs: 30_000,
      serverRole: 'follower',
    });
  });

  test('without the leader nobody knows when sessions end; a session elsewhere has no address', () => {
    const sessions = joinSessions([follower], own);
    expect(sessions.map(({ expiresAtMs }) => expiresAtMs)).toEqual([null, null]);
    expect(sessions.find(({ sessionId }) => sessionId === '0x300001a2b480000')).toMatchObject({
      server: null,
      address: null,
      timeoutMs: 30_000,
      ephemerals: ['/leader-eph', '/leader-eph2'],
    });
  });

  test('hidden is not none', () => {
    expect(joinSessions([{ ...leader, dump: undefined }], own)[0]).toMatchObject({
      ephemerals: null,
      expiresAtMs: null,
    });
    expect(joinSessions([{ ...leader, cons: undefined }], own)[0]).toMatchObject({
      address: null,
      server: null,
    });
    expect(joinSessions([{ ...leader, dump: undefined, cons: undefined }], own)).toEqual([]);
  });

  test('ephemerals have the names that a connection with a chroot gives them', () => {
    const dump = parseDump('ephemeral nodes dump:\n0x5:\n\t/app/lock\n\t/other\n')!;
    const session = { ...leader, cons: parseCons(' /h:1[1](queued=0,recved=1,sent=1,sid=0x5)\n'), dump };
    expect(joinSessions([session], { ownSessionId: undefined, chroot: '/app' })[0]?.ephemerals).toEqual([
      '/lock',
    ]);
  });
});
