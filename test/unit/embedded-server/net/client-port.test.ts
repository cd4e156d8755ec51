/** The client port with real sockets: limits, four-letter words in pieces, frames too large, back-pressure. */
import { type Socket, connect } from 'node:net';
import { once } from 'node:events';

import { afterEach, describe, expect, test } from 'vitest';

import type { ServerEvent } from '../../../../embedded-server/core/effects.ts';
import { ClientPort, type ClientPortOptions } from '../../../../embedded-server/net/client-port.ts';

const opened: ClientPort[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const port of opened.splice(0)) await port.close();
});

interface Fixture {
  readonly port: ClientPort;
  readonly number: number;
  readonly events: ServerEvent[];
  readonly logLines: string[];
  /** Resolves with the next event of a kind, one that came already included. */
  readonly next: (kind: ServerEvent['kind']) => Promise<ServerEvent>;
}

async function listen(options: Partial<ClientPortOptions> = {}): Promise<Fixture> {
  const events: ServerEvent[] = [];
  const logLines: string[] = [];
  const waiting = new Set<() => void>();
  const port = new ClientPort({
    host: '127.0.0.1',
    port: 0,
    backlog: -1,
    frameBytesMax: 1000,
    connectionsPerAddressMax: 0,
    connectionsMax: 0,
    onEvent(event) {
      events.push(event);
      for (const wake of waiting) wake();
    },
    argumentBytesOf: (word) => (word === 'stmk' ? 8 : 0),
    onWord: (_, word, argument) =>
      word === 'stmk' ? [...argument].join(' ') : word === 'ruok' ? 'imok' : undefined,
    onLog: (message) => logLines.push(message),
    ...options,
  });
  opened.push(port);
  const number = await port.listen();
  async function next(kind: ServerEvent['kind']): Promise<ServerEvent> {
    for (;;) {
      const at = events.findIndex((event) => event.kind === kind);
      if (at !== -1) return events.splice(at, 1)[0] as ServerEvent;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      });
    }
  }
  return { port, number, events, logLines, next };
}

async function dial(number: number): Promise<Socket> {
  const socket = connect(number, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the other side closes. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'close');
  return text;
}

function frame(bytes: number): Buffer {
  const buffer = Buffer.alloc(4 + bytes);
  buffer.writeInt32BE(bytes);
  return buffer;
}

describe('client port', () => {
  test('moved, it is open there and closed where it was, and who is connected stays', async () => {
    const { port, number, next } = await listen();
    const early = await dial(number);
    await next('connectionOpened');
    const moved = await port.listen({ host: '127.0.0.1', port: 0 });
    expect(moved).not.toBe(number);
    await expect(dial(number)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const late = await dial(moved);
    for (const socket of [early, late]) {
      socket.write('ruok');
      expect(await readAll(socket)).toBe('imok');
    }
  });

  test('where another listens it cannot go, and stays where it was', async () => {
    const [one, other] = [await listen(), await listen()];
    await expect(one.port.listen({ host: '127.0.0.1', port: other.number })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    const socket = await dial(one.number);
    socket.write('ruok');
    expect(await readAll(socket)).toBe('imok');
  });

  test('a four-letter word is answered and the connection closed, byte by byte too', async () => {
    const { number } = await listen();
    const socket = await dial(number);
    socket.setNoDelay(true);
    for (const letter of 'ruo') await new Promise((resolve) => socket.write(letter, resolve));
    socket.write('k\n');
    expect(await readAll(socket)).toBe('imok');
  });

  test('a word that takes an argument waits for all of it', async () => {
    const { number } = await listen();
    const socket = await dial(number);
    for (const byte of [...Buffer.from('stmk'), 0, 0, 0, 0, 0, 0, 1, 2]) socket.write(Buffer.from([byte]));
    expect(await readAll(socket)).toBe('0 0 0 0 0 0 1 2');
  });

  test('frames that come together are handed on together, and what a word is not is a frame', async () => {
    const { number, next } = await listen();
    const socket = await dial(number);
    socket.write(Buffer.concat([frame(1), frame(0), frame(3)]));
    const event = await next('framesArrived');
    expect(event.kind === 'framesArrived' && event.frames.map(({ length }) => length)).toEqual([1, 0, 3]);
  });

  test('a frame above the limit closes its connection and no other', async () => {
    const { number, next, logLines } = await listen();
    const bad = await dial(number);
    const good = await dial(number);
    bad.write(frame(1001));
    await once(bad, 'close');
    await next('connectionClosed');
    expect(logLines.join()).toContain('frame of 1001 bytes, the limit is 1000');
    good.write(frame(1000));
    await next('framesArrived');
  });

  test('connections above the limit of their address are closed at once, and the count goes down again', async () => {
    const { number, port, next } = await listen({ connectionsPerAddressMax: 1 });
    const first = await dial(number);
    await next('connectionOpened');
    await readAll(await dial(number));
    expect(port.rejected).toBe(1);
    first.destroy();
    await next('connectionClosed');
    await dial(number);
    await next('connectionOpened');
  });

  test('connections above the total limit are closed at once', async () => {
    const { number, port, next } = await listen({ connectionsMax: 1 });
    await dial(number);
    await next('connectionOpened');
    await readAll(await dial(number));
    expect(port.rejected).toBe(1);
  });

  test('a port in use is told by its code', async () => {
    const { number } = await listen();
    await expect(listen({ port: number })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    opened.pop();
  });

  test('what was sent is out before the connection is closed', async () => {
    const { number, port, next } = await listen();
    const socket = await dial(number);
    const event = await next('connectionOpened');
    const connectionId = event.kind === 'connectionOpened' ? event.connectionId : 0;
    const text = readAll(socket);
    port.send(connectionId, Buffer.alloc(30_000_000, 'x'));
    port.closeConnection(connectionId);
    expect((await text).length).toBe(30_000_000);
  });

  test('who does not take its answers is not read from until it does', async () => {
    const { number, port, events, next } = await listen();
    const socket = await dial(number);
    const event = await next('connectionOpened');
    const connectionId = event.kind === 'connectionOpened' ? event.connectionId : 0;
    socket.pause();
    port.send(connectionId, Buffer.alloc(16_000_000));
    await new Promise((resolve) => socket.write(frame(5), resolve));
    const other = await dial(number);
    other.write(frame(7));
    const first = await next('framesArrived');
    expect(first.kind === 'framesArrived' && first.connectionId).not.toBe(connectionId);
    expect(events.some(({ kind }) => kind === 'framesArrived')).toBe(false);
    socket.resume();
    expect(await next('framesArrived')).toMatchObject({ connectionId });
  });

  test('reading that the core paused goes on where it stopped', async () => {
    const { number, port, events, next } = await listen();
    const socket = await dial(number);
    const event = await next('connectionOpened');
    const connectionId = event.kind === 'connectionOpened' ? event.connectionId : 0;
    port.pause(connectionId);
    await new Promise((resolve) => socket.write(frame(5), resolve));
    const other = await dial(number);
    other.write(frame(7));
    expect(await next('framesArrived')).not.toMatchObject({ connectionId });
    expect(events.some(({ kind }) => kind === 'framesArrived')).toBe(false);
    port.resume(connectionId);
    expect(await next('framesArrived')).toMatchObject({ connectionId });
  });
});
