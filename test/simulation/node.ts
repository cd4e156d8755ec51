/** One simulated machine: a quorum server, its disk, its clocks, and its ends of all connections. */
import { createHash } from 'node:crypto';

import type { ServerConfig } from '../../embedded-server/core/config.ts';
import type { Now } from '../../embedded-server/core/effects.ts';
import type { EnsembleConfig } from '../../embedded-server/core/ensemble-config.ts';
import { configOfText, configOfTxn } from '../../embedded-server/core/membership.ts';
import type {
  LinkId,
  QuorumEffect,
  QuorumEvent,
  StorageOperation,
} from '../../embedded-server/core/quorum-effects.ts';
import { QuorumServer } from '../../embedded-server/core/quorum-server.ts';
import type { QuorumLimits } from '../../embedded-server/core/role.ts';
import type { Notification, PeerState } from '../../embedded-server/quorum-protocol/notification.ts';
import { decodeSessionTimeouts } from '../../embedded-server/quorum-protocol/packet-bodies.ts';
import { QuorumStreamDecoder } from '../../embedded-server/quorum-protocol/stream-decoder.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import type { LogEntry } from '../../shared/storage-format/txn.ts';
import type { VirtualClock } from './clock.ts';
import type { Coverage, Kind } from './coverage.ts';
import type { SimulatedDisk } from './disk.ts';
import { LeaderHearing, LearnerHearing } from './expiry-checker.ts';
import type { HistoryModel } from './history-model.ts';
import { Promises } from './promise-checker.ts';
import { type Listener, type Provenance, listenDuring } from './probe.ts';

/** What a machine asks of the world around it. */
export interface World {
  readonly clock: VirtualClock;
  readonly history: HistoryModel;
  readonly provenance: Provenance;
  readonly coverage: Coverage;
  notify(from: SimulatedNode, to: number, notification: Notification): void;
  connectLeader(from: SimulatedNode, linkId: LinkId, sid: number): void;
  sendLink(from: SimulatedNode, linkId: LinkId, bytes: Uint8Array): void;
  closeLink(from: SimulatedNode, linkId: LinkId): void;
  sendClient(from: SimulatedNode, connectionId: number, bytes: Uint8Array): void;
  closeClient(from: SimulatedNode, connectionId: number): void;
  /** Moments at which most can go wrong: a leader waits for a quorum to have its history, */
  onFounding(leader: SimulatedNode): void;
  /** it has just been established, */
  onEstablished(): void;
  /** it has just proposed another configuration, or is about to tell the others that it holds, */
  onReconfiguring(leader: SimulatedNode, next: EnsembleConfig): void;
  /** a server gives up a part of what it has on disk for what a leader has. */
  onReplacing(node: SimulatedNode): void;
  readonly log: (line: string) => void;
}

export interface NodeSettings {
  readonly config: ServerConfig;
  readonly ensemble: EnsembleConfig;
  readonly limits: QuorumLimits;
}

/** What nothing but a line of a server's log tells. */
const TOLD: readonly (readonly [text: string, kind: Kind])[] = [
  ['asking the leader for a snapshot', 'snapshot asked for'],
  ['leads by the new configuration', 'leadership handed over'],
  ['another server has configuration', 'configuration heard of'],
  ['changes the roles', 'role changed'],
  ['the zxids of this epoch are used up', 'zxids of an epoch used up'],
];

const WALL_MS_START = 1_700_000_000_000;

export class SimulatedNode {
  readonly sid: number;
  readonly disk: SimulatedDisk;
  readonly #world: World;
  readonly #settings: NodeSettings;
  /** How much the clocks of this machine are off: the wall clock by ms, the other by a factor. */
  wallSkewMs: number;
  readonly #rate: number;
  readonly #promises: Promises;
  #server: QuorumServer | undefined;
  /** Of the process; what was meant for a former one is void. */
  #generation = 0;
  #nextTickMs = Infinity;
  #wasServing = false;
  /** Effects wait to be carried out. */
  #isDue = false;
  #wasState: PeerState = 'LOOKING';
  #wasFounding = false;
  #leaderHearing: LeaderHearing | undefined;
  #learnerHearing: LearnerHearing | undefined;
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
    this.wallSkewMs = wallSkewMs;
    this.#rate = rate;
    this.#promises = new Promises(`server ${sid}`);
  }

  /** Undefined while the process is down. */
  get server(): QuorumServer | undefined {
    return this.#server;
  }

  get generation(): number {
    return this.#generation;
  }

  get #isPrimary(): boolean {
    return this.#server?.peerState === 'LEADING' && this.#server.zabState === 'BROADCAST';
  }

  get #now(): Now {
    const { nowMs } = this.#world.clock;
    return {
      elapsedMs: Math.floor(nowMs * this.#rate),
      wallMs: WALL_MS_START + this.wallSkewMs + Math.floor(nowMs),
    };
  }

  newLinkId(): LinkId {
    return ++this.#lastLinkId;
  }

  newConnectionId(): number {
    return ++this.#lastConnectionId;
  }

  start(): void {
    this.#stopHearing();
    this.#wasState = 'LOOKING';
    const restored = listenDuring(this.#listener(), () => this.disk.restore());
    const server = new QuorumServer({
      sid: this.sid,
      ...this.#settings,
      ensemble: configOfText(this.disk.configs.committed) ?? this.#settings.ensemble,
      lastSeenEnsemble: configOfText(this.disk.configs.lastSeen),
      restored,
      sha1: (bytes) => createHash('sha1').update(bytes).digest(),
      now: this.#now,
    });
    this.#server = server;
    this.disk.subject = { database: () => server.database, unsettledCount: () => server.unsettledCount };
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
    this.#hear(server, event);
    listenDuring(this.#listener(), () => {
      server.handle(event, this.#now);
    });
    this.#checkServing(server);
    this.#countState(server);
    this.#checkFounding(server);
    // A connection may have been given its session just now.
    this.#hear(server, event);
    if (event.kind === 'tick') this.#leaderHearing?.checkOverdue(this.#now.elapsedMs);
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
        this.#onProposed(entry);
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
    if (!server.isServing) this.#stopHearing();
    else if (server.peerState === 'LEADING') this.#onEstablished(server);
    else {
      this.#world.history.onServing(`server ${this.sid}`, server.database, 'Agreement');
      this.#learnerHearing = new LearnerHearing(`server ${this.sid}`);
    }
  }

  #onEstablished({ database, currentEpoch }: QuorumServer): void {
    const { history, provenance, coverage } = this.#world;
    const entries = provenance.entriesBehind(database, history.lastZxid);
    const when = history.onEstablished(this.sid, currentEpoch, database, entries);
    coverage.count(when === 'late' ? 'leader established late' : 'leader established');
    this.#leaderHearing = new LeaderHearing({
      server: `server ${this.sid}`,
      intervalMs: this.#settings.config.tickTimeMs,
      sessionTimeoutsMs: database.sessionTimeoutsMs,
      nowMs: this.#now.elapsedMs,
    });
    this.#world.onEstablished();
  }

  #countState({ peerState }: QuorumServer): void {
    if (peerState === this.#wasState) return;
    this.#wasState = peerState;
    const { coverage } = this.#world;
    switch (peerState) {
      case 'LOOKING':
        coverage.count('election round');
        break;
      case 'LEADING':
        coverage.count('became leader');
        break;
      case 'FOLLOWING':
        coverage.count('became follower');
        break;
      case 'OBSERVING':
        coverage.count('became observer');
        break;
    }
  }

  #checkFounding({ peerState, zabState }: QuorumServer): void {
    const isFounding = peerState === 'LEADING' && zabState === 'SYNCHRONIZATION';
    if (isFounding && !this.#wasFounding) this.#world.onFounding(this);
    this.#wasFounding = isFounding;
  }

  // What the checks of expiry go by.

  #stopHearing(): void {
    this.#wasServing = false;
    this.#leaderHearing = undefined;
    this.#learnerHearing = undefined;
  }

  #hear(server: QuorumServer, event: QuorumEvent): void {
    const { elapsedMs } = this.#now;
    if (event.kind === 'framesArrived') {
      const connection = server.connections.get(event.connectionId);
      if (connection?.state !== 'established' || !connection.session) return;
      const { sessionId } = connection.session;
      this.#leaderHearing?.onHeard(sessionId, connection.sessionTimeoutMs, elapsedMs);
      this.#learnerHearing?.onHeard(sessionId);
    } else if (event.kind === 'linkMessage' && event.message.kind === 'packet') {
      const { type, data } = event.message.packet;
      if (isOwnDial(event.linkId)) this.#promises.onHeard(event.message.packet);
      if (type === 'PING') this.#learnerHearing?.onPinged();
      if (!this.#leaderHearing || (type !== 'PING' && type !== 'REVALIDATE')) return;
      for (const { sessionId, timeoutMs } of decodeSessionTimeouts(data)) {
        this.#leaderHearing.onHeard(sessionId, timeoutMs, elapsedMs);
      }
    }
  }

  #onProposed({ header: { clientId, cxid }, txn }: LogEntry): void {
    const nowMs = this.#now.elapsedMs;
    const config = configOfTxn(txn);
    if (config) this.#world.onReconfiguring(this, config);
    if (txn.op === 'error' && txn.err === ErrorCode.SESSIONMOVED) {
      this.#world.coverage.count('refused, since the session has moved');
    }
    if (txn.op === 'createSession') this.#leaderHearing?.onCreated(clientId, txn.timeoutMs, nowMs);
    if (txn.op !== 'closeSession') return;
    // Only a leader's own requests have no number.
    this.#leaderHearing?.onClosing(clientId, { isExpired: cxid === 0, nowMs });
  }

  /** What a learner tells its leader. */
  #checkSaid(bytes: Uint8Array): void {
    new QuorumStreamDecoder((message) => {
      if (message.kind !== 'packet') return;
      const { packet } = message;
      this.#promises.onSaid(packet);
      if (packet.type === 'PING' && this.#learnerHearing) {
        const reported = decodeSessionTimeouts(packet.data).map(({ sessionId }) => sessionId);
        this.#learnerHearing.onReported(reported, this.#server?.database.sessionTimeoutsMs ?? new Map());
      }
    }).push(bytes);
  }

  #run(effect: QuorumEffect): void {
    const world = this.#world;
    switch (effect.kind) {
      case 'store': {
        const generation = this.#generation;
        this.#tellOperation(effect.operation);
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
        if (isOwnDial(effect.linkId)) this.#checkSaid(effect.bytes);
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
        for (const [text, kind] of TOLD) if (effect.message.includes(text)) world.coverage.count(kind);
        break;
      case 'membership':
        world.coverage.count('members changed');
        break;
      case 'pauseReads':
      case 'resumeReads':
        break;
    }
  }

  #tellOperation(operation: StorageOperation): void {
    if (operation.op === 'truncate' || operation.op === 'snapshot') this.#world.onReplacing(this);
    if (operation.op !== 'committedConfig' || !this.#isPrimary) return;
    const config = configOfText(operation.text);
    if (config) this.#world.onReconfiguring(this, config);
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

/** Of the connection that a learner opened to its leader. */
function isOwnDial(linkId: LinkId): boolean {
  return linkId < 0;
}
