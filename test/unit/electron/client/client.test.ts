import { describe, expect, test, vi } from 'vitest';
import type { ClientOptions } from '../../../../electron/client/client-options.ts';
import { ZooKeeperClient } from '../../../../electron/client/client.ts';
import { ConnectionError } from '../../../../shared/errors.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { OpCode } from '../../../../shared/protocol/op-code.ts';
import { encodeStat } from '../../../../shared/protocol/stat.ts';
import { toSessionId } from '../../../../shared/ids.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import { FakeClock, type FakeConnection, FakeTransport } from './fake-transport.ts';

const STAT = {
  czxid: toZxid(1n),
  mzxid: toZxid(1n),
  ctime: 0n,
  mtime: 0n,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: toSessionId(0n),
  dataLength: 0,
  numChildren: 0,
  pzxid: toZxid(1n),
};

interface Bench {
  client: ZooKeeperClient;
  transport: FakeTransport;
  clock: FakeClock;
}

function makeBench(options: Partial<ClientOptions> = {}): Bench {
  const transport = new FakeTransport();
  const clock = new FakeClock();
  const client = new ZooKeeperClient({
    connectString: 'a:1,b:2',
    sessionTimeoutMs: 3_000,
    transport,
    clock,
    ...options,
  });
  return { client, transport, clock };
}

async function connected(options: Partial<ClientOptions> = {}): Promise<Bench & { server: FakeConnection }> {
  const bench = makeBench(options);
  const connecting = bench.client.connect();
  bench.transport.latest.accept();
  bench.clock.endTurn();
  await connecting;
  return { ...bench, server: bench.transport.latest };
}

function refusal(server: string): ConnectionError {
  return new ConnectionError('CONNECTION_REFUSED', `${server} refused`, { server });
}

describe('connect', () => {
  test('resolves when the session is established', async () => {
    const { client } = await connected();
    expect(client.facts).toMatchObject({ state: 'connected', negotiatedTimeoutMs: 3_000 });
    client.abandon();
  });

  test('rejects when every host was tried once; all reasons are told', async () => {
    const { client, transport, clock } = makeBench();
    const connecting = client.connect();
    transport.latest.listener.onClose(refusal('first'));
    clock.pass(0);
    transport.latest.listener.onClose(refusal('second'));
    await expect(connecting).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
      context: { server: 'second' },
    });
    await expect(connecting).rejects.toThrow(/none of the 2 servers.*first refused; second refused/);
    expect(client.facts.state).toBe('closed');
    expect(clock.timerCount).toBe(0);
  });

  test('keepTrying: goes on', async () => {
    const { client, transport, clock } = makeBench();
    const connecting = client.connect({ keepTrying: true });
    for (let attempt = 0; attempt < 5; attempt++) {
      transport.latest.listener.onClose(refusal('x'));
      clock.pass(1_000);
    }
    transport.latest.accept();
    await connecting;
    client.abandon();
  });

  test('aborted: rejects with the reason and leaves nothing behind', async () => {
    const { client, transport, clock } = makeBench();
    const abort = new AbortController();
    const connecting = client.connect({ signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
    expect(transport.latest.isClosed).toBe(true);
    expect(clock.timerCount).toBe(0);
  });

  test('closed while connecting: rejects with CLIENT_CLOSED', async () => {
    const { client } = makeBench();
    const connecting = client.connect();
    await client.close();
    await expect(connecting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  test('a bad connect string is refused by the constructor', () => {
    expect(() => new ZooKeeperClient({ connectString: 'a:b:c' })).toThrow(ConnectionError);
  });

  test('credentials go out before anything else', async () => {
    const { client, server } = await connected({
      credentials: [{ scheme: 'digest', auth: new Uint8Array(1) }],
    });
    expect(server.requests()).toMatchObject([{ xid: -4, type: OpCode.auth }]);
    client.abandon();
  });
});

describe('calls', () => {
  test('of one turn leave in one write', async () => {
    const { client, server, clock } = await connected();
    const before = server.writes.length;
    const calls = [client.getData('/a'), client.exists('/b'), client.delete('/c')];
    expect(server.writes.length).toBe(before);
    clock.endTurn();
    expect(server.writes.length).toBe(before + 1);
    expect(server.requests().map(({ type }) => type)).toEqual([OpCode.getData, OpCode.exists, OpCode.delete]);
    client.abandon();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('data handed back is a copy', async () => {
    const { client, server, clock } = await connected();
    const reading = client.getData('/a');
    clock.endTurn();
    server.reply({ xid: 1 }, (writer) => {
      getData.encodeResponse(writer, { data: Uint8Array.of(1, 2), stat: STAT });
    });
    const { data } = await reading;
    expect(data).toEqual(Uint8Array.of(1, 2));
    expect(data?.buffer.byteLength, 'nothing of the frame is kept alive').toBe(2);
    client.abandon();
  });

  test('exists: NONODE is null, other errors are errors', async () => {
    const { client, server, clock } = await connected();
    const missing = client.exists('/a');
    const failing = client.exists('/b');
    clock.endTurn();
    server.reply({ xid: 1, err: -101 });
    server.reply({ xid: 2, err: -5 });
    expect(await missing).toBeNull();
    await expect(failing).rejects.toMatchObject({ code: 'MARSHALLINGERROR', context: { path: '/b' } });
    client.abandon();
  });

  test('aborted before: not sent', async () => {
    const { client, server, clock } = await connected();
    const sent = server.writes.length;
    await expect(client.getData('/a', { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    clock.endTurn();
    expect(server.writes.length).toBe(sent);
    client.abandon();
  });

  test('aborted on the way: rejects at once, later replies still match', async () => {
    const { client, server, clock } = await connected();
    const abort = new AbortController();
    const first = client.getData('/a', { signal: abort.signal });
    const second = client.setData('/b', null);
    clock.endTurn();
    abort.abort(new Error('changed my mind'));
    await expect(first).rejects.toThrow('changed my mind');
    server.reply({ xid: 1, err: -101 });
    server.reply({ xid: 2 }, (writer) => {
      encodeStat(writer, STAT);
    });
    expect(await second).toEqual(STAT);
    client.abandon();
  });

  test('a settled call leaves no abort listener behind', async () => {
    const { client, server, clock } = await connected();
    const abort = new AbortController();
    const remove = vi.spyOn(abort.signal, 'removeEventListener');
    const call = client.sync('/a', { signal: abort.signal });
    clock.endTurn();
    server.reply({ xid: 1 }, (writer) => {
      writer.writeString('/a');
    });
    await call;
    expect(remove).toHaveBeenCalledOnce();
    client.abandon();
  });

  test('too large: refused before sending, with path and limit', async () => {
    const { client, server, clock } = await connected({ requestBytesMax: 100 });
    const sent = server.writes.length;
    await expect(client.setData('/a', new Uint8Array(100))).rejects.toMatchObject({
      code: 'FRAME_TOO_LARGE',
      context: { path: '/a' },
    });
    clock.endTurn();
    expect(server.writes.length).toBe(sent);
    client.abandon();
  });

  test('a bad path: refused before sending', async () => {
    const { client } = await connected();
    const calls = [
      client.create('a'),
      client.delete('/a/'),
      client.exists(''),
      client.getData('//'),
      client.getAcl('/.'),
      client.getChildren('/..'),
      client.sync('/a\u0000'),
      client.multi([{ op: 'delete', path: 'x' }]),
      client.addWatch('x', 'persistent', () => undefined),
      client.removeWatches('x'),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'BAD_PATH' });
    client.abandon();
  });
});

describe('watches', () => {
  test('a read under a persistent watch asks the server for none', async () => {
    const { client, server, clock } = await connected();
    void client.addWatch('/a', 'persistent', () => undefined).catch(() => undefined);
    void client.getData('/a', { watch: () => undefined }).catch(() => undefined);
    void client.getData('/b', { watch: () => undefined }).catch(() => undefined);
    clock.endTurn();
    const [, covered, plain] = server.requests();
    expect(getData.decodeRequest(covered?.body ?? expect.fail('sent'))).toEqual({ path: '/a', watch: false });
    expect(getData.decodeRequest(plain?.body ?? expect.fail('sent'))).toEqual({ path: '/b', watch: true });
    client.abandon();
  });

  test('a persistent watch that could not be set is forgotten', async () => {
    const { client, server, clock } = await connected();
    const adding = client.addWatch('/a', 'persistent', () => undefined);
    clock.endTurn();
    server.listener.onClose(refusal('a:1'));
    await expect(adding).rejects.toMatchObject({ code: 'CONNECTIONLOSS' });
    expect(client.facts.watchCount).toBe(0);
    client.abandon();
  });

  test('a listener that throws does not keep others from hearing, and is not swallowed', async () => {
    const { client, server } = await connected();
    const heard: string[] = [];
    const errors: unknown[] = [];
    const microtasks = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
      try {
        task();
      } catch (error) {
        errors.push(error);
      }
    });
    client.onWatchEvent(() => {
      throw new Error('a bug');
    });
    client.onWatchEvent(({ path }) => heard.push(path));
    server.reply({ xid: -1, zxid: -1n }, (writer) => {
      writer.writeInt(3);
      writer.writeInt(3);
      writer.writeString('/a');
    });
    microtasks.mockRestore();
    expect(heard).toEqual(['/a']);
    expect(errors).toMatchObject([{ message: 'a bug' }]);
    client.abandon();
  });

  test('a disposed subscription hears nothing', async () => {
    const { client, server } = await connected();
    const states: string[] = [];
    const subscription = client.onState(({ state }) => states.push(state));
    subscription.dispose();
    server.listener.onClose(refusal('a:1'));
    expect(states).toEqual([]);
    client.abandon();
  });
});

describe('states and time', () => {
  test('a listener may call back: its calls wait until the news is told', async () => {
    const { client, server, clock } = await connected();
    const order: string[] = [];
    client.onState(({ state }) => {
      order.push(`one ${state}`);
      if (state === 'suspended') client.abandon();
    });
    client.onState(({ state }) => order.push(`two ${state}`));
    server.listener.onClose(refusal('a:1'));
    expect(order).toEqual(['one suspended', 'two suspended', 'one closed', 'two closed']);
    expect(clock.timerCount).toBe(0);
  });

  test('pings go out by the clock', async () => {
    const { client, server, clock } = await connected();
    clock.pass(1_000);
    expect(server.requests()).toMatchObject([{ xid: -2, type: OpCode.ping }]);
    client.abandon();
  });

  test('what was to be sent on a lost connection does not go out on the next', async () => {
    const { client, transport, server, clock } = await connected();
    const lost = client.setData('/a', null);
    server.listener.onClose(refusal('a:1'));
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTIONLOSS' });
    clock.pass(0);
    transport.latest.accept();
    clock.endTurn();
    expect(transport.latest).not.toBe(server);
    expect(transport.latest.requests()).toEqual([]);
    client.abandon();
  });

  test('close: resolves with the server’s answer, and leaves neither timer nor connection', async () => {
    const { client, server, clock } = await connected();
    const closing = client.close();
    const again = client.close();
    clock.endTurn();
    server.reply({ xid: 1 });
    await Promise.all([closing, again]);
    expect(server.isClosed).toBe(true);
    expect(clock.timerCount).toBe(0);
    await client.close();
  });
});
