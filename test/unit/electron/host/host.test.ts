/** The pure parts of both hosts: who may talk, which file a path means, the policy, addresses and the window's place. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Access, type RequestFacts } from '../../../../electron/host/access.ts';
import { isAppUrl, isOpenableUrl } from '../../../../electron/host/app-url.ts';
import { contentSecurityPolicy, withNonce } from '../../../../electron/host/content-security-policy.ts';
import { transferOf } from '../../../../electron/host/message-transfer.ts';
import { uidInTable } from '../../../../electron/host/peer-user.ts';
import { RendererFiles, relativeFilePath } from '../../../../electron/host/renderer-files.ts';
import { visibleWindowState } from '../../../../electron/host/window-state.ts';

describe('access', () => {
  const access = new Access(25_000);
  const cookie = access.redeem(new URL(access.printedUrl).searchParams.get('key')!)!.split(';')[0]!;
  const good: RequestFacts = { host: '127.0.0.1:25000', origin: undefined, cookie, isWebSocket: false };

  test.each<[string, Partial<RequestFacts>, string | undefined]>([
    ['the page itself', {}, undefined],
    ['its WebSocket', { isWebSocket: true, origin: 'http://127.0.0.1:25000' }, undefined],
    ['a name that was rebound to loopback', { host: 'evil.example:25000' }, 'host'],
    ['localhost, which another program may serve', { host: 'localhost:25000' }, 'host'],
    ['no host', { host: undefined }, 'host'],
    ['another port', { host: '127.0.0.1:25001' }, 'host'],
    ['another site', { origin: 'https://evil.example' }, 'origin'],
    ['a sandboxed frame', { origin: 'null' }, 'origin'],
    ['another port of this machine', { origin: 'http://127.0.0.1:8080' }, 'origin'],
    ['a WebSocket without an origin', { isWebSocket: true }, 'origin'],
    ['no cookie', { cookie: undefined }, 'secret'],
    ['a guessed cookie', { cookie: `${cookie.slice(0, -1)}!` }, 'secret'],
    ['a cookie of another port', { cookie: cookie.replace('25000', '25001') }, 'secret'],
    ['our cookie among others', { cookie: `a=b; ${cookie}; c=d` }, undefined],
  ])('%s', (_title, change, refusal) => {
    expect(access.refuse({ ...good, ...change })).toBe(refusal);
  });

  test('the printed address can be opened again, one for a command line only once', () => {
    const keyOf = (url: string): string => new URL(url).searchParams.get('key')!;
    const ticket = keyOf(access.newTicketUrl());
    expect(access.redeem(ticket)).toContain('HttpOnly; SameSite=Strict');
    expect(access.redeem(ticket)).toBeUndefined();
    expect(access.redeem(keyOf(access.printedUrl))).toBe(access.redeem(keyOf(access.printedUrl)));
    expect(access.redeem('guess')).toBeUndefined();
  });

  test('the cookie gives away neither the key nor a ticket', () => {
    expect(cookie).not.toContain(new URL(access.printedUrl).searchParams.get('key'));
  });
});

test('peer user: the uid is read from the line of the client side of the connection', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:61A8 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 111 1
   1: 0100007F:C350 0100007F:61A8 01 00000000:00000000 00:00000000 00000000  1001        0 112 1`;
  expect(uidInTable(table, { clientPort: 50_000, serverPort: 25_000 })).toBe(1001);
  expect(uidInTable(table, { clientPort: 50_001, serverPort: 25_000 })).toBeUndefined();
});

describe('files of the page', () => {
  let folder: string;
  let files: RendererFiles;
  beforeAll(() => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'zabra-page-'));
    folder = path.join(root, 'renderer');
    mkdirSync(path.join(folder, 'assets'), { recursive: true });
    writeFileSync(path.join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
    writeFileSync(path.join(folder, 'assets', 'main-abc.js'), 'x');
    writeFileSync(path.join(root, 'secret.txt'), 'secret');
    symlinkSync(path.join(root, 'secret.txt'), path.join(folder, 'link.txt'));
    files = new RendererFiles({ folder, connect: "'self'" });
  });
  afterAll(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  test('a path outside the folder, a hidden file, and what a page has no use for name no file', () => {
    const bad = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..\\secret.txt',
      '/%5c..%5csecret.txt',
      '//secret.txt',
      '/.zabra-stamp',
      '/assets/',
      '/c:/x.txt',
      '/a%00.txt',
      '/%ff',
      '/binary.exe',
      '',
      'index.html',
    ];
    for (const urlPath of bad) expect([urlPath, relativeFilePath(urlPath)]).toEqual([urlPath, undefined]);
    expect(relativeFilePath('/assets/a%20b.js')).toBe('assets/a b.js');
  });

  test('a link out of the folder is not followed', async () => {
    expect((await files.respond('/link.txt')).status).toBe(404);
  });

  test('each page has a nonce of its own, in the policy and in the page, and is not cached', async () => {
    const pages = [await files.respond('/'), await files.respond('/')];
    const nonces = pages.map(({ body }) => /content="([^"]{20,})"/.exec(Buffer.from(body).toString())?.[1]);
    expect(new Set(nonces).size).toBe(2);
    expect(pages[0]!.headers['content-security-policy']).toContain(`'nonce-${nonces[0]!}'`);
    expect(pages[0]!.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('a file with a hash in its name is cached for good', async () => {
    const { headers } = await files.respond('/assets/main-abc.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toContain('immutable');
  });
});

test('policy: no inline or evaluated script, nothing from elsewhere', () => {
  const policy = contentSecurityPolicy({ nonce: 'n', connect: "'self'" });
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/script-src[^;]*unsafe|\*|https:/);
  expect(withNonce('a __CSP_NONCE__ b __CSP_NONCE__', 'n')).toBe('a n b n');
});

test('addresses: the page stays on its own, and only https of known hosts leaves', () => {
  expect(['zabra://app/', 'zabra://app/x?y#z'].every(isAppUrl)).toBe(true);
  for (const url of ['zabra://evil/', 'https://app/', 'file:///etc/passwd', 'zabra:app', ''])
    expect(isAppUrl(url)).toBe(false);
  expect(isOpenableUrl('https://zookeeper.apache.org/doc/')).toBe(true);
  for (const url of [
    'http://github.com/',
    'https://evil.example/',
    'https://u@github.com/',
    'file:///x',
    'javascript:1',
  ]) {
    expect(isOpenableUrl(url)).toBe(false);
  }
});

test('window state: kept while a screen shows its title bar, else the system places it', () => {
  const screen = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const stored = { x: 100, y: 100, width: 800, height: 600, isMaximized: false };
  expect(visibleWindowState(stored, screen)).toEqual(stored);
  expect(visibleWindowState({ ...stored, x: 5000 }, screen)).not.toHaveProperty('x');
  expect(visibleWindowState({ ...stored, y: -200 }, screen)).not.toHaveProperty('y');
  expect(visibleWindowState(undefined, screen)).toEqual({ width: 1440, height: 900, isMaximized: false });
});

test('message port: answers are cloned, streams are not', () => {
  expect(transferOf(['1', 2, { body: { json: 1 } }])).toEqual([]);
  expect(transferOf(['1', 2, { body: (async function* () {})() }])).toBeNull();
  expect(transferOf(['1', 2, undefined])).toEqual([]);
});
