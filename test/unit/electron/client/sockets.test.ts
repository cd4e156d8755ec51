/** The client's two users of real sockets, the TCP transport and four-letter words, against servers on loopback. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../../../electron/client/client.ts';
import type { HostPort } from '../../../../electron/client/connect-string.ts';
import { isReadWriteServer, sendFourLetterWord } from '../../../../electron/client/four-letter-word.ts';
import { describeSocketError } from '../../../../electron/client/tcp-transport.ts';
import { findFreePort } from '../../../support/ports.ts';

let servers: net.Server[] = [];
let sockets: net.Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  servers = [];
  sockets = [];
});

async function listen(server: net.Server): Promise<HostPort> {
  const port = await findFreePort();
  servers.push(server);
  server.on('connection', (socket: net.Socket) => sockets.push(socket));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port };
}

/** A server that answers whatever comes first with `text` and closes. */
function answering(text: string): Promise<HostPort> {
  return listen(
    net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text));
    }),
  );
}

function connectTo({ host, port }: HostPort): Promise<void> {
  return new ZooKeeperClient({ connectString: `${host}:${port}`, connectTimeoutMs: 300 }).connect();
}

describe('what a person hears when a server cannot be used', () => {
  test('nothing listens: CONNECTION_REFUSED', async () => {
    const host = { host: '127.0.0.1', port: await findFreePort() };
    await expect(connectTo(host)).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
      context: { server: `127.0.0.1:${host.port}` },
    });
  });

  test('an unknown name: HOST_NOT_FOUND', async () => {
    await expect(connectTo({ host: 'nowhere.invalid', port: 2181 })).rejects.toMatchObject({
      code: 'HOST_NOT_FOUND',
    });
  });

  test('a web server: NOT_ZOOKEEPER', async () => {
    const host = await listen(http.createServer((_request, response) => response.end('hello')));
    await expect(connectTo(host)).rejects.toMatchObject({ code: 'NOT_ZOOKEEPER' });
  });

  test('one that greets by itself: NOT_ZOOKEEPER', async () => {
    const host = await listen(net.createServer((socket) => socket.write('220 mail.example.org ESMTP\r\n')));
    await expect(connectTo(host)).rejects.toMatchObject({ code: 'NOT_ZOOKEEPER' });
  });

  test('one that closes at once: CONNECTION_CLOSED', async () => {
    const host = await listen(net.createServer((socket) => socket.destroy()));
    await expect(connectTo(host)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  });

  test('one that stays silent: CONNECTION_TIMEOUT', async () => {
    const host = await listen(net.createServer());
    await expect(connectTo(host)).rejects.toMatchObject({ code: 'CONNECTION_TIMEOUT' });
  });

  test.each([
    ['ECONNREFUSED', 'CONNECTION_REFUSED'],
    ['ENOTFOUND', 'HOST_NOT_FOUND'],
    ['EAI_AGAIN', 'HOST_NOT_FOUND'],
    ['ETIMEDOUT', 'CONNECTION_TIMEOUT'],
    ['EHOSTUNREACH', 'NETWORK_UNREACHABLE'],
    ['ENETUNREACH', 'NETWORK_UNREACHABLE'],
    ['ECONNRESET', 'CONNECTION_CLOSED'],
    ['EWHATEVER', 'CONNECTION_CLOSED'],
  ])('%s is %s', (errno, code) => {
    const failure = Object.assign(new Error('failed'), { code: errno });
    expect(describeSocketError(failure, 'h:1')).toMatchObject({
      code,
      cause: failure,
      context: { server: 'h:1' },
    });
    expect(describeSocketError(new AggregateError([failure]), 'h:1').code).toBe(code);
  });
});

describe('four-letter words', () => {
  test('the text up to the end of the connection', async () => {
    expect(await sendFourLetterWord(await answering('imok'), 'ruok')).toEqual({ status: 'ok', text: 'imok' });
  });

  test('not on the whitelist', async () => {
    const host = await answering('mntr is not executed because it is not in the whitelist.\n');
    expect(await sendFourLetterWord(host, 'mntr')).toEqual({ status: 'notWhitelisted' });
  });

  test('not serving', async () => {
    const host = await answering('This ZooKeeper instance is not currently serving requests\n');
    expect(await sendFourLetterWord(host, 'stat')).toEqual({ status: 'notServing' });
  });

  test('no answer at all', async () => {
    await expect(sendFourLetterWord(await answering(''), 'srvr')).rejects.toMatchObject({
      code: 'NOT_ZOOKEEPER',
    });
  });

  test('silence is bounded', async () => {
    const host = await listen(net.createServer());
    await expect(sendFourLetterWord(host, 'srvr', { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'CONNECTION_TIMEOUT',
    });
  });

  test('size is bounded', async () => {
    const host = await answering('x'.repeat(100_000));
    expect(await sendFourLetterWord(host, 'wchp', { textBytesMax: 1_000 })).toEqual({ status: 'tooLong' });
  });

  test('nothing listens', async () => {
    const host = { host: '127.0.0.1', port: await findFreePort() };
    await expect(sendFourLetterWord(host, 'ruok')).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' });
    expect(await isReadWriteServer(host)).toBe(false);
  });

  test('aborted', async () => {
    const host = await listen(net.createServer());
    const abort = new AbortController();
    const asking = sendFourLetterWord(host, 'ruok', { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
    await expect(sendFourLetterWord(host, 'ruok', { signal: abort.signal })).rejects.toThrow('enough');
  });

  test.each([
    ['rw', true],
    ['rw\n', true],
    ['ro', false],
    ['null', false],
  ])('isro answered with %j', async (text, expected) => {
    expect(await isReadWriteServer(await answering(text))).toBe(expected);
  });
});
