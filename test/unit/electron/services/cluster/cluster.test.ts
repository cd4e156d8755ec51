/** Which servers an ensemble has, what they hide, how often they are asked. */
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { oneRowPerServer } from '../../../../../electron/services/cluster/cluster-service.ts';
import { hiddenBy } from '../../../../../electron/services/cluster/hidden.ts';
import {
  mergeServers,
  parseEnsembleConfig,
} from '../../../../../electron/services/cluster/server-addresses.ts';
import { ServerQuestions } from '../../../../../electron/services/cluster/server-questions.ts';
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
  expect(hiddenBy({ status: 'tooLong' }, asked)?.reason).toBe('too-long');
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
