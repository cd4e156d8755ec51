/**
 * A client whose server, network and time are against it: connections open and break, time passes, calls are made, and
 * what is answered is nearly right at best.
 */
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { AppError, ConnectionError } from '../../shared/errors.ts';
import { within } from '../support/wait.ts';
import { FakeClock, FakeNetwork } from './fake-network.ts';
import { framed } from './fuzzed-frames.ts';
import { HostileServer, honestHandshake } from './hostile-server.ts';
import type { Prng } from './prng.ts';

export const FRAME_BYTES_MAX = 1024 * 1024;

function ignore(): void {
  // Events of a hostile server mean nothing.
}

type Call = (client: ZooKeeperClient) => Promise<unknown>;

const CALLS: readonly Call[] = [
  (client) => client.getData('/a', { watch: ignore }),
  (client) => client.getData('/null'),
  (client) => client.exists('/missing', { watch: ignore }),
  (client) => client.getChildren('/a', { watch: ignore }),
  (client) => client.getChildren('/'),
  (client) => client.create('/a/e-', { mode: 'EPHEMERAL_SEQUENTIAL' }),
  (client) => client.create('/ttl', { mode: 'PERSISTENT_WITH_TTL', ttlMs: 1000 }),
  (client) => client.setData('/a', Uint8Array.of(1, 2, 3)),
  (client) => client.delete('/m'),
  (client) => client.getAcl('/ttl'),
  (client) => client.getEphemerals(),
  (client) => client.getAllChildrenNumber('/'),
  (client) => client.whoAmI(),
  (client) => client.sync('/'),
  (client) => client.addWatch('/a', 'persistentRecursive', ignore),
  (client) => client.removeWatches('/a'),
  (client) => client.addAuth({ scheme: 'digest', auth: new TextEncoder().encode('user:password') }),
  (client) =>
    client.multi([
      { op: 'create', path: '/m' },
      { op: 'check', path: '/m', version: 0 },
    ]),
  (client) =>
    client.multiRead([
      { op: 'getData', path: '/m' },
      { op: 'getChildren', path: '/a' },
    ]),
];

/** One client and what happens to it. */
export class HostileSession {
  readonly #prng: Prng;
  readonly #clock: FakeClock;
  readonly #network = new FakeNetwork();
  readonly #client: ZooKeeperClient;
  readonly #promises: Promise<unknown>[] = [];
  #server: HostileServer;
  #isGreeted = false;
  /** Whether bytes behind those that cost the connection were taken for events. */
  #saysTooMuch = false;
  frames = 0;
  /** Calls that the client took for answered well. */
  answered = 0;
  /** What the client was fed last; printed when it does not stand it. */
  lastBytes = new Uint8Array(0);

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#clock = new FakeClock(prng);
    this.#server = new HostileServer(prng);
    this.#client = new ZooKeeperClient({
      connectString: '10.0.0.1:2181,10.0.0.2:2181/',
      sessionTimeoutMs: 4000,
      frameBytesMax: FRAME_BYTES_MAX,
      transport: this.#network,
      clock: this.#clock,
    });
    this.#client.onWatchEvent(({ type }) => {
      // DataWatchRemoved and the like are the client's own, made when its call is over.
      if (type.startsWith('Node')) this.#saysTooMuch ||= this.isDropped;
    });
    this.#keep(this.#client.connect({ keepTrying: true }));
  }

  #keep(promise: Promise<unknown>): void {
    // Only errors of our own list may come out of a client.
    this.#promises.push(
      promise.then(
        () => this.answered++,
        (error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        },
      ),
    );
    this.#promises.at(-1)?.catch(ignore);
  }

  step(): void {
    const connection = this.#network.current;
    const kind = this.#prng.below(10);
    if (connection === undefined || connection.isClosed || kind === 0)
      this.#clock.advance(this.#prng.below(3000));
    else if (!connection.isOpen) this.#open();
    else if (!this.#isGreeted) this.#greet();
    else if (kind < 4) this.#keep(this.#prng.pick(CALLS)(this.#client));
    else if (kind === 4 && this.#prng.chance(0.2)) this.#lose();
    else this.feed(this.#answers());
    this.#clock.endTurn();
    this.#hear();
  }

  /** One answer, or a few in a row, as a network delivers them. */
  #answers(): Uint8Array {
    const count = this.#prng.chance(0.3) ? 1 + this.#prng.below(4) : 1;
    this.frames += count - 1;
    const frames = Array.from({ length: count }, () => framed(this.#server.answer()));
    return new Uint8Array(Buffer.concat(frames));
  }

  /** Feeds the client, sometimes in two pieces. */
  feed(bytes: Uint8Array): void {
    const connection = this.#network.current;
    if (connection === undefined || connection.isClosed) return;
    this.frames++;
    this.lastBytes = bytes.slice();
    const cut = this.#prng.chance(0.2) ? this.#prng.below(bytes.length + 1) : bytes.length;
    for (const piece of [bytes.slice(0, cut), bytes.slice(cut)]) {
      if (piece.length > 0 && !this.isDropped) connection.listener.onChunk(piece);
    }
  }

  #open(): void {
    const connection = this.#network.current!;
    connection.isOpen = true;
    this.#isGreeted = false;
    this.#server = new HostileServer(this.#prng);
    connection.listener.onOpen();
  }

  #greet(): void {
    this.#isGreeted = true;
    this.feed(framed(this.#server.handshake()));
  }

  #lose(): void {
    const connection = this.#network.current!;
    connection.isClosed = true;
    connection.listener.onClose(new ConnectionError('CONNECTION_CLOSED', 'the network broke'));
  }

  #hear(): void {
    const connection = this.#network.current;
    if (connection === undefined) return;
    for (const bytes of connection.sent.splice(0)) this.#server.hear(bytes);
  }

  /** Whether the client has no connection on which it would take bytes. */
  get isDropped(): boolean {
    return this.#network.current?.isClosed ?? true;
  }

  /** Opens the first connection and greets it honestly; the lies begin after that. */
  establish(): void {
    this.#open();
    this.#isGreeted = true;
    this.feed(framed(honestHandshake()));
    this.#clock.endTurn();
    this.#hear();
  }

  /** Ends the client; rejects unless every call is answered then. */
  async end(): Promise<void> {
    this.#client.abandon();
    this.#clock.endTurn();
    await within('every call is answered', Promise.all(this.#promises));
    if (this.#saysTooMuch) throw new Error('an event came from a connection that was dropped');
    if (this.#network.current?.isClosed === false) throw new Error('the last connection was left open');
  }
}
