/**
 * Runs one server of an ensemble: as driver.ts, with the ports between servers and a disk that must be there, since a
 * server that forgets what it vouched for could undo what an ensemble has acknowledged.
 */
import type { StorageError } from '../shared/errors.ts';
import type { Sid } from '../shared/ids.ts';
import { AdminService } from './admin-service.ts';
import { ClientService, describeStorage } from './client-service.ts';
import { COMMITTED_MAX } from './core/committed-log.ts';
import { ConfigError } from './core/config.ts';
import { type EnsembleConfig, type EnsembleServer, parseServer } from './core/ensemble-config.ts';
import { freshDatabase } from './core/fresh-database.ts';
import { configOfText } from './core/membership.ts';
import type { QuorumEffect, QuorumEvent } from './core/quorum-effects.ts';
import { QuorumServer } from './core/quorum-server.ts';
import type { DriverOptions } from './driver.ts';
import { EventLoop, sha1 } from './event-loop.ts';
import { ElectionPort, type PeerAddress } from './net/election-port.ts';
import { type HostPort, formatHostPort, parseHostPort } from './net/host-port.ts';
import { type Admission, QuorumPort } from './net/quorum-port.ts';
import { ProposalSizes, describeQuorum } from './quorum-view.ts';
import { QuorumStorage } from './storage/quorum-storage.ts';

export interface QuorumDriverOptions extends DriverOptions {
  readonly sid: Sid;
  readonly ensemble: EnsembleConfig;
}

export class QuorumDriver {
  readonly #sid: Sid;
  /** Where it listens, as its line in the configuration says. */
  #ownPorts: OwnPorts;
  /** A port moves when it has got where it was to be before. */
  #lastMove: Promise<void> = Promise.resolve();
  readonly #onLog: DriverOptions['onLog'];
  readonly #server: QuorumServer;
  readonly #loop: EventLoop<QuorumEvent, QuorumEffect>;
  readonly #storage: QuorumStorage;
  readonly #clients: ClientService;
  readonly #admin: AdminService;
  readonly #election: ElectionPort;
  readonly #quorum: QuorumPort;
  /** Everybody that this server may have to reach, and where it does so by a way of its own. */
  #servers: ReadonlyMap<Sid, EnsembleServer>;
  #dialRoutes: Readonly<Record<string, string>>;
  readonly #proposalSizes = new ProposalSizes();

  private constructor(
    options: QuorumDriverOptions,
    { storage, admin }: { storage: QuorumStorage; admin: AdminService },
  ) {
    const { config, version, sid, onLog, onBug } = options;
    const { now } = options.surroundings;
    const { configs } = storage.restored;
    // What the ensemble has agreed upon since then counts for more than what this server was told to begin with.
    const ensemble = configOfText(configs.committed) ?? options.ensemble;
    const lastSeenEnsemble = configOfText(configs.lastSeen);
    const own = ownAddresses(ensemble.servers.get(sid) ?? options.ensemble.servers.get(sid), sid);
    this.#sid = sid;
    this.#ownPorts = own;
    this.#onLog = onLog;
    this.#dialRoutes = config.dialRoutes;
    this.#servers = ensemble.servers;
    this.#storage = storage;
    this.#admin = admin;
    const server = new QuorumServer({
      sid,
      config,
      ensemble,
      lastSeenEnsemble,
      limits: {
        initLimitTicks: config.initLimitTicks,
        syncLimitTicks: config.syncLimitTicks,
        committedMax: COMMITTED_MAX,
        txnsPerEpochMax: config.txnsPerEpochMax,
      },
      restored: storage.restored,
      sha1,
      now: now(),
      chronicle: admin.chronicle,
    });
    this.#server = server;
    const loop = new EventLoop<QuorumEvent, QuorumEffect>({
      core: server,
      now,
      tick: { kind: 'tick' },
      run: (effect) => {
        this.#run(effect);
      },
      onHandled: () => {
        this.#quorum.admission = admissionOf(server);
      },
      onBug,
    });
    this.#loop = loop;
    const warn = (message: string): void => {
      onLog('warn', message);
    };
    storage.start({
      onStored: (storageId, reloaded) => {
        loop.handle({ kind: 'stored', storageId, ...(reloaded && { reloaded }) });
      },
      onFailed: (error: StorageError) => {
        loop.stop();
        admin.tellDiskFailed(error);
        options.onDiskFailed(error);
      },
      snapshots: { database: () => server.database, unsettledCount: () => server.unsettledCount },
    });
    this.#election = new ElectionPort({
      sid,
      address: own.election,
      peers: this.#electionPeers(),
      admitsStrangers: config.reconfigEnabled,
      onNotification: (from, notification) => {
        loop.handle({ kind: 'notificationArrived', from, notification });
      },
      onConnected: (peer) => {
        loop.handle({ kind: 'peerConnected', sid: peer });
      },
      onLog: warn,
    });
    this.#quorum = new QuorumPort({
      onOpened: (linkId) => {
        loop.handle({ kind: 'linkOpened', linkId });
      },
      onMessage: (linkId, message) => {
        loop.handle({ kind: 'linkMessage', linkId, message });
      },
      onClosed: (linkId) => {
        loop.handle({ kind: 'linkClosed', linkId });
      },
      onLog: warn,
    });
    this.#clients = new ClientService({
      config,
      version,
      now,
      onLog,
      onEvent: (event) => {
        loop.handle(event);
      },
      view: () => ({
        server,
        quorum: describeQuorum({
          server,
          sid,
          config,
          proposalSizes: this.#proposalSizes,
          linkFacts: (linkId) => this.#quorum.linkFacts(linkId),
        }),
        storage: describeStorage(storage.disk),
      }),
    });
  }

  /** Reads back what is on disk. Rejects with StorageError when that cannot be trusted, or is in use. */
  static async open(options: QuorumDriverOptions): Promise<QuorumDriver> {
    const { config, version, sid, onLog } = options;
    const { fileSystem, elapsedMs, now } = options.surroundings;
    const { dataDir } = config;
    if (dataDir === undefined) throw new ConfigError('a server of an ensemble needs a dataDir');
    const admin = new AdminService({ sid, config, version, now, onLog });
    const storage = await QuorumStorage.open({
      config: { ...config, dataDir },
      freshDatabase: () => freshDatabase(config),
      fileSystem,
      elapsedMs,
      random: Math.random,
      onLog,
      chronicle: admin.chronicle,
    });
    return new QuorumDriver(options, { storage, admin });
  }

  /** Resolves to the client port when all ports are open; whether clients are served then depends on the others. */
  async start(): Promise<number> {
    await this.#quorum.listen(this.#ownPorts.quorum);
    await this.#election.listen();
    const clientPort = await this.#clients.listen();
    await this.#admin.listen(() => this.#clients.view());
    this.#loop.startTicking();
    return clientPort;
  }

  async stop(): Promise<void> {
    this.#loop.stop();
    const ports = [this.#admin, this.#clients, this.#election, this.#quorum];
    await this.#lastMove;
    await Promise.all(ports.map((port) => port.close()));
    await this.#storage.close();
  }

  /** From now on this server, and it alone, dials these others there: `host:quorumPort:electionPort` by sid. */
  setDialRoutes(routes: Readonly<Record<string, string>>): void {
    this.#dialRoutes = routes;
    this.#election.setPeers(this.#electionPeers());
  }

  /**
   * Opens its ports where a reconfiguration has moved them; connections that there are stay. Differs: the client port of the
   * next start is that of zoo.cfg again, which Apache rewrites.
   */
  #followOwnAddress(): void {
    const server = this.#servers.get(this.#sid);
    const next = server && ownPortsOf(server);
    if (!next) return;
    const former = this.#ownPorts;
    this.#ownPorts = next;
    this.#move('quorum', [former.quorum, next.quorum], (to) => this.#quorum.listen(to));
    this.#move('election', [former.election, next.election], (to) => this.#election.listen(to));
    this.#move('client', [former.client, next.client], (to) => this.#clients.moveTo(to));
  }

  #move(
    name: string,
    [from, to]: readonly [HostPort | undefined, HostPort | undefined],
    move: (to: HostPort) => Promise<void>,
  ): void {
    if (!from || !to || formatHostPort(from) === formatHostPort(to)) return;
    const place = formatHostPort(to);
    this.#lastMove = this.#lastMove.then(async () => {
      try {
        await move(to);
        this.#onLog('info', `the ${name} port is at ${place} now`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#onLog('warn', `the ${name} port cannot be moved to ${place}: ${reason}`);
      }
    });
  }

  /** Where this server dials another; undefined for nobody. */
  #reach(sid: Sid): (Ports & { readonly isPinned: boolean }) | undefined {
    const route = this.#dialRoutes[sid];
    const server = route === undefined ? this.#servers.get(sid) : parseServer(sid, route);
    const ports = server && portsOf(server);
    return ports && { ...ports, isPinned: route !== undefined };
  }

  /** All that it may have to dial, without itself. */
  #electionPeers(): ReadonlyMap<Sid, PeerAddress> {
    const sids = new Set([...this.#servers.keys(), ...Object.keys(this.#dialRoutes).map(Number)]);
    sids.delete(this.#sid);
    const peers = new Map<Sid, PeerAddress>();
    for (const sid of sids) {
      const ports = this.#reach(sid);
      if (ports) peers.set(sid, { address: ports.election, isPinned: ports.isPinned });
    }
    return peers;
  }

  #run(effect: QuorumEffect): void {
    switch (effect.kind) {
      case 'store':
        if (effect.operation.op === 'append' && this.#server.peerState === 'LEADING') {
          this.#proposalSizes.add(effect.operation.entry.length);
        }
        this.#storage.run(effect.storageId, effect.operation);
        break;
      case 'notify':
        this.#election.send(effect.to, effect.notification);
        break;
      case 'connectLeader': {
        const ports = this.#reach(effect.sid);
        if (!ports) throw new RangeError(`server ${effect.sid} is not in the ensemble`);
        this.#quorum.connect(effect.linkId, ports.quorum);
        break;
      }
      case 'membership':
        this.#servers = effect.servers;
        this.#election.setPeers(this.#electionPeers());
        this.#followOwnAddress();
        break;
      case 'sendLink':
        this.#quorum.send(effect.linkId, effect.bytes);
        break;
      case 'closeLink':
        this.#quorum.closeLink(effect.linkId);
        break;
      default:
        this.#clients.run(effect);
    }
  }
}

function admissionOf({ peerState }: QuorumServer): Admission {
  if (peerState === 'LOOKING') return 'later';
  return peerState === 'LEADING' ? 'now' : 'never';
}

interface Ports {
  readonly election: HostPort;
  readonly quorum: HostPort;
}

/** Of a server with several addresses the first is used. */
function portsOf({ addresses }: EnsembleServer): Ports | undefined {
  const [address] = addresses;
  if (!address) return undefined;
  const host = address.host.replace(/^\[(.*)\]$/, '$1');
  return {
    election: { host, port: address.electionPort },
    quorum: { host, port: address.quorumPort },
  };
}

interface OwnPorts extends Ports {
  readonly client: HostPort | undefined;
}

function ownPortsOf(server: EnsembleServer): OwnPorts | undefined {
  const ports = portsOf(server);
  const { clientAddress } = server;
  return (
    ports && { ...ports, client: clientAddress === undefined ? undefined : parseHostPort(clientAddress) }
  );
}

function ownAddresses(own: EnsembleServer | undefined, sid: Sid): OwnPorts {
  const ports = own && ownPortsOf(own);
  if (!ports) throw new ConfigError(`server.${sid} is missing: this server's own line`);
  return ports;
}
