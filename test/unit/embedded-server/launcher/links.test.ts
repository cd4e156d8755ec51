/** Links between two servers that are nothing but sockets: what passes, how late, and what does not. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { PortPool } from '../../../../embedded-server/launcher/free-port.ts';
import { Links } from '../../../../embedded-server/launcher/links.ts';
import { waitFor, within } from '../../../support/wait.ts';

/** A port that keeps what arrives and sends it back. */
class EchoServer {
  readonly received: Buffer[] = [];
  connections = 0;
  readonly #server = net.createServer({ allowHalfOpen: true });
  readonly #sockets = new Set<net.Socket>();

  async listen(port = 0): Promise<number> {
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        this.received.push(chunk);
        socket.write(chunk);
      });
      socket.on('end', () => socket.end());
    });
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

class Dialler {
  readonly socket: net.Socket;
  received = Buffer.alloc(0);
  readonly closed: Promise<void>;

  constructor(port: number) {
    this.socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk) => (this.received = Buffer.concat([this.received, chunk])));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        resolve();
      });
    });
    diallers.push(this);
  }

  /** Sends and resolves when as many bytes have come back, to how long that took. */
  async echo(...texts: readonly string[]): Promise<number> {
    const startMs = performance.now();
    const bytesWanted = this.received.length + Buffer.byteLength(texts.join(''));
    for (const text of texts) this.socket.write(text);
    await waitFor('the echo comes', () => this.received.length === bytesWanted);
    return performance.now() - startMs;
  }
}

const ONE_TO_TWO = { from: 1, to: 2 };
const LINK = { a: 1, b: 2 };

let servers: EchoServer[];
let pool: PortPool;
let links: Links;
let diallers: Dialler[];

beforeEach(async () => {
  diallers = [];
  servers = [];
  pool = new PortPool();
  const listeners = [];
  for (const sid of [1, 2, 3]) {
    const [quorum, election] = [new EchoServer(), new EchoServer()];
    servers.push(quorum, election);
    listeners.push({ sid, quorumPort: await quorum.listen(), electionPort: await election.listen() });
  }
  links = await Links.open(listeners, pool);
});

afterEach(async () => {
  for (const { socket } of diallers) socket.destroy();
  await links.close();
  await Promise.all(servers.map((server) => server.close()));
});

const dialQuorum = (ends = ONE_TO_TWO): Dialler => new Dialler(links.portsOf(ends).quorumPort);

describe('links', () => {
  test('carry bytes both ways, and the end of one side without that of the other', async () => {
    const dialler = dialQuorum();
    await dialler.echo('there and back');
    dialler.socket.end('last');
    await within('the other side ends too', dialler.closed);
    expect(dialler.received.toString()).toBe('there and backlast');
  });

  test('may be left out: servers reach each other directly, and nothing can be cut', async () => {
    const direct = Links.none([
      { sid: 1, quorumPort: 11, electionPort: 12 },
      { sid: 2, quorumPort: 21, electionPort: 22 },
    ]);
    expect(direct.portsOf(ONE_TO_TWO)).toMatchObject({ quorumPort: 21, electionPort: 22 });
    expect(() => {
      direct.cut({ a: 1, b: 2 });
    }).toThrow('no link joins server 1 and server 2');
    expect(() => {
      direct.partition([[1], [2]]);
    }).toThrow('without links');
    await direct.close();
  });

  test('carry more than any buffer holds', async () => {
    const dialler = dialQuorum();
    await dialler.echo('x'.repeat(6_000_000));
    expect(dialler.received).toHaveLength(6_000_000);
  });

  test('put the way back into the greeting at an election port', async () => {
    const greeting = Buffer.concat([
      Buffer.from('ffffffffffff000000000000000000010000000f', 'hex'),
      Buffer.from('127.0.0.1:23883'),
    ]);
    const { socket } = new Dialler(links.portsOf(ONE_TO_TWO).electionPort);
    socket.write(greeting.subarray(0, 12));
    socket.write(greeting.subarray(12));
    const [, , , election] = servers;
    const back = `127.0.0.1:${links.portsOf({ from: 2, to: 1 }).electionPort}`;
    await waitFor('the greeting arrives', () => Buffer.concat(election!.received).includes(back));
  });

  test('that are cut one way hold what is sent that way until they are whole, and let nobody connect', async () => {
    const dialler = dialQuorum();
    await dialler.echo('before');
    const [, , quorum] = servers;
    links.cut({ a: 2, b: 1 }, { isOneWay: true });
    dialler.socket.write(' there');
    await waitFor(
      'what goes the other way arrives',
      () => Buffer.concat(quorum!.received).toString() === 'before there',
    );
    await within('a new connection ends', dialQuorum().closed);
    expect(dialler.received.toString()).toBe('before');
    links.heal({ a: 2, b: 1 }, { isOneWay: true });
    await waitFor('what was held back comes', () => dialler.received.toString() === 'before there');
  });

  test('that are cut end their connections and new ones, both ways, and no others', async () => {
    const [there, back, other] = [
      dialQuorum(),
      dialQuorum({ from: 2, to: 1 }),
      dialQuorum({ from: 1, to: 3 }),
    ];
    await Promise.all([there, back, other].map((dialler) => dialler.echo('x')));
    links.cut({ a: 2, b: 1 });
    await within('both ends', Promise.all([there.closed, back.closed]));
    const { connections } = servers[2]!;
    await within('a new one ends', dialQuorum().closed);
    expect(servers[2]!.connections).toBe(connections);
    await other.echo('still there');
    links.heal(LINK);
    await dialQuorum().echo('healed');
  });

  test('that delay keep the order and add their time each way, until they are healed', async () => {
    const dialler = dialQuorum();
    await dialler.echo('x');
    links.delay(LINK, 60);
    const echoMs = await dialler.echo('a', 'b', 'c', 'd');
    expect(echoMs).toBeGreaterThan(115);
    // They were under way at the same time.
    expect(echoMs).toBeLessThan(400);
    expect(dialler.received.toString()).toBe('xabcd');
    links.heal(LINK);
    expect(await dialler.echo('y')).toBeLessThan(60);
  });

  test('that are throttled carry no more than that a second', async () => {
    const dialler = dialQuorum();
    await dialler.echo('x');
    links.throttle(LINK, 100_000);
    expect(await dialler.echo('x'.repeat(20_000))).toBeGreaterThan(380);
  });

  test('wait for a server that opens its port late, as one that dials it would', async () => {
    const late = new EchoServer();
    const port = await pool.take();
    const more = await Links.open(
      [
        { sid: 1, quorumPort: port, electionPort: port },
        { sid: 2, quorumPort: port, electionPort: port },
      ],
      pool,
    );
    const dialler = new Dialler(more.portsOf(ONE_TO_TWO).quorumPort);
    const echoed = dialler.echo('early');
    await once(dialler.socket, 'connect');
    await late.listen(port);
    await echoed;
    await more.close();
    await late.close();
    await within('the connection ends with its link', dialler.closed);
  });

  test('reset a connection to a server that is not there', async () => {
    await servers[2]!.close();
    servers.splice(2, 1);
    await within('it ends', dialQuorum().closed);
  });

  test('of a partition are cut between its groups; who is not named is one group more', async () => {
    const pairs = [
      { from: 1, to: 2 },
      { from: 1, to: 3 },
      { from: 2, to: 3 },
    ];
    links.partition([[1]]);
    await within('1 and 2 are apart', dialQuorum(pairs[0]).closed);
    await within('1 and 3 are apart', dialQuorum(pairs[1]).closed);
    await dialQuorum(pairs[2]).echo('together');
    links.partition([[1, 2], [3]]);
    await dialQuorum(pairs[0]).echo('together again');
    await within('2 and 3 are apart', dialQuorum(pairs[2]).closed);
    links.healAll();
    for (const pair of pairs) await dialQuorum(pair).echo('healed');
  });

  test('refuse what cannot be', () => {
    expect(() => links.cut({ a: 1, b: 1 })).toThrow('no link joins server 1 and server 1');
    expect(() => links.delay(LINK, -1)).toThrow('a delay must be between 0 and 600000 milliseconds');
    expect(() => links.throttle(LINK, 0)).toThrow('cut it to carry none');
  });
});
