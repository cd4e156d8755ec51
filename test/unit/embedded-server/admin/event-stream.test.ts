/** `GET /events` over a real socket: what comes, where it goes on, when it ends, and who is refused. */
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { AdminServer } from '../../../../embedded-server/admin/admin-server.ts';
import { EventRing } from '../../../../embedded-server/admin/event-ring.ts';
import { ServerEventDto } from '../../../../shared/api/server-events.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import { findFreePort } from '../../../support/ports.ts';
import { waitFor } from '../../../support/wait.ts';

function unused(): never {
  throw new Error('events need no view of the server');
}

const STATES_TOLD = 40_000;

let ring: EventRing;
let port: number;
let server: AdminServer;

beforeEach(async () => {
  ring = new EventRing({ sid: 1, wallMs: () => 5, keptMax: 1000 });
  port = await findFreePort();
  server = new AdminServer({ host: '127.0.0.1', port, commandUrl: '/commands', events: ring, view: unused });
  await server.listen();
});
afterEach(() => server.close());

/** A kilobyte each. */
function tellStates(count: number): void {
  const reason = 'x'.repeat(1000);
  const lastZxid = toZxid(0n);
  for (let told = 0; told < count; told++) {
    ring.tell({
      kind: 'state',
      state: 'LOOKING',
      phase: 'ELECTION',
      leader: null,
      epoch: 0,
      lastZxid,
      reason,
    });
  }
}

function tellCommits(first: number, last: number): void {
  for (let zxid = first; zxid <= last; zxid++) {
    ring.tell({ kind: 'commit', zxid: toZxid(BigInt(zxid)), count: 1 });
  }
}

async function ask(query: string, headers: http.OutgoingHttpHeaders = {}): Promise<http.IncomingMessage> {
  const request = http.get({ host: '127.0.0.1', port, path: `/events${query}`, headers, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return response;
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

function eventsIn(text: string): ServerEventDto[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ServerEventDto.parse(JSON.parse(line)));
}

test('events: with follow=false everything that there is, and the end', async () => {
  tellCommits(1, 300);
  const response = await ask('?after=298&follow=false');
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  expect(eventsIn(await textOf(response))).toEqual([
    { kind: 'commit', seq: 299, sid: 1, atMs: 5, zxid: '0x12b', count: 1 },
    { kind: 'commit', seq: 300, sid: 1, atMs: 5, zxid: '0x12c', count: 1 },
  ]);
});

test('events: the stream stays open for what is still to come', async () => {
  tellCommits(1, 1);
  const response = await ask('');
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await waitFor('the first event is there', () => eventsIn(text).length === 1);
  tellCommits(2, 3);
  await waitFor('the others follow', () => eventsIn(text).length === 3);
  response.destroy();
});

test('events: a reader that does not read is told what it missed, and costs no memory', async () => {
  const socket = net.connect({ host: '127.0.0.1', port });
  socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [head] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  let told = 0;
  // Far more than the buffers of both sockets hold, a turn of the event loop for each batch.
  for (; told < STATES_TOLD; told += 500) {
    tellStates(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  let text = head.toString();
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.resume();
  await waitFor('the newest event has come', () => text.includes(`"seq":${told},`));
  socket.destroy();
  const dropped = [...text.matchAll(/"kind":"dropped","count":(\d+)/g)].map(([, count]) => Number(count));
  const came = [...text.matchAll(/"kind":"state"/g)].length;
  expect(came + dropped.reduce((sum, count) => sum + count, 0)).toBe(told);
  expect(came).toBeLessThan(told / 3);
});

test.each<[what: string, query: string, headers: http.OutgoingHttpHeaders, status: number]>([
  ['a number that is none', '?after=x', {}, 400],
  ['a page of another site', '', { origin: 'http://example.com' }, 403],
  ['an image of another site', '', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a name of its own that leads here', '', { host: 'example.com' }, 403],
])('events: refused is %s', async (_what, query, headers, status) => {
  const response = await ask(query, headers);
  expect(response.statusCode).toBe(status);
  response.resume();
});
