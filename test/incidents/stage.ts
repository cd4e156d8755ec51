/** Where an incident happens: an ensemble, and clients that can be killed, frozen and cut off. */
import { setTimeout as delay } from 'node:timers/promises';

import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { SessionKey } from '../../electron/client/session-types.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import type { Ensemble, EnsembleServer } from '../../embedded-server/launcher/running-ensemble.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait.ts';
import { type ClientProcess, startClientProcess } from './client-process.ts';
import { setFaults } from './library-faults.ts';

const ELECTION_MS_MAX = 30_000;

export class Stage {
  readonly ensemble: Ensemble;
  readonly engine: EngineName;
  readonly #closings: (() => Promise<unknown>)[] = [];
  #writer: ZooKeeperClient | undefined;

  constructor(ensemble: Ensemble, engine: EngineName) {
    this.ensemble = ensemble;
    this.engine = engine;
  }

  server(sid: number): EnsembleServer {
    const server = this.ensemble.servers.find((candidate) => candidate.sid === sid);
    if (server === undefined) throw new RangeError(`there is no server ${sid}`);
    return server;
  }

  async leader(): Promise<number> {
    return waitFor('there is a leader', () => this.ensemble.leader(), ELECTION_MS_MAX);
  }

  /** The followers, by number. */
  async followers(): Promise<[number, ...number[]]> {
    const leader = await this.leader();
    const [first, ...others] = this.ensemble.servers
      .filter(({ sid, role }) => sid !== leader && role === 'participant')
      .map(({ sid }) => sid);
    if (first === undefined) throw new RangeError('there are no followers');
    return [first, ...others];
  }

  async follower(): Promise<number> {
    return (await this.followers())[0];
  }

  /** Another than `former` leads. */
  async leaderOtherThan(former: number): Promise<number> {
    return waitFor(
      `another than server ${former} leads`,
      async () => {
        const statuses = await this.ensemble.status();
        return statuses.find(({ sid, state }) => sid !== former && state === 'leader')?.sid;
      },
      ELECTION_MS_MAX,
    );
  }

  /** A client in a process of its own. */
  async client(sids: readonly number[], timeoutMs: number): Promise<ClientProcess> {
    const connectString = sids.map((sid) => this.server(sid).connectString).join(',');
    return this.clientAt(connectString, timeoutMs);
  }

  async clientAt(connectString: string, timeoutMs: number): Promise<ClientProcess> {
    const client = await startClientProcess({ connectString, timeoutMs });
    this.atEnd(() => client.kill());
    return client;
  }

  /** A network between a client and a server. */
  async proxy(sid: number): Promise<TcpProxy> {
    const { host, clientPort: port } = this.server(sid);
    const proxy = await TcpProxy.start({ host, port });
    this.atEnd(() => proxy.stop());
    return proxy;
  }

  /** A session for whatever the incident writes; it lives to the end. */
  async writer(): Promise<ZooKeeperClient> {
    this.#writer ??= await this.connect(this.ensemble.connectString);
    return this.#writer;
  }

  async connect(
    connectString: string,
    options: { readonly frameBytesMax?: number; readonly sessionTimeoutMs?: number } = {},
  ): Promise<ZooKeeperClient> {
    const client = new ZooKeeperClient({ sessionTimeoutMs: 10_000, ...options, connectString });
    await client.connect({ keepTrying: true });
    this.atEnd(async () => {
      client.abandon();
    });
    return client;
  }

  async slowDisk(sid: number, syncDelayMs: number): Promise<void> {
    if (this.engine === 'builtin') await this.ensemble.slowDisk(sid, syncDelayMs);
    else await setFaults(this.server(sid).folder, { syncDelayMs });
  }

  async fillDisk(sid: number): Promise<void> {
    if (this.engine === 'builtin') await this.ensemble.fillDisk(sid);
    else await setFaults(this.server(sid).folder, { isDiskFull: true });
  }

  async skewClock(sid: number, clockSkewMs: number): Promise<void> {
    if (this.engine === 'builtin') await this.ensemble.skewClock(sid, clockSkewMs);
    else await setFaults(this.server(sid).folder, { clockSkewMs });
  }

  async healDisk(sid: number): Promise<void> {
    if (this.engine === 'builtin') await this.ensemble.healDisk(sid);
    else await setFaults(this.server(sid).folder, {});
  }

  /** Ends a session in its client's name, as an administrator can. */
  async closeSession(connectString: string, resume: SessionKey): Promise<void> {
    const client = new ZooKeeperClient({ sessionTimeoutMs: 10_000, connectString, resume });
    await client.connect();
    await client.close();
  }

  /** Writes until the time is over; what a fault does to a write does not matter. */
  async write(path: string, forMs: number): Promise<void> {
    const client = await this.writer();
    await client.create(path).catch(() => undefined);
    const untilMs = performance.now() + forMs;
    while (performance.now() < untilMs) {
      const written = client.setData(path, new Uint8Array(100)).catch(() => undefined);
      await Promise.race([written, delay(500)]);
      await delay(30);
    }
  }

  /** Incidents are about time, so some of them have to let it pass. */
  async lasting(ms: number): Promise<void> {
    await delay(ms);
  }

  atEnd(closing: () => Promise<unknown>): void {
    this.#closings.push(closing);
  }

  async close(): Promise<void> {
    for (const closing of this.#closings.reverse()) await closing();
  }
}
