/** The browser host as somebody else on the machine, or a page of another site, finds it. */
import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type TestShell, clientOver, startTestShell } from './support/shell.ts';

let shell: TestShell;
beforeAll(async () => {
  shell = await startTestShell();
});
afterAll(() => shell.stop());

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Sends exactly this; fetch would tidy the path and the Host up. */
function ask(path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port, cookie } = shell;
    const request = http.request({ host: '127.0.0.1', port, path, method, headers: { cookie, ...headers } });
    request.on('error', reject);
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.end();
  });
}

/** The status of a WebSocket's handshake; 101 when it opens. */
function handshake(
  path: string,
  { cookie = shell.cookie, origin = shell.origin, host = '' } = {},
): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${shell.port}${path}`, {
      headers: { cookie, ...(host === '' ? {} : { host }) },
      ...(origin === '' ? {} : { origin }),
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
}

describe('the page', () => {
  test('comes with its policy, its nonce and no cache', async () => {
    const { status, headers, body } = await ask('/');
    const nonce = /content="([^"]+)"/.exec(body)?.[1] ?? '';
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${shell.port};`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  });

  test('the key of the address becomes a cookie and leaves the address', async () => {
    const { pathname, search } = new URL(shell.shell.host.printedUrl);
    const { status, headers } = await ask(pathname + search, { cookie: '' });
    expect([status, headers.location]).toEqual([303, '/']);
    expect(headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict$/);
  });

  test('an address for a command line opens once', async () => {
    const { search } = new URL(shell.shell.host.newTicketUrl());
    expect((await ask(`/${search}`, { cookie: '' })).status).toBe(303);
    expect((await ask(`/${search}`, { cookie: '' })).status).toBe(401);
  });
});

describe('refused', () => {
  test('without the cookie, or with a wrong key', async () => {
    expect((await ask('/', { cookie: '' })).status).toBe(401);
    expect((await ask('/?key=guess', { cookie: '' })).status).toBe(401);
    expect((await ask('/', { cookie: `zabra-${shell.port}=guess` })).status).toBe(401);
  });

  test('a foreign Host, even with the cookie or the key: a name rebound to loopback', async () => {
    const { search } = new URL(shell.shell.host.printedUrl);
    for (const host of ['evil.example', `evil.example:${shell.port}`, `localhost:${shell.port}`]) {
      expect((await ask('/', { host })).status).toBe(403);
      expect(await ask(`/${search}`, { host, cookie: '' })).not.toHaveProperty('headers.set-cookie');
    }
  });

  test('a foreign Origin', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect((await ask('/', { origin })).status).toBe(403);
    }
  });

  test('another method than GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'OPTIONS']) expect((await ask('/', {}, method)).status).toBe(400);
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  test('a path out of the folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '//secret.txt',
      '/data/zabra.db',
    ]) {
      const { status, body } = await ask(path);
      expect([path, status, body.includes('outside')]).toEqual([path, 404, false]);
    }
  });

  test('a WebSocket of another site, of no site, without the cookie, to another path', async () => {
    expect(await handshake('/api')).toBe(101);
    expect(await handshake('/api', { origin: 'https://evil.example' })).toBe(403);
    expect(await handshake('/api', { origin: '' })).toBe(403);
    expect(await handshake('/api', { cookie: '' })).toBe(403);
    expect(await handshake('/api', { host: `evil.example:${shell.port}` })).toBe(403);
    expect(await handshake('/other')).toBe(403);
  });

  test('it listens on loopback only', async () => {
    const addresses = Object.values((await import('node:os')).networkInterfaces())
      .flat()
      .filter((address) => address?.internal === false && address.family === 'IPv4');
    for (const address of addresses) {
      const code = await new Promise<string>((resolve) => {
        const socket = net.connect({ host: address!.address, port: shell.port });
        socket.once('connect', () => resolve('connected'));
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        socket.once('close', () => socket.destroy());
      });
      expect(code).toBe('ECONNREFUSED');
    }
  });
});

test('a message that is no call costs nobody else anything', async () => {
  const options = { headers: { cookie: shell.cookie }, origin: shell.origin };
  const socket = new WebSocket(`ws://127.0.0.1:${shell.port}/api`, options);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"nonsense":');
  socket.send(new Uint8Array([0, 1, 2]));
  const api = clientOver(new WebSocket(`ws://127.0.0.1:${shell.port}/api`, options));
  expect((await api.app.info()).shell).toBe('browser');
  socket.terminate();
});
