/** What goes wrong in the faulty phase of a simulated run, drawn at random, and the healing behind it. */
import type { EnsembleConfig } from '../../embedded-server/core/ensemble-config.ts';
import type { Prng } from '../fuzz/prng.ts';
import type { ClientConnections } from './client-connections.ts';
import type { VirtualClock } from './clock.ts';
import type { Coverage } from './coverage.ts';
import type { Network } from './network.ts';
import type { SimulatedNode } from './node.ts';
import type { QuorumLinks } from './quorum-links.ts';
import type { SimulatedClient } from './simulated-client.ts';

export interface FaultyWorld {
  readonly clock: VirtualClock;
  readonly prng: Prng;
  readonly coverage: Coverage;
  readonly network: Network;
  readonly nodes: readonly SimulatedNode[];
  readonly clients: readonly SimulatedClient[];
  readonly links: QuorumLinks;
  readonly connections: ClientConnections;
  readonly log: (line: string) => void;
}

const RESTART_MS_MIN = 50;
const RESTART_MS_MAX = 4000;
const CLIENT_TOLD_MS_MAX = 50;
const CLOCK_SET_MS_MAX = 7_200_000;
const SLOW_MS = [0, 20, 150, 600] as const;
/** A client may be silent for less and for more than its session lives. */
const SILENCE_MS_MAX = 9000;
/** Of a failure at one of the moments at which most can go wrong. */
const CRITICAL_CHANCE = 0.15;
const CRITICAL_MS_MAX = 15;
const RECONFIGURING_CHANCE = 0.6;
/** Long enough for the others to miss the leader and to elect another one. */
const APART_MS_MIN = 3000;
const APART_MS_MAX = 6000;
const SLOW_FAILURE_MS_MAX = 1000;
/** Long enough for the others to have another leader, and too short for the deaf one to give up. */
const DEAF_MS_MIN = 2300;
const DEAF_MS_MAX = 3900;
const FOUNDED_MS_MAX = 1500;
/** Of a learner's way to its leader: less than the leader waits for a sign of life. */
const HELD_UP_MS_MAX = 1800;

export class Faults {
  readonly #world: FaultyWorld;
  /** How often each occurs, in relation to the others. */
  readonly #choices: readonly (readonly [weight: number, inject: () => void])[];

  constructor(world: FaultyWorld) {
    this.#world = world;
    this.#choices = [
      [18, this.#crashSomebody],
      [5, this.#losePower],
      [12, this.#partition],
      [8, this.#cutOffLeader],
      [10, this.#cutOneWay],
      [14, this.#healNetwork],
      [14, this.#breakLink],
      [12, this.#slowDisk],
      [8, this.#breakConnection],
      [8, this.#loseClientsOfHeldUpLearner],
      [5, this.#silenceClient],
      [3, this.#setClock],
    ];
  }

  inject(): void {
    const total = this.#choices.reduce((sum, [weight]) => sum + weight, 0);
    let drawn = this.#world.prng.below(total);
    for (const [weight, inject] of this.#choices) {
      if (drawn < weight) {
        inject();
        return;
      }
      drawn -= weight;
    }
  }

  onFounding(leader: SimulatedNode): void {
    const choice = this.#world.prng.below(100);
    if (choice < 15) this.#deafen(leader);
    else if (choice < 30) this.#foundInVain(leader);
  }

  onEstablished(): void {
    const { clock, prng } = this.#world;
    if (prng.chance(CRITICAL_CHANCE)) clock.after(prng.below(CRITICAL_MS_MAX), this.#losePower);
  }

  /** Some have another configuration, or know that it holds; the others go on without them, by what they know. */
  onReconfiguring(leader: SimulatedNode, next: EnsembleConfig): void {
    const { clock, prng, coverage } = this.#world;
    if (!prng.chance(RECONFIGURING_CHANCE)) return;
    coverage.count('reconfiguration cut off');
    const side = this.#pickSide(leader, next);
    clock.after(prng.chance(0.7) ? 0 : prng.below(CRITICAL_MS_MAX), () => {
      this.#setApart(side);
    });
    clock.after(APART_MS_MIN + prng.below(APART_MS_MAX - APART_MS_MIN), this.#healNetwork);
  }

  /** Just enough to go on by the next configuration, mostly. */
  #pickSide(leader: SimulatedNode, { verifier }: EnsembleConfig): SimulatedNode[] {
    const { prng, nodes } = this.#world;
    if (prng.chance(0.3)) return nodes.filter((node) => node === leader || prng.chance(0.5));
    const side = [leader];
    const others = nodes.filter((node) => node !== leader);
    while (others.length > 0 && !verifier.containsQuorum(side.map(({ sid }) => sid))) {
      side.push(...others.splice(prng.below(others.length), 1));
    }
    return side;
  }

  onReplacing(node: SimulatedNode): void {
    const { clock, prng } = this.#world;
    if (!prng.chance(2 * CRITICAL_CHANCE)) return;
    clock.after(prng.below(CRITICAL_MS_MAX), () => {
      this.#crash(node);
    });
  }

  heal(): void {
    this.#world.log('everything heals');
    for (const node of this.#world.nodes) {
      node.disk.slowMs = 0;
      this.#restart(node);
    }
    this.#healNetwork();
  }

  get #leader(): SimulatedNode | undefined {
    return this.#world.nodes.find(({ server }) => server?.peerState === 'LEADING' && server.isServing);
  }

  // Servers.

  /** The leader rather than anybody. */
  #pickVictim(): SimulatedNode {
    const { prng, nodes } = this.#world;
    const leader = this.#leader;
    return leader && prng.chance(0.5) ? leader : prng.pick(nodes);
  }

  readonly #crashSomebody = (): void => {
    const victim = this.#pickVictim();
    if (victim === this.#leader) this.#world.coverage.count('crash of the leader');
    this.#crash(victim);
  };

  /** Most servers at once, which is when it shows whether what was acknowledged was on disk. */
  readonly #losePower = (): void => {
    const { log, nodes, prng, coverage } = this.#world;
    log('the power fails');
    coverage.count('power failure');
    for (const node of nodes) if (prng.chance(0.8)) this.#crash(node);
  };

  #crash(node: SimulatedNode): void {
    const { clock, prng, coverage, links, connections, log } = this.#world;
    if (!node.server) return;
    log(`server ${node.sid} crashes`);
    coverage.count('crash');
    node.crash();
    links.breakAllOf(node);
    connections.breakAllOf(node, () => prng.below(CLIENT_TOLD_MS_MAX));
    clock.after(RESTART_MS_MIN + prng.below(RESTART_MS_MAX), () => {
      this.#restart(node);
    });
  }

  #restart(node: SimulatedNode): void {
    if (node.server) return;
    this.#world.log(`server ${node.sid} starts`);
    this.#world.coverage.count('restart');
    node.start();
    this.#reconnectElections(node);
  }

  readonly #slowDisk = (): void => {
    const { clock, prng, coverage } = this.#world;
    const { disk } = this.#pickVictim();
    disk.slowMs = prng.pick(SLOW_MS);
    if (disk.slowMs === 0) return;
    coverage.count('slow disk');
    // Whoever counts on what is not there yet is found out when all memory is gone.
    if (prng.chance(CRITICAL_CHANCE)) clock.after(prng.below(SLOW_FAILURE_MS_MAX), this.#losePower);
  };

  /** Of the wall; no promise depends on it. */
  readonly #setClock = (): void => {
    const { prng, nodes, coverage } = this.#world;
    const node = prng.pick(nodes);
    node.wallSkewMs += prng.below(2 * CLOCK_SET_MS_MAX) - CLOCK_SET_MS_MAX;
    coverage.count('clock set');
  };

  // The network.

  readonly #partition = (): void => {
    const { prng, nodes, coverage } = this.#world;
    coverage.count('partition');
    this.#setApart(nodes.filter(() => prng.chance(0.5)));
  };

  readonly #cutOffLeader = (): void => {
    const leader = this.#leader;
    if (!leader) return;
    this.#world.coverage.count('leader cut off');
    this.#setApart([leader]);
  };

  #setApart(side: readonly SimulatedNode[]): void {
    const { nodes, network, log } = this.#world;
    log(`a partition sets ${side.map(({ sid }) => sid).join(', ')} apart`);
    for (const a of nodes) {
      for (const b of nodes) if (side.includes(a) !== side.includes(b)) network.cut(a.sid, b.sid);
    }
  }

  readonly #cutOneWay = (): void => {
    const { prng, nodes, network, coverage, log } = this.#world;
    const from = prng.pick(nodes);
    const to = prng.pick(nodes);
    if (from === to) return;
    log(`${from.sid} is not heard by ${to.sid}`);
    coverage.count('one-way cut');
    network.cut(from.sid, to.sid);
  };

  /** All but one lose sight of the leader; that one may have its history, and be gone with it when others go on. */
  #foundInVain(leader: SimulatedNode): void {
    const { clock, prng, nodes } = this.#world;
    const only = prng.pick(nodes);
    this.#setApart([leader, only]);
    clock.after(prng.below(FOUNDED_MS_MAX), () => {
      this.#crash(leader);
      this.#crash(only);
      this.#healNetwork();
    });
  }

  #deafen({ sid }: SimulatedNode): void {
    const { clock, prng, nodes, network, log } = this.#world;
    log(`${sid} hears nobody`);
    for (const other of nodes) if (other.sid !== sid) network.cut(other.sid, sid);
    clock.after(DEAF_MS_MIN + prng.below(DEAF_MS_MAX - DEAF_MS_MIN), this.#healNetwork);
  }

  readonly #healNetwork = (): void => {
    const { nodes, network, coverage, log } = this.#world;
    log('the network heals');
    coverage.count('network healed');
    network.heal();
    for (const node of nodes) this.#reconnectElections(node);
  };

  #reconnectElections(node: SimulatedNode): void {
    for (const other of this.#world.nodes) {
      if (other === node) continue;
      node.step({ kind: 'peerConnected', sid: other.sid });
      other.step({ kind: 'peerConnected', sid: node.sid });
    }
  }

  readonly #breakLink = (): void => {
    const { prng, links, coverage, log } = this.#world;
    if (links.ends.length === 0) return;
    const end = prng.pick(links.ends);
    log(`the connection of server ${end.node.sid} to ${end.out.to} breaks`);
    coverage.count('quorum connection broken');
    links.break(end);
  };

  // Clients.

  readonly #breakConnection = (): void => {
    const { prng, connections, coverage } = this.#world;
    if (connections.ends.length === 0) return;
    coverage.count('client connection broken');
    connections.break(prng.pick(connections.ends), prng.below(CLIENT_TOLD_MS_MAX));
  };

  /** What they asked for last reaches the leader late, when they are somewhere else. */
  readonly #loseClientsOfHeldUpLearner = (): void => {
    const { clock, prng, nodes, network, connections, coverage, log } = this.#world;
    const leader = this.#leader;
    const learner = prng.pick(nodes);
    if (!leader || learner === leader || !learner.server?.isServing) return;
    log(`${learner.sid} is held up on its way to its leader, and loses its clients`);
    coverage.count('learner held up');
    network.cut(learner.sid, leader.sid);
    clock.after(prng.below(HELD_UP_MS_MAX), () => {
      connections.breakAllOf(learner, () => prng.below(CLIENT_TOLD_MS_MAX));
    });
    clock.after(HELD_UP_MS_MAX, () => {
      network.mend(learner.sid, leader.sid);
    });
  };

  readonly #silenceClient = (): void => {
    const { prng, clients, coverage } = this.#world;
    coverage.count('client silent');
    prng.pick(clients).beSilent(prng.below(SILENCE_MS_MAX));
  };
}
