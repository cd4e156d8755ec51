/** Limits and malformed input: frames, op codes, bodies, connections; four-letter words (PROTOCOL.md 2.4, 2.19, 3.1, 7.13). */
import { expect, test } from 'vitest';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import { JUTE_MAXBUFFER_DEFAULT } from '../../shared/jute/frame-decoder.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import type { RawClient } from '../support/raw-client.ts';
import { waitFor } from '../support/wait.ts';
import { BENCH_CONFIG, type TargetName, bytes, conformance, expectCode } from './bench.ts';

/** A setData frame for `/n` is this much longer than its data: header, path, data's length, version. */
const SET_DATA_OVERHEAD_BYTES = 8 + 4 + 2 + 4 + 4;

const MODES: Readonly<Record<TargetName, RegExp>> = {
  apache: /\nMode: standalone\n/,
  builtin: /\nMode: standalone\n/,
  'builtin-3': /\nMode: (follower|leader)\n/,
  'builtin-3+2': /\nMode: observer\n/,
  'builtin-3-leader-killed': /\nMode: (follower|leader)\n/,
};

conformance('limits', BENCH_CONFIG, (bench) => {
  test('frames: one of jute.maxbuffer bytes is taken, one more closes the connection', async () => {
    const client = await bench.connect({ requestBytesMax: 2 * JUTE_MAXBUFFER_DEFAULT });
    const path = await bench.freshNode(client);
    const data = new Uint8Array(JUTE_MAXBUFFER_DEFAULT - SET_DATA_OVERHEAD_BYTES - (path.length - 2));
    expect((await client.setData(path, data)).dataLength).toBe(data.length);
    await expectCode(client.setData(path, new Uint8Array(data.length + 1)), 'CONNECTIONLOSS');
  });

  test('frames: the client refuses what a server would not take, by name', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const error = await expectCode(
      client.setData(path, new Uint8Array(JUTE_MAXBUFFER_DEFAULT)),
      'FRAME_TOO_LARGE',
    );
    expect(error.message).toContain(path);
    expect(client.facts.state).toBe('connected');
  });

  test('frames: a list of children beyond 1 MiB arrives', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const names = Array.from({ length: 6_000 }, (_, at) => `${'n'.repeat(200)}${at}`);
    for (let at = 0; at < names.length; at += 1000) {
      const part = names.slice(at, at + 1000);
      await client.multi(part.map((name) => ({ op: 'create' as const, path: `${base}/${name}` })));
    }
    const { children } = await client.getChildren(base);
    expect(children.length).toBe(6_000);
    expect(new Set(children)).toEqual(new Set(names));
  });

  test('frames: a client with a smaller limit loses the connection over such a list, and says why', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const parts = Array.from({ length: 500 }, (_, at) => ({
      op: 'create' as const,
      path: `${base}/${'n'.repeat(200)}${at}`,
    }));
    await client.multi(parts);
    const small = await bench.connect({ frameBytesMax: 50_000 });
    const error = await expectCode(small.getChildren(base), 'CONNECTIONLOSS');
    expect(String(error.cause)).toContain('limit');
  });

  test.each([
    ['a negative length', [0xff, 0xff, 0xff, 0xf0]],
    ['a huge length', [0x7f, 0xff, 0xff, 0xff]],
    ['one byte more than jute.maxbuffer', [0x00, 0x10, 0x00, 0x00]],
  ])('frames: %s closes the connection', async (_what, length) => {
    const fresh = await bench.rawOpen();
    fresh.sendBytes(Uint8Array.from(length));
    await fresh.expectClosed();
    const connected = await bench.rawConnect();
    connected.sendBytes(Uint8Array.from(length));
    await connected.expectClosed();
  });

  test('frames: in pieces of one byte', async () => {
    const raw = await bench.rawConnect();
    const frame = [0, 0, 0, 14, 0, 0, 0, 7, 0, 0, 0, OpCode.exists, 0, 0, 0, 1, 0x2f, 0];
    for (const byte of frame) raw.sendBytes(Uint8Array.of(byte));
    expect(await raw.nextReply()).toMatchObject({ xid: 7, err: 0 });
  });

  test.each([10, 55, -7, 99_999])('op codes: %i is UNIMPLEMENTED and closes the connection', async (type) => {
    const raw = await bench.rawConnect();
    raw.send({ xid: 1, type });
    expect(await raw.nextReply()).toMatchObject({ xid: 1, err: -6 });
    await raw.expectClosed();
  });

  test.each([
    ['exists without a body', OpCode.exists, []],
    ['getData with a path beyond its frame', OpCode.getData, [0, 0, 0, 99, 0x2f]],
    ['setData cut off', OpCode.setData, [0, 0, 0, 1, 0x2f, 0, 0]],
    ['create with a negative length', OpCode.create, [0xff, 0xff, 0xff, 0xf0]],
    ['delete without a version', OpCode.delete, [0, 0, 0, 2, 0x2f, 0x61]],
    ['multi cut off', OpCode.multi, [0, 0, 0, 1, 0]],
  ])('malformed: %s is MARSHALLINGERROR, the connection stays', async (_what, type, body) => {
    const raw = await bench.rawConnect();
    raw.send({ xid: 1, type }, (writer) => {
      writer.writeRaw(Uint8Array.from(body));
    });
    expect(await raw.nextReply()).toMatchObject({ xid: 1, err: -5 });
    expect(await raw.request(2, exists, { path: '/', watch: false })).toMatchObject({ xid: 2, err: 0 });
  });

  test('malformed: a handshake cut off closes the connection', async () => {
    const raw = await bench.rawOpen();
    raw.sendFrame((writer) => {
      writer.writeInt(0);
      writer.writeLong(0n);
    });
    await raw.expectClosed();
  });

  test('malformed: a request too short for its header closes the connection', async () => {
    const raw = await bench.rawConnect();
    raw.sendFrame((writer) => {
      writer.writeInt(1);
    });
    await raw.expectClosed();
  });

  test('malformed: one bad connection does not disturb another', async () => {
    const client = await bench.connect();
    const bad = await bench.rawConnect();
    bad.sendBytes(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    await bad.expectClosed();
    expect(await client.exists('/')).not.toBeNull();
    expect(client.facts.state).toBe('connected');
  });

  test('four-letter words: are answered, then the connection is closed', async () => {
    expect(await sendFourLetterWord(bench.server, 'ruok')).toEqual({ status: 'ok', text: 'imok' });
    expect(await sendFourLetterWord(bench.server, 'isro')).toEqual({ status: 'ok', text: 'rw' });
  });

  test('four-letter words: srvr tells the mode and the zxid', async () => {
    const client = await bench.connect();
    await bench.freshNode(client);
    const answer = await sendFourLetterWord(bench.server, 'srvr');
    if (answer.status !== 'ok') throw new Error(`srvr: ${answer.status}`);
    expect(answer.text).toMatch(/^Zookeeper version: /);
    expect(answer.text).toMatch(MODES[bench.target]);
    expect(answer.text).toContain(`\nZxid: 0x${client.facts.lastZxidSeen.toString(16)}\n`);
  });

  test('four-letter words: wchs counts watches', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.getData(path, { watch: () => undefined });
    await client.exists(`${path}/a`, { watch: () => undefined });
    const answer = await sendFourLetterWord(bench.server, 'wchs');
    expect(answer).toEqual({ status: 'ok', text: '1 connections watching 2 paths\nTotal watches:2\n' });
  });
});

conformance('defaults', { tickTime: '200', maxClientCnxns: '3' }, (bench) => {
  test('four-letter words: only srvr is on the whitelist', async () => {
    expect((await sendFourLetterWord(bench.server, 'srvr')).status).toBe('ok');
    expect(await sendFourLetterWord(bench.server, 'ruok')).toEqual({ status: 'notWhitelisted' });
    expect(await sendFourLetterWord(bench.server, 'mntr')).toEqual({ status: 'notWhitelisted' });
  });

  test('maxSessionTimeout: is twenty ticks', async () => {
    const client = await bench.connect({ sessionTimeoutMs: 60_000 });
    expect(client.facts.negotiatedTimeoutMs).toBe(4_000);
  });

  test('data of a node is the same after many small writes', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await Promise.all(Array.from({ length: 3_000 }, (_, at) => client.setData(path, bytes(String(at)))));
    expect((await client.getData(path)).stat).toMatchObject({ version: 3_000, dataLength: 4 });
  });

  test('maxClientCnxns: one connection more from an address is closed', async () => {
    const connections: RawClient[] = [];
    // A server takes a moment to forget the connections of the cases before.
    await waitFor('three connections are free', async () => {
      connections.push(await bench.rawConnect());
      return connections.length === 3;
    });
    // It may be closed so early that it never was open to our side.
    const extra = await bench.rawOpen().catch(() => undefined);
    await extra?.expectClosed();
    expect(await connections[0]?.request(1, exists, { path: '/', watch: false })).toMatchObject({ err: 0 });
  });
});
