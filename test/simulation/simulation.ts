/**
 * One simulated run, all of it drawn from a seed: an ensemble, clients, a faulty phase, then healing, after which all
 * servers must agree and serve. Throws a Violation when a promise is broken, and any bug of the core as it comes.
 */
import { parseConfig } from '../../embedded-server/core/config.ts';
import type { QuorumLimits } from '../../embedded-server/core/role.ts';
import { type Zxid, ZXID_COUNTER_MAX, ZXID_NONE, zxidToHex } from '../../shared/zxid.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import { Prng } from '../fuzz/prng.ts';
import { ClientConnections } from './client-connections.ts';
import { VirtualClock } from './clock.ts';
import { Coverage, type Kind } from './coverage.ts';
import { SimulatedDisk } from './disk.ts';
import { Faults, type FaultyWorld } from './faults.ts';
import { HistoryModel } from './history-model.ts';
import { Network } from './network.ts';
import { SimulatedNode, type World } from './node.ts';
import { Provenance } from './probe.ts';
import { QuorumLinks } from './quorum-links.ts';
import { Reconfigurations, initialEnsemble, withNewcomer } from './reconfigurations.ts';
import {
  type ClientSocket,
  type ClientSocketEvents,
  type ClientWorld,
  SimulatedClient,
} from './simulated-client.ts';
import { demand } from './violation.ts';

export interface Outcome {
  readonly transactions: number;
  readonly acknowledgedWrites: number;
  readonly epochs: number;
  readonly coverage: Coverage;
}

interface Shape {
  readonly kind: Kind;
  readonly participants: number;
  readonly observers: number;
  /** The lines of groups and weights. */
  readonly groups: readonly (readonly [key: string, value: string])[];
}

const SHAPES: readonly Shape[] = [
  { kind: '3 servers', participants: 3, observers: 0, groups: [] },
  { kind: '5 servers', participants: 5, observers: 0, groups: [] },
  { kind: '3 servers and 2 observers', participants: 3, observers: 2, groups: [] },
  {
    kind: 'hierarchical quorums',
    participants: 5,
    observers: 0,
    groups: [
      ['group.1', '1:2:3'],
      ['group.2', '4'],
      ['group.3', '5'],
      ['weight.3', '0'],
    ],
  },
];

const TICK_TIME_MS = 400;
const FAULTY_MS = 14_000;
const CONVERGENCE_MS_MAX = 30_000;
const SILENCE_MS = 3000;
const CLIENTS = 4;
/** Little, so that learners need snapshots soon. */
const COMMITTED_MAX = [5, 25] as const;
const SKEW_MS_MAX = 600_000;

export class Simulation implements ClientWorld, FaultyWorld {
  readonly clock = new VirtualClock();
  readonly prng: Prng;
  readonly coverage = new Coverage();
  readonly history: HistoryModel;
  readonly nodes: readonly SimulatedNode[];
  readonly clients: readonly SimulatedClient[];
  readonly network: Network;
  readonly links: QuorumLinks;
  readonly connections: ClientConnections;
  lastAcknowledged: Zxid = ZXID_NONE;
  readonly thinkMsMax: number;
  readonly log: (line: string) => void;
  readonly #faults: Faults;
  /** Undefined where the ensemble stays as it is. */
  #reconfigurations: Reconfigurations | undefined;

  constructor(seed: number, onLog: (line: string) => void = () => undefined) {
    this.prng = new Prng(seed);
    this.log = (line) => {
      onLog(`${this.clock.nowMs} ${line}`);
    };
    this.network = new Network(this);
    this.links = new QuorumLinks({
      network: this.network,
      coverage: this.coverage,
      nodeOf: (wanted) => this.nodes.find(({ sid }) => sid === wanted),
    });
    this.connections = new ClientConnections(this.network, this.clock);
    this.thinkMsMax = this.prng.pick([20, 60, 500, 3000]);
    const limits = {
      initLimitTicks: 10,
      syncLimitTicks: 5,
      committedMax: this.prng.pick(COMMITTED_MAX),
      txnsPerEpochMax: this.prng.pick([ZXID_COUNTER_MAX, ZXID_COUNTER_MAX, ZXID_COUNTER_MAX, 40]),
    };
    const config = parseConfig({
      tickTime: String(TICK_TIME_MS),
      minSessionTimeout: '1000',
      reconfigEnabled: 'true',
      skipACL: 'yes',
    });
    this.history = new HistoryModel(config, limits.txnsPerEpochMax);
    this.nodes = this.#makeNodes(config, limits);
    this.clients = Array.from({ length: CLIENTS }, (_, at) => new SimulatedClient(`c${at}`, this));
    this.#faults = new Faults(this);
  }

  #makeNodes(config: ReturnType<typeof parseConfig>, limits: QuorumLimits): SimulatedNode[] {
    const { prng } = this;
    const { kind, participants, observers, groups } = prng.pick(SHAPES);
    this.coverage.count(kind);
    const ensemble = initialEnsemble({ participants, observers, groups });
    const sids = [...ensemble.servers.keys()];
    if (prng.chance(0.5)) {
      for (let count = prng.below(3); count > 0; count--) sids.push(sids.length + 1);
      this.#reconfigurations = new Reconfigurations(prng, sids);
    }
    const diskSettings = {
      config,
      committedMax: limits.committedMax,
      snapshotEvery: prng.pick([10, 40, 1000]),
      snapshotsKept: prng.pick([1, 3]),
      syncMsMax: prng.pick([6, 40, 200]),
    };
    const world = this.#makeWorld();
    return sids.map(
      (sid) =>
        new SimulatedNode(sid, {
          world,
          settings: { config, ensemble: withNewcomer(ensemble, sid, prng), limits },
          disk: new SimulatedDisk(this, diskSettings),
          wallSkewMs: prng.below(SKEW_MS_MAX) - SKEW_MS_MAX / 2,
          rate: 0.95 + prng.below(100) / 1000,
        }),
    );
  }

  pickReconfiguration(): ReconfigRequest | undefined {
    return this.clock.nowMs < FAULTY_MS ? this.#reconfigurations?.pick() : undefined;
  }

  #makeWorld(): World {
    const { clock, history, coverage, links, connections, log } = this;
    return {
      clock,
      history,
      coverage,
      provenance: new Provenance(),
      log,
      notify: (from, to, notification) => {
        links.notify(from, to, notification);
      },
      connectLeader: (from, linkId, sid) => {
        links.connectLeader(from, linkId, sid);
      },
      sendLink: (from, linkId, bytes) => {
        links.send(from, linkId, bytes);
      },
      closeLink: (from, linkId) => {
        links.close(from, linkId);
      },
      sendClient: (from, connectionId, bytes) => {
        connections.send(from, connectionId, bytes);
      },
      closeClient: (from, connectionId) => {
        connections.close(from, connectionId);
      },
      onFounding: (leader) => {
        if (clock.nowMs <= FAULTY_MS) this.#faults.onFounding(leader);
      },
      onEstablished: () => {
        if (clock.nowMs <= FAULTY_MS) this.#faults.onEstablished();
      },
      onReconfiguring: (leader, next) => {
        if (clock.nowMs <= FAULTY_MS) this.#faults.onReconfiguring(leader, next);
      },
      onReplacing: (node) => {
        if (clock.nowMs <= FAULTY_MS) this.#faults.onReplacing(node);
      },
    };
  }

  /** Dials some server. */
  connect(events: ClientSocketEvents): ClientSocket {
    return this.connections.connect(this.prng.pick(this.nodes), events);
  }

  isUnderNewestLeader(wanted: number): boolean {
    return this.nodes.find(({ sid }) => sid === wanted)?.server?.currentEpoch === this.history.newestEpoch;
  }

  run(): Outcome {
    const { clock, prng } = this;
    for (const node of this.nodes) {
      clock.after(prng.below(500), () => {
        node.start();
      });
    }
    for (const client of this.clients) client.start();
    while (clock.nowMs < FAULTY_MS) {
      clock.runUntil(clock.nowMs + 100 + prng.below(1200));
      this.#faults.inject();
    }
    this.#faults.heal();
    this.clients[0]?.vanish();
    this.#converge();
    return {
      transactions: this.history.delivered.length,
      acknowledgedWrites: this.clients.reduce((sum, client) => sum + client.acknowledgedWrites, 0),
      epochs: this.history.epochs,
      coverage: this.coverage,
    };
  }

  #converge(): void {
    const { clock } = this;
    const healedMs = clock.nowMs;
    clock.runUntil(healedMs + 15_000);
    this.#wait(() => this.#findUnsettled(healedMs) === undefined);
    for (const client of this.clients) client.vanish();
    // When every session has expired nothing moves any more.
    this.#wait(() => this.history.database.sessionTimeoutsMs.size === 0);
    clock.runUntil(clock.nowMs + SILENCE_MS);
    const problem = this.#findUnsettled(healedMs);
    demand(problem === undefined, 'Convergence', () => problem ?? '');
    this.#checkSessions();
    this.#checkConfigs();
  }

  /** Whoever is in the ensemble or was left out: all know the same one. */
  #checkConfigs(): void {
    const leader = this.nodes.find(({ server }) => server?.peerState === 'LEADING');
    for (const { sid, server } of this.nodes) {
      demand(
        server?.ensemble.text === leader?.server?.ensemble.text,
        'Convergence',
        () => `server ${sid} has another configuration than its leader, server ${leader?.sid}`,
      );
    }
  }

  #wait(isDone: () => boolean): void {
    const untilMs = this.clock.nowMs + CONVERGENCE_MS_MAX;
    while (!isDone() && this.clock.nowMs < untilMs) this.clock.runUntil(this.clock.nowMs + 500);
  }

  #findUnsettled(healedMs: number): string | undefined {
    for (const { sid, server } of this.nodes) {
      if (!server?.isServing) return `server ${sid} does not serve`;
    }
    for (const client of this.clients.slice(1)) {
      if (client.acknowledgedSinceMs <= healedMs) return `${client.name} cannot write`;
    }
    const vanished = this.clients[0]!.sessionId;
    if (this.history.database.sessionTimeoutsMs.has(vanished)) return 'a silent session does not expire';
    return undefined;
  }

  #checkSessions(): void {
    const { database } = this.history;
    const { size } = database.sessionTimeoutsMs;
    demand(size === 0, 'SessionExpiry', () => `${size} sessions outlive their clients`);
    demand(database.tree.ephemeralCount === 0, 'SessionExpiry', () => 'ephemerals outlive their sessions');
    for (const { sid, server } of this.nodes) {
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
}
