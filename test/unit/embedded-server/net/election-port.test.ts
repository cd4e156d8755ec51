/** Election ports with real sockets: who dials whom, what is sent again, what a peer's nonsense does. */
import { type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';

import { ElectionPort } from '../../../../embedded-server/net/election-port.ts';
import type { HostPort } from '../../../../embedded-server/net/host-port.ts';
import { encodeInitialMessage } from '../../../../embedded-server/quorum-protocol/initial-message.ts';
import type { Notification } from '../../../../embedded-server/quorum-protocol/notification.ts';
import type { Sid } from '../../../../shared/ids.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { ZXID_NONE } from '../../../../shared/zxid.ts';
import { findFreePort } from '../../../support/ports.ts';
import { waitFor } from '../../../support/wait.ts';

class Server {
  readonly port: ElectionPort;
  readonly received: { readonly from: Sid; readonly round: number }[] = [];
  readonly connected: Sid[] = [];
  readonly logLines: string[] = [];

  constructor(
    sid: Sid,
    addresses: ReadonlyMap<Sid, HostPort>,
    { admitsStrangers = false, pinned = [] }: { admitsStrangers?: boolean; pinned?: readonly Sid[] } = {},
  ) {
    this.port = new ElectionPort({
      sid,
      address: addresses.get(sid)!,
      peers: new Map(
        [...addresses]
          .filter(([other]) => other !== sid)
          .map(([other, address]) => [other, { address, isPinned: pinned.includes(other) }]),
      ),
      admitsStrangers,
      onNotification: (from, { logicalClock }) => this.received.push({ from, round: logicalClock }),
      onConnected: (peer) => this.connected.push(peer),
      onLog: (message) => this.logLines.push(message),
    });
  }
}

let servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.map(({ port }) => port.close()));
  servers = [];
});

async function makeTwo(): Promise<{ small: Server; large: Server; addresses: ReadonlyMap<Sid, HostPort> }> {
  const addresses = new Map<Sid, HostPort>();
  for (const sid of [1, 2]) addresses.set(sid, { host: '127.0.0.1', port: await findFreePort() });
  const small = new Server(1, addresses);
  const large = new Server(2, addresses);
  servers = [small, large];
  return { small, large, addresses };
}

function notification(round: number): Notification {
  return {
    peerState: 'LOOKING',
    leader: 1,
    zxid: ZXID_NONE,
    logicalClock: round,
    peerEpoch: 0,
    version: 2,
    config: 'version=0',
  };
}

async function untilReceived(server: Server, from: Sid, round: number): Promise<void> {
  await waitFor(`round ${round} of server ${from} arrives`, () =>
    server.received.some((seen) => seen.from === from && seen.round === round),
  );
}

test.each(['small', 'large'] as const)('the %s one begins: one connection, both ways', async (first) => {
  const { small, large } = await makeTwo();
  await small.port.listen();
  await large.port.listen();
  const [begins, answers] = first === 'small' ? [small, large] : [large, small];
  const [from, to] = first === 'small' ? [1, 2] : [2, 1];
  begins.port.send(to, notification(1));
  await untilReceived(answers, from, 1);
  answers.port.send(from, notification(2));
  await untilReceived(begins, to, 2);
  expect([small.connected, large.connected]).toEqual([[2], [1]]);
});

test('who is not there yet is dialled until it is, and hears the newest only', async () => {
  const { small, large } = await makeTwo();
  await large.port.listen();
  large.port.send(1, notification(1));
  large.port.send(1, notification(2));
  await small.port.listen();
  await untilReceived(small, 2, 2);
  expect(small.received).toEqual([{ from: 2, round: 2 }]);
});

test('what is no message closes its connection, and the peer is reached on another', async () => {
  const { small, large, addresses } = await makeTwo();
  await small.port.listen();
  await large.port.listen();
  large.port.send(1, notification(1));
  await untilReceived(small, 2, 1);
  const nonsense: readonly ((writer: JuteWriter) => void)[] = [
    (writer) => {
      writer.writeLong(-7n);
    },
    (writer) => {
      encodeInitialMessage(writer, { sid: 9, address: '127.0.0.1:1' });
    },
    (writer) => {
      // A frame larger than any notification.
      encodeInitialMessage(writer, { sid: 2, address: 'nowhere' });
      writer.writeInt(512 * 1024 + 1);
    },
  ];
  for (const encode of nonsense) {
    const socket = connect(addresses.get(1)!);
    sockets.push(socket);
    const writer = new JuteWriter();
    encode(writer);
    socket.write(writer.finish());
    socket.resume();
    await once(socket, 'close');
  }
  expect(small.logLines).toHaveLength(nonsense.length);
  await waitFor('the larger one is heard again', () => {
    large.port.send(1, notification(3));
    return small.received.some(({ round }) => round === 3);
  });
});

test.each([
  ['larger', 1, 2],
  ['smaller', 2, 1],
])('a stranger with the %s number is answered where strangers may ask', async (_, hostSid, strangerSid) => {
  const { addresses } = await makeTwo();
  const own = new Map([...addresses].filter(([sid]) => sid === hostSid));
  const host = new Server(hostSid, own, { admitsStrangers: true });
  const stranger = new Server(strangerSid, addresses);
  servers = [host, stranger];
  await host.port.listen();
  await stranger.port.listen();
  stranger.port.send(hostSid, notification(1));
  await untilReceived(host, strangerSid, 1);
  host.port.send(strangerSid, notification(2));
  await untilReceived(stranger, hostSid, 2);
});

test('whoever joins later is dialled from then on', async () => {
  const { addresses } = await makeTwo();
  const early = new Server(2, new Map([...addresses].filter(([sid]) => sid === 2)));
  const late = new Server(1, addresses);
  servers = [early, late];
  await early.port.listen();
  await late.port.listen();
  early.port.send(1, notification(1));
  early.port.setPeers(new Map([[1, { address: addresses.get(1)!, isPinned: false }]]));
  early.port.send(1, notification(2));
  await untilReceived(late, 2, 2);
  expect(late.received).toEqual([{ from: 2, round: 2 }]);
});

test('a peer with a way of its own is dialled there only, wherever it says that it is', async () => {
  const { addresses } = await makeTwo();
  const nowhere = { host: '127.0.0.1', port: await findFreePort() };
  // The large one hears from the small one, and would dial it back where it says that it is.
  const large = new Server(2, new Map([...addresses, [1, nowhere]]), { pinned: [1] });
  const small = new Server(1, addresses);
  servers = [small, large];
  await small.port.listen();
  await large.port.listen();
  small.port.send(2, notification(1));
  large.port.send(1, notification(1));
  const proxy = createServer((socket) => {
    const far = connect(addresses.get(1)!);
    sockets.push(socket, far);
    socket.pipe(far).pipe(socket);
  });
  proxy.listen(nowhere);
  try {
    await untilReceived(small, 2, 1);
    expect(sockets.length).toBeGreaterThan(0);
  } finally {
    proxy.close();
  }
});
