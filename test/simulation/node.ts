/** One simulated machine: a quorum server, its disk, its clocks, and its ends of all connections. */
import { createHash } from 'node:crypto';

import type { ServerConfig } from '../../embedded-server/core/config.ts';
import type { Now } from '../../embedded-server/core/effects.ts';
import type { EnsembleConfig } from '../../embedded-server/core/ensemble-config.ts';
import type { LinkId, QuorumEffect, QuorumEvent } from '../../embedded-server/core/quorum-effects.ts';
import { QuorumServer } from '../../embedded-server/core/quorum-server.ts';
import type { QuorumLimits } from '../../embedded-server/core/role.ts';
import type { Notification } from '../../embedded-server/quorum-protocol/notification.ts';
import type { VirtualClock } from './clock.ts';
import type { SimulatedDisk } from './disk.ts';
import type { HistoryModel } from './history-model.ts';
import { type Listener, type Provenance, listenDuring } from './probe.ts';

/** What a machine asks of the world around it. */
export interface World {
  readonly clock: VirtualClock;
  readonly history: HistoryModel;
  readonly provenance: Provenance;
  notify(from: SimulatedNode, to: number, notification: Notification): void;
  connectLeader(from: SimulatedNode, linkId: LinkId, sid: number): void;
  sendLink(from: SimulatedNode, linkId: LinkId, bytes: Uint8Array): void;
  closeLink(from: SimulatedNode, linkId: LinkId): void;
  sendClient(from: SimulatedNode, connectionId: number, bytes: Uint8Array): void;
  closeClient(from: SimulatedNode, connectionId: number): void;
  /** A leader has just been established: the moment at which most can go wrong. */
  onEstablished(): void;
  log(line: string): void;
}

export interface NodeSettings {
  readonly config: ServerConfig;
  readonly ensemble: EnsembleConfig;
  readonly limits: QuorumLimits;
}

const WALL_MS_START = 1_700_000_000_000;

export class SimulatedNode {
  readonly sid: number;
  readonly disk: SimulatedDisk;
  readonly #world: World;
  readonly #settings: NodeSettings;
  /** How much the clocks of this machine are off: the wall clock by ms, the other by a factor. */
  readonly #wallSkewMs: number;
  readonly #rate: number;
  #server: QuorumServer | undefined;
  /** Of the process; what was meant for a former one is void. */
  #generation = 0;
  #nextTickMs = Infinity;
  #wasServing = false;
  /** Effects wait to be carried out. */
  #isDue = false;
  #lastLinkId = 0;
  #lastConnectionId = 0;

  constructor(
    sid: number,
    {
      world,
      settings,
      disk,
      wallSkewMs,
      rate,
    }: {
      world: World;
      settings: NodeSettings;
      disk: SimulatedDisk;
      wallSkewMs: number;
      rate: number;
    },
  ) {
    this.sid = sid;
    this.disk = disk;
    this.#world = world;
    this.#settings = settings;
    this.#wallSkewMs = wallSkewMs;
    this.#rate = rate;
  }

  /** Undefined while the process is down. */
  get server(): QuorumServer | undefined {
    return this.#server;
  }

  get generation(): number {
    return this.#generation;
  }

  get #now(): Now {
    const { nowMs } = this.#world.clock;
    return {
      elapsedMs: Math.floor(nowMs * this.#rate),
      wallMs: WALL_MS_START + this.#wallSkewMs + Math.floor(nowMs),
    };
  }

  newLinkId(): LinkId {
    return ++this.#lastLinkId;
  }

  newConnectionId(): number {
    return ++this.#lastConnectionId;
  }

  start(): void {
    const { acceptedEpoch, currentEpoch } = this.disk;
    this.#wasServing = false;
    const data = listenDuring(this.#listener(), () => this.disk.restore());
    this.#server = new QuorumServer({
      sid: this.sid,
      ...this.#settings,
      restored: { data, acceptedEpoch, currentEpoch },
      sha1: (bytes) => createHash('sha1').update(bytes).digest(),
      now: this.#now,
    });
    this.step({ kind: 'tick' });
  }

  crash(): void {
    this.#server = undefined;
    this.#generation++;
    this.#isDue = false;
    this.#nextTickMs = Infinity;
    this.disk.crash();
  }

  step(event: QuorumEvent): void {
    const server = this.#server;
    if (!server) return;
    listenDuring(this.#listener(), () => {
      server.handle(event, this.#now);
    });
    this.#checkServing(server);
    if (server.isUrgent) for (const effect of server.takeUrgentEffects()) this.#run(effect);
    this.#carryOutSoon(server);
    this.#scheduleTick(server);
  }

  /** As event-loop.ts: what is done about all events of one moment is done together, and lost in a crash before that. */
  #carryOutSoon(server: QuorumServer): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const generation = this.#generation;
    this.#world.clock.after(0, () => {
      if (generation !== this.#generation) return;
      this.#isDue = false;
      for (const effect of server.takeEffects()) this.#run(effect);
    });
  }

  #listener(): Listener {
    const { history, provenance } = this.#world;
    return {
      provenance,
      onProposed: (entry, bytes) => {
        history.onProposed(entry.header.zxid, bytes);
      },
      onDelivered: (entry, bytes) => {
        const digest = this.#server?.database.tree.digest ?? 0n;
        history.onDelivered(`server ${this.sid}`, entry, bytes, digest);
      },
    };
  }

  #checkServing(server: QuorumServer): void {
    if (server.isServing === this.#wasServing) return;
    this.#wasServing = server.isServing;
    this.#world.log(`server ${this.sid} ${server.isServing ? 'serves' : 'stops'}: ${server.peerState}`);
    if (!server.isServing) return;
    const { history } = this.#world;
    if (server.peerState !== 'LEADING') {
      history.onServing(`server ${this.sid}`, server.database, 'Agreement');
      return;
    }
    const entries = this.#world.provenance.entriesBehind(server.database, history.lastZxid);
    history.onEstablished(this.sid, server.currentEpoch, server.database, entries);
    this.#world.onEstablished();
  }

  #run(effect: QuorumEffect): void {
    const world = this.#world;
    switch (effect.kind) {
      case 'store': {
        const generation = this.#generation;
        this.disk.store(effect, (storageId, reloaded) => {
          if (generation !== this.#generation) return;
          const data = reloaded && listenDuring(this.#listener(), reloaded);
          this.step({ kind: 'stored', storageId, ...(data && { reloaded: data }) });
        });
        break;
      }
      case 'notify':
        world.notify(this, effect.to, effect.notification);
        break;
      case 'connectLeader':
        world.connectLeader(this, effect.linkId, effect.sid);
        break;
      case 'sendLink':
        world.sendLink(this, effect.linkId, effect.bytes);
        break;
      case 'closeLink':
        world.closeLink(this, effect.linkId);
        break;
      case 'send':
        world.sendClient(this, effect.connectionId, effect.bytes);
        break;
      case 'close':
        world.closeClient(this, effect.connectionId);
        break;
      case 'log':
        world.log(`server ${this.sid}: ${effect.message}`);
        break;
      case 'pauseReads':
      case 'resumeReads':
        break;
    }
  }

  #scheduleTick(server: QuorumServer): void {
    const { clock } = this.#world;
    const dueMs = Math.max(clock.nowMs + 1, Math.ceil(server.nextTickMs / this.#rate));
    if (dueMs >= this.#nextTickMs && this.#nextTickMs > clock.nowMs) return;
    this.#nextTickMs = dueMs;
    const generation = this.#generation;
    clock.after(dueMs - clock.nowMs, () => {
      if (generation !== this.#generation || this.#nextTickMs !== dueMs) return;
      this.#nextTickMs = Infinity;
      this.step({ kind: 'tick' });
    });
  }
}
