/**
 * A whole server of an ensemble: events in, effects out (ZooKeeper's QuorumPeer; PROTOCOL.md 4.7). It looks for a leader,
 * then leads or follows until its role ends, then looks again. Between two roles it waits until everything that it handed
 * to the disk is there, and applies what its log holds beyond what was committed: it votes with all that it may have
 * acknowledged.
 *
 * ```
 *   LOOKING ─decided─► LEADING, FOLLOWING, OBSERVING ─role ends, clients dropped─► draining ─all stored─► LOOKING
 * ```
 */
import { assert } from '../../shared/assert.ts';
import { AppError } from '../../shared/errors.ts';
import type { Sid } from '../../shared/ids.ts';
import type { PeerState } from '../quorum-protocol/notification.ts';
import type { Sha1 } from './acl-check.ts';
import { type Chronicle, NO_CHRONICLE } from './chronicle.ts';
import { ClientRooms } from './client-rooms.ts';
import type { LoggedTxn } from './committed-log.ts';
import type { ServerConfig } from './config.ts';
import type { Connections } from './connections.ts';
import { CONFIG_PATH } from './data-tree.ts';
import type { Database } from './database.ts';
import type { Now } from './effects.ts';
import { Election, type ElectionOptions } from './election.ts';
import type { EnsembleConfig } from './ensemble-config.ts';
import { Leader, type LeaderFacts } from './leader.ts';
import type { LearnerFacts } from './learner-link.ts';
import { Learner } from './learner.ts';
import { Membership, configOfBytes, configOfText } from './membership.ts';
import { Outbox } from './outbox.ts';
import type { LinkId, QuorumEffect, QuorumEvent, RestoredData } from './quorum-effects.ts';
import { QuorumOutbox } from './quorum-outbox.ts';
import { QuorumStats } from './quorum-stats.ts';
import { ReadOnlyService } from './read-only-service.ts';
import { Replica } from './replica.ts';
import type { QuorumLimits, Role, RoleRooms } from './role.ts';
import type { ServerStats } from './server-stats.ts';
import { SessionIds } from './session-ids.ts';
import type { SessionTracker } from './session-tracker.ts';
import { StorageQueue } from './storage-queue.ts';
import type { Watches } from './watches.ts';
import type { ZabState } from './zab-state.ts';

export interface QuorumServerOptions {
  readonly sid: Sid;
  readonly config: ServerConfig;
  /** The configuration that holds, as far as this server knows. */
  readonly ensemble: EnsembleConfig;
  /** One that was about to hold, where there is any. */
  readonly lastSeenEnsemble?: EnsembleConfig | undefined;
  readonly limits: QuorumLimits;
  readonly electionOptions?: ElectionOptions;
  /** What the disk holds. */
  readonly restored: {
    readonly data: RestoredData;
    readonly acceptedEpoch: number;
    readonly currentEpoch: number;
  };
  readonly sha1: Sha1;
  readonly now: Now;
  readonly chronicle?: Chronicle;
}

/** What others are told of a server's part in its ensemble. */
interface Standing {
  readonly state: PeerState;
  readonly phase: ZabState;
  readonly leader: Sid | null;
}

/** As Apache: for so long, or a tick if that is longer, a server looks before it serves without a leader. */
const READ_ONLY_WAIT_MS_MIN = 2000;

export class QuorumServer {
  readonly config: ServerConfig;
  readonly startedAt: Now;
  readonly quorumStats = new QuorumStats();
  readonly #sid: Sid;
  readonly #membership: Membership;
  readonly #rooms: RoleRooms;
  readonly #clients: ClientRooms;
  readonly #replica: Replica;
  readonly #election: Election;
  readonly #chronicle: Chronicle;
  /** Since then it has looked for a leader. */
  #lookingSinceMs: number;
  /** Since then it has not served clients. */
  #unavailableSinceMs: number;
  readonly #outbox = new Outbox();
  readonly #links = new QuorumOutbox();
  readonly #storage = new StorageQueue(this.#links.emit);
  #role: Role | undefined;
  /** What the last role left in the log without applying it; undefined unless draining. */
  #unapplied: readonly LoggedTxn[] | undefined = [];
  /** Whom a reconfiguration named to lead once the last role is over. */
  #successor: Sid | undefined;
  /** Undefined unless it serves so. */
  #readOnly: ReadOnlyService | undefined;
  #readOnlyDueMs = Infinity;
  #lastLinkId: LinkId = 0;
  #toldStanding: Standing = { state: 'LOOKING', phase: 'BROADCAST', leader: null };
  /** Of the next change of the standing. */
  #reason: string | null = 'the server has started';
  #now: Now;

  constructor(options: QuorumServerOptions) {
    const { sid, config, limits, restored, sha1, now, chronicle = NO_CHRONICLE } = options;
    this.#sid = sid;
    this.config = config;
    this.startedAt = now;
    this.#now = now;
    this.#replica = new Replica(restored);
    this.#clients = new ClientRooms({ config, outbox: this.#outbox, sha1, now, chronicle });
    this.#chronicle = chronicle;
    this.#lookingSinceMs = now.elapsedMs;
    this.#unavailableSinceMs = now.elapsedMs;
    this.#membership = membershipOf(options);
    this.#election = new Election({
      sid,
      membership: this.#membership,
      chronicle,
      ...(options.electionOptions && { options: options.electionOptions }),
    });
    this.#rooms = {
      sid,
      config,
      membership: this.#membership,
      limits,
      replica: this.#replica,
      storage: this.#storage,
      links: this.#links,
      clients: this.#clients,
      outbox: this.#outbox,
      sessionIds: new SessionIds({ sid, startWallMs: now.wallMs }),
      chronicle,
      stats: this.quorumStats,
      clock: () => this.#now,
      newLinkId: () => --this.#lastLinkId,
      onEpochEstablished: (epoch) => {
        this.#election.onEpochEstablished(epoch);
      },
    };
  }

  get peerState(): PeerState {
    return this.#election.peerState;
  }

  get zabState(): ZabState {
    return this.#role?.zabState ?? 'ELECTION';
  }

  /** Whom this server follows, or backs while it looks. */
  get leader(): Sid {
    return this.#election.leader;
  }

  get isServing(): boolean {
    return this.#clients.isServing;
  }

  /** Whether it serves without a leader, to those who accept that. */
  get isReadOnly(): boolean {
    return this.#clients.isReadOnly;
  }

  get database(): Database {
    return this.#replica.database;
  }

  /** The configuration that is committed. */
  get ensemble(): EnsembleConfig {
    return this.#membership.committed;
  }

  /** Grows with everything that is applied without a quorum's word: it may be taken back. */
  get unsettledCount(): number {
    return this.#replica.unsettledCount;
  }

  get acceptedEpoch(): number {
    return this.#replica.acceptedEpoch;
  }

  get currentEpoch(): number {
    return this.#replica.currentEpoch;
  }

  get connections(): Connections {
    return this.#clients.connections;
  }

  get stats(): ServerStats {
    return this.#clients.stats;
  }

  get watches(): Watches {
    return this.#clients.watches;
  }

  /** Requests without an answer yet. */
  get outstanding(): number {
    return this.#clients.outstanding;
  }

  /** Of a leader that is established. */
  get sessions(): SessionTracker | undefined {
    return this.#role instanceof Leader ? this.#role.sessions : undefined;
  }

  /** While this server leads. */
  get leaderFacts(): LeaderFacts | undefined {
    return this.#role instanceof Leader ? this.#role.facts : undefined;
  }

  /** Those connected, while this server leads. */
  get learners(): readonly LearnerFacts[] {
    return this.#role instanceof Leader ? this.#role.learners : [];
  }

  /** When the next `tick` event has something to do, on the elapsed clock. */
  get nextTickMs(): number {
    return Math.min(
      this.#election.nextMs,
      this.#role?.nextTickMs ?? Infinity,
      this.#readOnly?.nextTickMs ?? this.#readOnlyDueMs,
      this.#clients.connections.nextExpiryMs,
      // The first tick begins the first election.
      this.#unapplied && this.#storage.isIdle ? this.#now.elapsedMs : Infinity,
    );
  }

  /** One event and its effects. */
  step(event: QuorumEvent, now: Now): QuorumEffect[] {
    this.handle(event, now);
    return this.takeEffects();
  }

  /** Whether {@link takeUrgentEffects} should be called now, rather than {@link takeEffects} after the events to come. */
  get isUrgent(): boolean {
    return this.#outbox.isUrgent;
  }

  handle(event: QuorumEvent, now: Now): void {
    this.#now = now;
    this.#clients.startStep(now);
    try {
      this.#dispatch(event);
    } catch (error) {
      // What a leader sent cannot be: this server looks for another. Learners' mistakes are caught in leader.ts.
      if (!(error instanceof AppError) || event.kind !== 'linkMessage') throw error;
      this.#endRole(error.message);
    }
    this.#settle();
    this.#clients.endStep();
  }

  /** What clients are told: it depends on nothing that is still to be done. */
  takeUrgentEffects(): QuorumEffect[] {
    return this.#outbox.take();
  }

  /** Of all events since the last call. */
  takeEffects(): QuorumEffect[] {
    const effects = this.#links.take();
    effects.push(...this.#outbox.take());
    return effects;
  }

  #dispatch(event: QuorumEvent): void {
    switch (event.kind) {
      case 'notificationArrived':
        if (this.#learnConfig(event.notification.config)) this.#look();
        else this.#election.onNotification(event.from, event.notification, this.#now.elapsedMs);
        break;
      case 'peerConnected':
        this.#election.onPeerConnected(event.sid);
        break;
      case 'linkOpened':
        this.#onLinkOpened(event.linkId);
        break;
      case 'linkMessage':
        this.#role?.onLinkMessage(event.linkId, event.message);
        break;
      case 'linkClosed':
        this.#role?.onLinkClosed(event.linkId);
        break;
      case 'stored':
        this.#storage.onStored(event.storageId, event.reloaded);
        break;
      case 'tick':
        this.#onTick();
        break;
      default:
        this.#clients.onEvent(event);
    }
  }

  /**
   * A server that looks takes over a newer configuration that somebody has committed. Returns whether that changes the
   * members: then what was said so far counts for nothing.
   */
  #learnConfig(text: string | undefined): boolean {
    const isLooking = this.#election.peerState === 'LOOKING' && !this.#unapplied && !this.#role;
    if (!isLooking || !this.#membership.isReconfigurable || text === this.#membership.committed.text) {
      return false;
    }
    const config = configOfText(text);
    if (!config || config.version <= this.#membership.committed.version) return false;
    this.#outbox.log('info', `another server has configuration ${config.version.toString(16)}`);
    this.#storage.run({ op: 'committedConfig', text: config.text }, () => undefined);
    return this.#membership.activate(config);
  }

  /** Learners are let in by a leader only; who dialled for a role that is over is not needed any more. */
  #onLinkOpened(linkId: LinkId): void {
    const isLearners = linkId > 0;
    if (this.#role && isLearners === this.#role instanceof Leader) this.#role.onLinkOpened(linkId);
    else this.#links.closeLink(linkId);
  }

  #onTick(): void {
    this.#election.tick(this.#now.elapsedMs);
    this.#role?.tick();
    if (this.#readOnly) this.#readOnly.tick(this.#now);
    else if (this.#now.elapsedMs >= this.#readOnlyDueMs) this.#becomeReadOnly();
    this.stats.sessionlessConnectionsExpired += this.#clients.connections.closeSilent(this.#now);
  }

  /** Changes the role where that is due. */
  #settle(): void {
    const reason = this.#role?.endReason;
    if (reason !== undefined) this.#endRole(reason);
    if (this.#unapplied && this.#storage.isIdle) this.#becomeReady(this.#unapplied);
    if (!this.#unapplied && !this.#role && this.#election.peerState !== 'LOOKING') this.#startRole();
    if (this.#membership.takeChanged()) {
      this.#links.emit({ kind: 'membership', servers: this.#membership.servers });
    }
    this.#tellStanding();
    for (const { to, notification } of this.#election.takeEffects()) {
      this.#links.emit({ kind: 'notify', to, notification });
    }
  }

  /** Nobody leads, for as long as it takes: what is here can be read. */
  #becomeReadOnly(): void {
    if (this.#role || this.#unapplied) return;
    this.#outbox.log('info', 'no leader was found for a while: serving what is here, read-only');
    const { database } = this.#replica;
    database.showConfig(this.#membership.committed, this.#now.wallMs);
    this.#readOnly = new ReadOnlyService({
      clients: this.#clients,
      database,
      sessionIds: this.#rooms.sessionIds,
      tickTimeMs: this.config.tickTimeMs,
      now: this.#now,
    });
  }

  #endReadOnly(): void {
    this.#readOnlyDueMs = Infinity;
    if (!this.#readOnly) return;
    this.#readOnly = undefined;
    this.#clients.stopServing();
  }

  #startRole(): void {
    this.#endReadOnly();
    const { peerState, leader } = this.#election;
    this.#outbox.log('info', `${peerState}, server ${leader} leads`);
    this.#role = peerState === 'LEADING' ? new Leader(this.#rooms) : new Learner(this.#rooms, leader);
  }

  #endRole(reason: string): void {
    const role = this.#role;
    if (!role) return;
    this.#outbox.log('info', `looking for a leader: ${reason}`);
    this.#role = undefined;
    this.#successor = role.successor;
    this.#unapplied = role.end();
    this.#reason = reason;
    this.#tellStanding();
    this.#clients.stopServing();
  }

  /** From the one that was told last to this. */
  #countStanding({ state, phase }: Standing): void {
    const stats = this.quorumStats;
    const { elapsedMs } = this.#now;
    if (state === 'LOOKING') {
      stats.lookings++;
      this.#lookingSinceMs = elapsedMs;
      if (this.#toldStanding.phase === 'BROADCAST') this.#unavailableSinceMs = elapsedMs;
    } else if (this.#toldStanding.state === 'LOOKING' && state !== 'OBSERVING') {
      stats.electionMs.add(elapsedMs - this.#lookingSinceMs);
    }
    if (phase !== 'BROADCAST') return;
    const unavailableMs = elapsedMs - this.#unavailableSinceMs;
    stats.unavailableMs.add(unavailableMs);
    if (state === 'LEADING') stats.leaderUnavailableMs.add(unavailableMs);
  }

  /** Where it changed since it was told last. */
  #tellStanding(): void {
    const isLooking = this.#role === undefined;
    const state = isLooking ? 'LOOKING' : this.#election.peerState;
    const phase = this.zabState;
    const leader = isLooking ? null : this.#election.leader;
    const told = this.#toldStanding;
    if (state === told.state && phase === told.phase && leader === told.leader) return;
    this.#countStanding({ state, phase, leader });
    this.#toldStanding = { state, phase, leader };
    const { currentEpoch: epoch, lastZxid } = this.#replica;
    this.#chronicle.tell({ kind: 'state', state, phase, leader, epoch, lastZxid, reason: this.#reason });
    this.#reason = null;
  }

  #becomeReady(unapplied: readonly LoggedTxn[]): void {
    assert(!this.#role, 'a server with a role looks for a leader');
    this.#unapplied = undefined;
    for (const txn of unapplied) this.#replica.apply(txn);
    if (this.config.readOnlyModeEnabled) {
      const waitMs = Math.max(READ_ONLY_WAIT_MS_MIN, this.config.tickTimeMs);
      this.#readOnlyDueMs = this.#now.elapsedMs + waitMs;
    }
    this.#tellStanding();
    const leader = this.#successor;
    this.#successor = undefined;
    if (leader === undefined || !this.#mayFollow(leader)) {
      this.#look();
      return;
    }
    const { lastZxid: zxid, currentEpoch: peerEpoch } = this.#replica;
    this.#election.follow({ leader, zxid, peerEpoch });
  }

  /** Who was named to lead may know more by now. */
  #mayFollow(leader: Sid): boolean {
    return leader !== this.#sid || this.#membership.committed.verifier.voters.has(leader);
  }

  #look(): void {
    this.#election.startLooking({
      lastZxid: this.#replica.lastZxid,
      currentEpoch: this.#replica.currentEpoch,
      nowMs: this.#now.elapsedMs,
    });
  }
}

/** A configuration that this server has in its log may be committed already. */
function membershipOf(options: QuorumServerOptions): Membership {
  const { sid, config, ensemble, lastSeenEnsemble, restored } = options;
  const inTree = configOfBytes(restored.data.database.tree.get(CONFIG_PATH)?.data);
  const isTreeNewer = inTree !== undefined && inTree.version > (lastSeenEnsemble?.version ?? 0n);
  return new Membership({
    sid,
    isReconfigurable: config.reconfigEnabled,
    committed: ensemble,
    lastSeen: config.reconfigEnabled ? (isTreeNewer ? inTree : lastSeenEnsemble) : undefined,
  });
}
