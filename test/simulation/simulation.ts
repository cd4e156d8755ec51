/**
 * One simulated run, all of it drawn from a seed: an ensemble, clients, a faulty phase, then healing, after which all
 * servers must agree and serve. Throws a Violation when a promise is broken, and any bug of the core as it comes.
 */
import { parseConfig } from '../../embedded-server/core/config.ts';
import type { LinkId } from '../../embedded-server/core/quorum-effects.ts';
import type { Notification } from '../../embedded-server/quorum-protocol/notification.ts';
import { QuorumStreamDecoder } from '../../embedded-server/quorum-protocol/stream-decoder.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import { type Zxid, ZXID_NONE, zxidToHex } from '../../shared/zxid.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import { Prng } from '../fuzz/prng.ts';
import { VirtualClock } from './clock.ts';
import { SimulatedDisk } from './disk.ts';
import { HistoryModel } from './history-model.ts';
import { CLIENT_HOST, Network, Wire } from './network.ts';
import { SimulatedNode, type World } from './node.ts';
import { Provenance } from './probe.ts';
import { type ClientSocket, type ClientWorld, SimulatedClient } from './simulated-client.ts';
import { Reconfigurations, initialEnsemble, withNewcomer } from './reconfigurations.ts';
import { demand } from './violation.ts';

export interface Outcome {
  readonly transactions: number;
  readonly acknowledgedWrites: number;
  readonly expiredSessions: number;
  readonly epochs: number;
}

interface Shape {
  readonly participants: number;
  readonly observers: number;
}

const SHAPES: readonly Shape[] = [
  { participants: 3, observers: 0 },
  { participants: 5, observers: 0 },
  { participants: 3, observers: 2 },
];

const TICK_TIME_MS = 400;
const FAULTY_MS = 14_000;
const CONVERGENCE_MS_MAX = 40_000;
const SILENCE_MS = 8000;
const CLIENTS = 4;
/** Little, so that learners need snapshots soon. */
const COMMITTED_MAX = 25;
const SKEW_MS_MAX = 600_000;

/** One end of a quorum connection. */
interface LinkEnd {
  readonly node: SimulatedNode;
  /** In the table of all ends. */
  readonly key: string;
  readonly generation: number;
  readonly linkId: LinkId;
  readonly out: Wire;
  readonly decoder: QuorumStreamDecoder;
  isClosed: boolean;
  peer: LinkEnd | undefined;
}

/** One client's connection. */
interface ClientEnd {
  readonly node: SimulatedNode;
  readonly generation: number;
  readonly connectionId: number;
  readonly up: Wire;
  readonly down: Wire;
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onClosed: () => void;
  isClosed: boolean;
}

export class Simulation implements World, ClientWorld {
  readonly clock = new VirtualClock();
  readonly prng: Prng;
  readonly history: HistoryModel;
  readonly provenance = new Provenance();
  lastAcknowledged: Zxid = ZXID_NONE;
  readonly thinkMsMax: number;
  readonly #network: Network;
  readonly #nodes: SimulatedNode[] = [];
  readonly #clients: SimulatedClient[] = [];
  readonly #links = new Map<string, LinkEnd>();
  readonly #connections = new Map<string, ClientEnd>();
  /** Of the election ports, by `from>to`. */
  readonly #electionWires = new Map<string, Wire>();
  readonly #onLog: (line: string) => void;
  /** Undefined where the ensemble stays as it is. */
  readonly #reconfigurations: Reconfigurations | undefined;

  constructor(seed: number, onLog: (line: string) => void = () => undefined) {
    this.prng = new Prng(seed);
    this.#onLog = onLog;
    this.#network = new Network(this.clock, this.prng);
    const config = parseConfig({
      tickTime: String(TICK_TIME_MS),
      minSessionTimeout: '1000',
      reconfigEnabled: 'true',
      skipACL: 'yes',
    });
    this.thinkMsMax = this.prng.pick([20, 60, 500, 3000]);
    this.history = new HistoryModel(config);
    const { participants, observers } = this.prng.pick(SHAPES);
    const ensemble = initialEnsemble(participants, observers);
    const limits = { initLimitTicks: 10, syncLimitTicks: 5, committedMax: COMMITTED_MAX };
    const sids = [...ensemble.servers.keys()];
    if (this.prng.chance(0.5)) {
      for (let count = this.prng.below(3); count > 0; count--) sids.push(sids.length + 1);
      this.#reconfigurations = new Reconfigurations(this.prng, sids);
    }
    for (const sid of sids) {
      const disk = new SimulatedDisk(this, { config, committedMax: COMMITTED_MAX });
      this.#nodes.push(
        new SimulatedNode(sid, {
          world: this,
          settings: { config, ensemble: withNewcomer(ensemble, sid, this.prng), limits },
          disk,
          wallSkewMs: this.prng.below(SKEW_MS_MAX) - SKEW_MS_MAX / 2,
          rate: 0.95 + this.prng.below(100) / 1000,
        }),
      );
    }
  }

  log(line: string): void {
    this.#onLog(`${this.clock.nowMs} ${line}`);
  }

  run(): Outcome {
    for (const node of this.#nodes) this.clock.after(this.prng.below(500), () => node.start());
    for (let at = 0; at < CLIENTS; at++) this.#clients.push(new SimulatedClient(`c${at}`, this));
    while (this.clock.nowMs < FAULTY_MS) {
      this.clock.runUntil(this.clock.nowMs + 100 + this.prng.below(1200));
      this.#injectFault();
    }
    this.#heal();
    this.#clients[0]?.vanish();
    this.#converge();
    const sum = (count: (client: SimulatedClient) => number): number =>
      this.#clients.reduce((total, client) => total + count(client), 0);
    return {
      transactions: this.history.delivered.length,
      acknowledgedWrites: sum((client) => client.acknowledgedWrites),
      expiredSessions: sum((client) => client.expiredSessions),
      epochs: this.history.epochs,
    };
  }

  pickReconfiguration(): ReconfigRequest | undefined {
    return this.clock.nowMs < FAULTY_MS ? this.#reconfigurations?.pick() : undefined;
  }

  // Faults.

  #injectFault(): void {
    const { prng } = this;
    const node = prng.pick(this.#nodes);
    const choice = prng.below(100);
    if (choice < 20) this.#crash(this.#pickVictim());
    else if (choice < 25) this.#losePower();
    else if (choice < 40) this.#partition();
    else if (choice < 50) this.#cutOneWay();
    else if (choice < 62) {
      this.log('the network heals');
      this.#healNetwork();
    } else if (choice < 78) this.#breakLink();
    else if (choice < 90) node.disk.slowMs = prng.pick([0, 20, 150, 600]);
    else {
      const connection = prng.pick([...this.#connections.values(), undefined]);
      if (connection) this.#breakConnection(connection);
    }
  }

  /** The leader rather than anybody. */
  #pickVictim(): SimulatedNode {
    const leader = this.#nodes.find(({ server }) => server?.peerState === 'LEADING' && server.isServing);
    return leader && this.prng.chance(0.5) ? leader : this.prng.pick(this.#nodes);
  }

  onEstablished(): void {
    if (this.clock.nowMs > FAULTY_MS || !this.prng.chance(0.15)) return;
    this.clock.after(this.prng.below(15), () => {
      this.#losePower();
    });
  }

  /** Most servers at once, which is when it shows whether what was acknowledged was on disk. */
  #losePower(): void {
    this.log('the power fails');
    for (const node of this.#nodes) if (this.prng.chance(0.8)) this.#crash(node);
  }

  #crash(node: SimulatedNode): void {
    if (!node.server) return;
    this.log(`server ${node.sid} crashes`);
    node.crash();
    for (const end of [...this.#links.values()]) if (end.node === node) this.#breakEnd(end);
    for (const connection of [...this.#connections.values()]) {
      if (connection.node === node) this.#breakConnection(connection);
    }
    this.clock.after(50 + this.prng.below(4000), () => {
      this.#restart(node);
    });
  }

  #restart(node: SimulatedNode): void {
    if (node.server) return;
    this.log(`server ${node.sid} starts`);
    node.start();
    this.#reconnectElections(node);
  }

  #partition(): void {
    const side = new Set(this.#nodes.filter(() => this.prng.chance(0.5)));
    this.log(`a partition sets ${[...side].map(({ sid }) => sid).join(', ')} apart`);
    for (const a of this.#nodes) {
      for (const b of this.#nodes) {
        if (side.has(a) === side.has(b)) continue;
        this.#network.cut(a.sid, b.sid);
      }
    }
  }

  #cutOneWay(): void {
    const from = this.prng.pick(this.#nodes);
    const to = this.prng.pick(this.#nodes);
    this.log(`${from.sid} is not heard by ${to.sid}`);
    this.#network.cut(from.sid, to.sid);
  }

  #healNetwork(): void {
    this.#network.heal();
    for (const node of this.#nodes) this.#reconnectElections(node);
  }

  #reconnectElections(node: SimulatedNode): void {
    for (const other of this.#nodes) {
      if (other === node) continue;
      node.step({ kind: 'peerConnected', sid: other.sid });
      other.step({ kind: 'peerConnected', sid: node.sid });
    }
  }

  #heal(): void {
    this.log('everything heals');
    for (const node of this.#nodes) {
      node.disk.slowMs = 0;
      this.#restart(node);
    }
    this.#healNetwork();
  }

  #converge(): void {
    const healedMs = this.clock.nowMs;
    const isSettled = (): boolean => this.#findUnsettled(healedMs) === undefined;
    this.clock.runUntil(healedMs + 15_000);
    while (!isSettled() && this.clock.nowMs < healedMs + CONVERGENCE_MS_MAX) {
      this.clock.runUntil(this.clock.nowMs + 500);
    }
    for (const client of this.#clients) client.vanish();
    // Long enough for every session to expire, after which nothing moves any more.
    this.clock.runUntil(this.clock.nowMs + SILENCE_MS);
    const problem = this.#findUnsettled(healedMs);
    demand(problem === undefined, 'Convergence', () => problem ?? '');
    this.#checkSessions();
  }

  #findUnsettled(healedMs: number): string | undefined {
    for (const { sid, server } of this.#nodes) {
      if (!server?.isServing) return `server ${sid} does not serve`;
    }
    for (const client of this.#clients.slice(1)) {
      if (client.acknowledgedSinceMs <= healedMs) return `${client.name} cannot write`;
    }
    const vanished = this.#clients[0]!.sessionId;
    if (this.history.database.sessionTimeoutsMs.has(vanished)) return 'a silent session does not expire';
    return undefined;
  }

  #checkSessions(): void {
    const { database } = this.history;
    const { size } = database.sessionTimeoutsMs;
    demand(size === 0, 'SessionExpiry', () => `${size} sessions outlive their clients`);
    demand(database.tree.ephemeralCount === 0, 'SessionExpiry', () => 'ephemerals outlive their sessions');
    for (const { sid, server } of this.#nodes) {
      const reached = server?.database.lastProcessedZxid ?? ZXID_NONE;
      demand(
        server?.database.tree.digest === database.tree.digest,
        'Convergence',
        () => `server ${sid} is at ${zxidToHex(reached)}, with another tree`,
      );
      demand(
        server.database.tree.digest === server.database.tree.recomputeDigest(),
        'Convergence',
        () => `the digest of server ${sid} is not that of its tree`,
      );
    }
  }

  // Election ports.

  notify(from: SimulatedNode, to: number, notification: Notification): void {
    const key = `${from.sid}>${to}`;
    const wire = this.#electionWires.get(key) ?? new Wire(from.sid, to);
    this.#electionWires.set(key, wire);
    this.#network.send(wire, () => {
      const node = this.#nodes.find(({ sid }) => sid === to);
      node?.step({ kind: 'notificationArrived', from: from.sid, notification });
    });
  }

  // Quorum ports.

  #keyOf(node: SimulatedNode, linkId: LinkId): string {
    return `${node.sid}/${node.generation}/${linkId}`;
  }

  #makeEnd(node: SimulatedNode, linkId: LinkId, peerSid: number): LinkEnd {
    const { generation } = node;
    const end: LinkEnd = {
      node,
      key: this.#keyOf(node, linkId),
      generation,
      linkId,
      out: new Wire(node.sid, peerSid),
      decoder: new QuorumStreamDecoder((message) => {
        if (!end.isClosed && node.generation === generation) {
          node.step({ kind: 'linkMessage', linkId: end.linkId, message });
        }
      }),
      isClosed: false,
      peer: undefined,
    };
    this.#links.set(end.key, end);
    return end;
  }

  connectLeader(from: SimulatedNode, linkId: LinkId, sid: number): void {
    const end = this.#makeEnd(from, linkId, sid);
    this.#network.send(end.out, () => {
      const leader = this.#nodes.find((node) => node.sid === sid);
      const back = new Wire(sid, from.sid);
      if (!leader?.server || end.isClosed) {
        this.#network.send(back, () => {
          this.#tellClosed(end);
        });
        return;
      }
      const accepted = this.#makeEnd(leader, leader.newLinkId(), from.sid);
      accepted.peer = end;
      end.peer = accepted;
      leader.step({ kind: 'linkOpened', linkId: accepted.linkId });
      this.#network.send(accepted.out, () => {
        if (!end.isClosed && from.generation === end.generation) from.step({ kind: 'linkOpened', linkId });
      });
    });
  }

  #tellClosed(end: LinkEnd): void {
    if (end.isClosed) return;
    end.isClosed = true;
    this.#links.delete(end.key);
    if (end.node.generation === end.generation) end.node.step({ kind: 'linkClosed', linkId: end.linkId });
  }

  sendLink(from: SimulatedNode, linkId: LinkId, bytes: Uint8Array): void {
    const end = this.#links.get(this.#keyOf(from, linkId));
    if (!end) return;
    this.#network.send(end.out, () => {
      if (end.peer && !end.peer.isClosed) end.peer.decoder.push(bytes);
    });
  }

  closeLink(from: SimulatedNode, linkId: LinkId): void {
    const end = this.#links.get(this.#keyOf(from, linkId));
    if (!end || end.isClosed) return;
    end.isClosed = true;
    this.#links.delete(end.key);
    this.#network.send(end.out, () => {
      if (end.peer) this.#tellClosed(end.peer);
    });
  }

  /** This end is gone, with everything on its way; the other end hears of it later. */
  #breakEnd(end: LinkEnd): void {
    const { peer } = end;
    end.out.isBroken = true;
    end.isClosed = true;
    this.#links.delete(end.key);
    if (!peer || peer.isClosed) return;
    peer.out.isBroken = true;
    this.#network.send(new Wire(end.node.sid, peer.node.sid), () => {
      this.#tellClosed(peer);
    });
  }

  #breakLink(): void {
    const end = this.prng.pick([...this.#links.values(), undefined]);
    if (!end) return;
    this.log(`the connection of server ${end.node.sid} to ${end.out.to} breaks`);
    const { peer } = end;
    end.out.isBroken = true;
    if (peer) peer.out.isBroken = true;
    this.#network.send(new Wire(end.out.to, end.node.sid), () => {
      this.#tellClosed(end);
    });
    if (peer) {
      this.#network.send(new Wire(end.node.sid, end.out.to), () => {
        this.#tellClosed(peer);
      });
    }
  }

  // Clients.

  connect(onBytes: (bytes: Uint8Array) => void, onClosed: () => void): ClientSocket {
    const node = this.prng.pick(this.#nodes);
    const connectionId = node.newConnectionId();
    const end: ClientEnd = {
      node,
      generation: node.generation,
      connectionId,
      up: new Wire(CLIENT_HOST, node.sid),
      down: new Wire(node.sid, CLIENT_HOST),
      onBytes,
      onClosed,
      isClosed: false,
    };
    const isAlive = (): boolean => !end.isClosed && node.generation === end.generation;
    const decoder = new FrameDecoder({
      frameBytesMax: 1 << 20,
      onFrame: (frame) => {
        node.step({ kind: 'framesArrived', connectionId, frames: [frame.slice()] });
      },
    });
    if (!node.server) {
      this.clock.after(5, onClosed);
      return { send: () => undefined, close: () => undefined };
    }
    this.#connections.set(`${node.sid}/${connectionId}`, end);
    this.#network.send(end.up, () => {
      if (isAlive()) {
        node.step({ kind: 'connectionOpened', connectionId, remoteAddress: '10.1.0.1', remotePort: 1 });
      }
    });
    return {
      send: (bytes) => {
        this.#network.send(end.up, () => {
          if (isAlive()) decoder.push(bytes);
        });
      },
      close: () => {
        this.#network.send(end.up, () => {
          if (isAlive()) this.#closeConnection(end);
        });
      },
    };
  }

  #closeConnection(end: ClientEnd): void {
    end.isClosed = true;
    this.#connections.delete(`${end.node.sid}/${end.connectionId}`);
    if (end.node.generation === end.generation) {
      end.node.step({ kind: 'connectionClosed', connectionId: end.connectionId });
    }
  }

  sendClient(from: SimulatedNode, connectionId: number, bytes: Uint8Array): void {
    const end = this.#connections.get(`${from.sid}/${connectionId}`);
    if (!end) return;
    this.#network.send(end.down, () => {
      end.onBytes(bytes);
    });
  }

  closeClient(from: SimulatedNode, connectionId: number): void {
    const end = this.#connections.get(`${from.sid}/${connectionId}`);
    if (!end) return;
    this.#network.send(end.down, end.onClosed);
    this.clock.after(0, () => {
      if (!end.isClosed) this.#closeConnection(end);
    });
  }

  #breakConnection(end: ClientEnd): void {
    end.up.isBroken = true;
    end.down.isBroken = true;
    this.clock.after(this.prng.below(50), end.onClosed);
    if (!end.isClosed) this.#closeConnection(end);
  }
}
