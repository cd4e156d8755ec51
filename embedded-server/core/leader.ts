/**
 * The leader (ZooKeeper's Leader and LeaderZooKeeperServer; PROTOCOL.md 5.2, 5.3, 5.5, 5.8, 5.9, 5.12; Zab paper, phases 1
 * to 3, the leader's side). A quorum must promise an epoch, then agree that nobody's history is newer, then have this
 * leader's history in its log; only then is anything proposed, and clients served.
 *
 * ```
 *   offering ─a quorum offers, acceptedEpoch stored─► agreeing ─a quorum's ACKEPOCH─► founding
 *      ─currentEpoch stored, a quorum's ACK of NEWLEADER─► established
 * ```
 *
 * What learners pass on is decoded in learner-request.ts; sessions are tracked and expire here.
 */
import { assert, assertNever } from '../../shared/assert.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { type SessionId, SESSION_NONE, type Sid, sessionIdToHex } from '../../shared/ids.ts';
import { type Zxid, makeZxid, zxidCounter, zxidEpoch } from '../../shared/zxid.ts';
import { encodeUtf8 } from '../../shared/jute/utf8.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import {
  LEARNER_PROTOCOL_VERSION,
  decodeIntBody,
  decodeLearnerInfo,
  decodeSessionTimeouts,
  encodeActivation,
  encodeIntBody,
  encodeRevalidated,
} from '../quorum-protocol/packet-bodies.ts';
import { NO_ZXID, type QuorumPacket } from '../quorum-protocol/quorum-packet.ts';
import type { QuorumMessage } from '../quorum-protocol/stream-decoder.ts';
import type { LoggedTxn } from './committed-log.ts';
import type { Request } from './connection.ts';
import { ContainerReaper } from './container-reaper.ts';
import type { Now } from './effects.ts';
import { type EnsembleConfig, quorumAddressText, withVersion } from './ensemble-config.ts';
import { decodeLearnerRequest } from './learner-request.ts';
import { type LearnerFacts, LearnerLink } from './learner-link.ts';
import { configOfTxn } from './membership.ts';
import { type Asker, Prep } from './prep.ts';
import { type Proposal, Proposals } from './proposals.ts';
import type { LinkId } from './quorum-effects.ts';
import { planReconfiguration } from './reconfiguration.ts';
import type { Write, WriteRoute } from './request-pipeline.ts';
import type { Role, RoleRooms } from './role.ts';
import { tellExpired, tellTouched } from './session-telling.ts';
import { SessionTracker } from './session-tracker.ts';
import { encodeDatabase } from './snapshot-transfer.ts';
import { decideSync, syncModeOf } from './sync-decision.ts';
import { TxnTrail } from './txn-trail.ts';
import type { WriteOp } from './write-op.ts';
import type { ZabState } from './zab-state.ts';

type Phase = 'offering' | 'agreeing' | 'founding' | 'established';

/** What a client says that minds no version. */
const ANY_CONFIG = -1n;

/** A learner that wants to know when everything up to `zxid` is committed. */
interface PendingSync {
  readonly linkId: LinkId;
  readonly zxid: Zxid;
}

/** What others may know of a leader. */
export interface LeaderFacts {
  /** Of learners that wait for what is proposed by now. */
  readonly pendingSyncs: number;
  /** On the elapsed clock; undefined until it is established. */
  readonly establishedMs: number | undefined;
}

export class Leader implements Role, WriteRoute {
  /** What is committed here is everything there is. */
  readonly sync = undefined;
  readonly #rooms: RoleRooms;
  readonly #links = new Map<LinkId, LearnerLink>();
  readonly #tickTimeMs: number;
  #phase: Phase = 'offering';
  #endReason: string | undefined;
  /** By then the phase must be over. */
  #phaseDeadlineMs: number;
  /** Of this leadership, once a quorum offered; -1 before. */
  #epoch = -1;
  readonly #offers = new Set<Sid>();
  readonly #agreed = new Set<Sid>();
  readonly #founders = new Set<Sid>();
  #nextPingMs: number;
  /** Set when established. */
  #proposals: Proposals | undefined;
  #prep: Prep | undefined;
  #sessions: SessionTracker | undefined;
  #reaper: ContainerReaper | undefined;
  #syncs: PendingSync[] = [];
  #establishedMs: number | undefined;
  /** A configuration is on its way to the disk; nothing commits meanwhile. */
  #isActivating = false;
  #successor: Sid | undefined;
  readonly #trail: TxnTrail;

  constructor(rooms: RoleRooms) {
    const now = rooms.clock();
    this.#rooms = rooms;
    this.#tickTimeMs = rooms.config.tickTimeMs;
    this.#trail = new TxnTrail(rooms.chronicle);
    this.#phaseDeadlineMs = now.elapsedMs + this.#limitMs(rooms.limits.initLimitTicks);
    this.#nextPingMs = now.elapsedMs + this.#tickTimeMs / 2;
    this.#onOffer(rooms.sid, rooms.replica.acceptedEpoch);
  }

  get #now(): Now {
    return this.#rooms.clock();
  }

  get zabState(): ZabState {
    switch (this.#phase) {
      case 'offering':
      case 'agreeing':
        return 'DISCOVERY';
      case 'founding':
        return 'SYNCHRONIZATION';
      case 'established':
        return 'BROADCAST';
    }
  }

  get learners(): readonly LearnerFacts[] {
    const { voters } = this.#rooms.membership.committed.verifier;
    return [...this.#links.values()].map((link) => ({
      linkId: link.linkId,
      name: link.name,
      establishedWallMs: link.establishedWallMs,
      stats: link.stats,
      isObserver: link.isObserver,
      isSynced: link.isSynced,
      isVoter: link.isVoter(voters),
    }));
  }

  get facts(): LeaderFacts {
    return { pendingSyncs: this.#syncs.length, establishedMs: this.#establishedMs };
  }

  /** Undefined until established. */
  get sessions(): SessionTracker | undefined {
    return this.#sessions;
  }

  get endReason(): string | undefined {
    return this.#endReason;
  }

  get successor(): Sid | undefined {
    return this.#successor;
  }

  get nextTickMs(): number {
    return Math.min(
      this.#phase === 'established' ? Infinity : this.#phaseDeadlineMs,
      this.#nextPingMs,
      this.#sessions?.nextExpiryMs ?? Infinity,
      this.#reaper?.nextMs ?? Infinity,
    );
  }

  get #epochStart(): Zxid {
    return makeZxid({ epoch: this.#epoch, counter: 0 });
  }

  #limitMs(ticks: number): number {
    return ticks * this.#tickTimeMs;
  }

  #giveUp(reason: string): void {
    this.#endReason ??= reason;
  }

  end(): LoggedTxn[] {
    this.#giveUp('ended');
    for (const linkId of this.#links.keys()) this.#rooms.links.closeLink(linkId);
    this.#links.clear();
    return [...(this.#proposals?.outstanding() ?? [])].map(({ prepared }) => prepared);
  }

  // Links.

  onLinkOpened(linkId: LinkId): void {
    const { elapsedMs, wallMs } = this.#now;
    const deadlineMs = elapsedMs + this.#limitMs(this.#rooms.limits.initLimitTicks);
    const link = new LearnerLink(linkId, { deadlineMs, wallMs });
    this.#links.set(linkId, link);
    this.#rooms.links.open(linkId, link.stats);
  }

  onLinkClosed(linkId: LinkId): void {
    this.#links.delete(linkId);
    this.#rooms.links.forget(linkId);
  }

  #closeLink(link: LearnerLink, reason: string): void {
    this.#rooms.outbox.log('info', `closing the connection of a learner: ${reason}`);
    this.#links.delete(link.linkId);
    this.#rooms.links.closeLink(link.linkId);
  }

  onLinkMessage(linkId: LinkId, message: QuorumMessage): void {
    const link = this.#links.get(linkId);
    if (!link) return;
    link.stats.packetsReceived++;
    const { initLimitTicks, syncLimitTicks } = this.#rooms.limits;
    const limitTicks = link.phase === 'synced' ? syncLimitTicks : initLimitTicks;
    link.deadlineMs = this.#now.elapsedMs + this.#limitMs(limitTicks);
    try {
      if (message.kind === 'snapshot') throw new ProtocolError('BAD_VALUE', 'a snapshot from a learner');
      this.#onPacket(link, message.packet);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#closeLink(link, error.message);
    }
  }

  #onPacket(link: LearnerLink, packet: QuorumPacket): void {
    switch (packet.type) {
      case 'FOLLOWERINFO':
      case 'OBSERVERINFO':
        this.#onLearnerInfo(link, packet);
        break;
      case 'ACKEPOCH':
        this.#onAckEpoch(link, packet);
        break;
      case 'ACK':
        this.#onAck(link, packet.zxid);
        break;
      case 'PING':
        this.#onPing(packet);
        break;
      case 'REQUEST':
        this.#onRequest(link, packet);
        break;
      case 'REVALIDATE':
        this.#onRevalidate(link, packet);
        break;
      default:
        throw new ProtocolError('BAD_VALUE', `${packet.type} from a learner`);
    }
  }

  // Phase 1: the epoch.

  #onLearnerInfo(link: LearnerLink, packet: QuorumPacket): void {
    if (link.phase !== 'connected') throw new ProtocolError('BAD_VALUE', 'a learner introduces itself twice');
    const info = decodeLearnerInfo(packet.data);
    const { membership } = this.#rooms;
    if (info.configVersion > membership.committed.version) {
      throw new ProtocolError('BAD_VALUE', `server ${info.sid} has a newer configuration`);
    }
    if (this.#isTooUnsure && info.configVersion < membership.committed.version) {
      throw new ProtocolError(
        'BAD_VALUE',
        `server ${info.sid} has an older configuration, it has to look again`,
      );
    }
    for (const other of this.#links.values()) {
      if (other.isNamed(info.sid)) this.#closeLink(other, `server ${info.sid} has connected anew`);
    }
    const isObserver = packet.type === 'OBSERVERINFO';
    link.introduce({ sid: info.sid, isObserver });
    const acceptedEpoch = zxidEpoch(packet.zxid);
    if (this.#phase === 'offering') {
      if (membership.voters.has(info.sid)) this.#onOffer(info.sid, acceptedEpoch);
    } else if (acceptedEpoch > this.#epoch) {
      if (!membership.committed.servers.has(info.sid)) {
        throw new ProtocolError('BAD_VALUE', `server ${info.sid} is no server of this ensemble`);
      }
      // Differs: under Apache such a server stays outside for as long as this leader leads.
      this.#giveUp(
        `server ${info.sid} has accepted epoch ${acceptedEpoch}, and may not follow epoch ${this.#epoch}`,
      );
    } else {
      this.#greet(link);
    }
  }

  /**
   * Whether what this server has cannot be given to somebody who knows an older configuration than is committed: behind a
   * crash, that one would need quorums of its own and of the pending configuration, but none of the one in between. It
   * learns that one when it looks for a leader. Differs: Apache takes everybody.
   */
  get #isTooUnsure(): boolean {
    return this.#phase !== 'established' && this.#rooms.membership.isPending;
  }

  /** Whoever takes part promises to follow an epoch above all that it has accepted. */
  #onOffer(sid: Sid, acceptedEpoch: number): void {
    if (this.#epoch !== -1 && this.#offers.has(this.#rooms.sid) && this.#hasQuorum(this.#offers)) return;
    this.#epoch = Math.max(this.#epoch, acceptedEpoch + 1);
    this.#offers.add(sid);
    if (!this.#offers.has(this.#rooms.sid) || !this.#hasQuorum(this.#offers)) return;
    const { replica, storage, chronicle } = this.#rooms;
    const epoch = this.#epoch;
    const by = this.#rooms.sid;
    chronicle.tell({ kind: 'epoch-proposed', epoch, by });
    storage.run({ op: 'acceptedEpoch', epoch }, () => {
      replica.onAcceptedEpochStored(epoch);
      chronicle.tell({ kind: 'epoch-accepted', epoch, by, server: by });
      if (this.#endReason === undefined) this.#becomeAgreeing();
    });
  }

  /**
   * Those that observe count here as others do, where a configuration gives them a vote: one that is pending may, while they
   * know the committed one only. What they promise and store is the same.
   */
  #hasQuorum(sids: ReadonlySet<Sid>): boolean {
    return this.#rooms.membership.hasQuorum(sids);
  }

  #startPhase(phase: Phase): void {
    this.#phase = phase;
    this.#phaseDeadlineMs = this.#now.elapsedMs + this.#limitMs(this.#rooms.limits.initLimitTicks);
  }

  #becomeAgreeing(): void {
    assert(this.#phase === 'offering', 'an epoch is offered once');
    this.#startPhase('agreeing');
    this.#agreed.add(this.#rooms.sid);
    for (const link of this.#links.values()) if (link.phase === 'waiting') this.#greet(link);
    this.#checkAgreed();
  }

  #greet(link: LearnerLink): void {
    link.becomeNext('greeted');
    const data = encodeIntBody(LEARNER_PROTOCOL_VERSION);
    this.#rooms.links.packet(link.linkId, { type: 'LEADERINFO', zxid: this.#epochStart, data });
  }

  #onAckEpoch(link: LearnerLink, packet: QuorumPacket): void {
    if (link.phase !== 'greeted') throw new ProtocolError('BAD_VALUE', 'ACKEPOCH of an epoch not offered');
    const currentEpoch = decodeIntBody(packet.data);
    link.lastZxid = packet.zxid;
    link.becomeNext('agreed');
    const { sid: by, chronicle } = this.#rooms;
    chronicle.tell({ kind: 'epoch-accepted', epoch: this.#epoch, by, server: link.sid });
    if (this.#phase !== 'agreeing') {
      this.#synchronize(link);
      return;
    }
    // -1: it had accepted this epoch before, perhaps from somebody else.
    if (currentEpoch === -1) return;
    const { replica } = this.#rooms;
    const isNewer =
      currentEpoch > replica.currentEpoch ||
      (currentEpoch === replica.currentEpoch && packet.zxid > replica.lastZxid);
    if (isNewer) throw new ProtocolError('BAD_VALUE', `server ${link.sid} knows more than its leader`);
    if (packet.zxid !== NO_ZXID) this.#agreed.add(link.sid);
    this.#checkAgreed();
  }

  #checkAgreed(): void {
    if (this.#phase !== 'agreeing' || !this.#hasQuorum(this.#agreed)) return;
    this.#startPhase('founding');
    const { replica, storage, sid } = this.#rooms;
    const epoch = this.#epoch;
    this.#nameFirstConfig();
    storage.run({ op: 'currentEpoch', epoch }, () => {
      replica.onCurrentEpochStored(epoch);
      if (this.#endReason !== undefined) return;
      this.#founders.add(sid);
      this.#checkFounded();
    });
    for (const link of this.#links.values()) if (link.phase === 'agreed') this.#synchronize(link);
  }

  // Phase 2: the history.

  /**
   * A configuration that no ensemble has established yet gets the version of this epoch: from then on it counts for more
   * than what a server begins with that is yet to join, and may know a part of the ensemble only.
   */
  #nameFirstConfig(): void {
    const { membership, storage } = this.#rooms;
    if (!membership.isReconfigurable) return;
    if (membership.committed.version === 0n && !membership.isPending) {
      membership.see(withVersion(membership.committed, this.#epochStart));
    }
    if (!membership.isPending) return;
    storage.run({ op: 'lastSeenConfig', text: membership.lastSeen.text }, () => undefined);
  }

  #synchronize(link: LearnerLink): void {
    const { replica, membership, links } = this.#rooms;
    const { linkId, lastZxid } = link;
    assert(lastZxid !== undefined, 'a learner without a history');
    const decision = decideSync({
      learnerZxid: lastZxid,
      lastProcessedZxid: replica.lastZxid,
      committed: replica.history.txns,
      zxidOf: (txn) => txn.entry.header.zxid,
    });
    switch (decision.kind) {
      case 'DIFF':
      case 'TRUNC':
        links.packet(linkId, { type: decision.kind, zxid: decision.zxid });
        for (const { entry, bytes } of decision.txns) {
          links.packet(linkId, { type: 'PROPOSAL', zxid: entry.header.zxid, data: bytes });
          links.packet(linkId, { type: 'COMMIT', zxid: entry.header.zxid });
        }
        break;
      case 'SNAP':
        links.packet(linkId, { type: 'SNAP', zxid: replica.lastZxid });
        links.snapshot(linkId, encodeDatabase(replica.database));
        break;
      default:
        assertNever(decision);
    }
    const { chronicle, stats } = this.#rooms;
    if (decision.kind === 'SNAP') stats.snapshots++;
    else stats.diffs++;
    chronicle.tell({
      kind: 'sync',
      learner: link.sid,
      mode: syncModeOf(decision),
      fromZxid: lastZxid,
      toZxid: replica.lastZxid,
    });
    link.becomeNext('syncing');
    for (const proposal of this.#proposals?.outstanding() ?? []) this.#sendProposal(link, proposal);
    // Differs: Apache sends a configuration that is only proposed to learners that come later, too. These then take it for
    // committed; here they get it as the proposal that it is.
    const config = this.#phase === 'established' ? membership.committed : membership.lastSeen;
    const data = encodeUtf8(config.text);
    links.packet(linkId, { type: 'NEWLEADER', zxid: this.#epochStart, data });
  }

  #onAck(link: LearnerLink, zxid: Zxid): void {
    if (!link.isForwarding) throw new ProtocolError('BAD_VALUE', 'an ACK of a learner that was sent nothing');
    if (link.phase === 'syncing' && zxid === this.#epochStart) {
      link.becomeNext('acked');
      this.#founders.add(link.sid);
      if (this.#phase === 'established') this.#release(link);
      else this.#checkFounded();
      return;
    }
    // The ACK of UPTODATE names no transaction.
    if (zxidCounter(zxid) === 0) return;
    link.onAcked(zxid, this.#now.elapsedMs);
    this.#trail.onAcked(zxid, link.sid);
    if (!link.isObserver) this.#proposals?.ack(link.sid, zxid);
    this.#commitReady();
  }

  #checkFounded(): void {
    if (this.#phase !== 'founding') return;
    if (!this.#founders.has(this.#rooms.sid) || !this.#hasQuorum(this.#founders)) return;
    const { membership, storage, sid } = this.#rooms;
    if (membership.isPending) {
      membership.activate(membership.lastSeen);
      storage.run({ op: 'committedConfig', text: membership.committed.text }, () => undefined);
    }
    if (membership.committed.verifier.voters.has(sid) || !membership.isReconfigurable) {
      this.#becomeEstablished();
    } else {
      // Whoever hears that the configuration holds turns to its voters as well.
      for (const link of this.#links.values()) if (link.phase === 'acked') this.#release(link);
      this.#giveUp('the configuration that was pending leaves this server out');
    }
  }

  // Phase 3: broadcast.

  #becomeEstablished(): void {
    this.#startPhase('established');
    const { replica, membership, config, clients, sessionIds, onEpochEstablished } = this.#rooms;
    const { database } = replica;
    const nowMs = this.#now.elapsedMs;
    this.#establishedMs = nowMs;
    database.beginEpoch(this.#epochStart);
    database.showConfig(membership.committed, this.#now.wallMs);
    this.#proposals = new Proposals(this.#epochStart);
    const sessions = new SessionTracker({
      tickTimeMs: this.#tickTimeMs,
      ids: sessionIds,
      elapsedMs: nowMs,
    });
    for (const [sessionId, timeoutMs] of database.sessionTimeoutsMs) {
      sessions.track(sessionId, timeoutMs, nowMs);
    }
    this.#sessions = sessions;
    this.#prep = new Prep({
      tree: database.tree,
      quota: database.quota,
      sessions,
      options: config,
      reconfigure: (request, zxid) => this.#reconfigure(request, zxid),
      lastZxid: this.#epochStart,
    });
    this.#reaper = new ContainerReaper(database.tree, config, nowMs);
    onEpochEstablished(this.#epoch);
    clients.serve({ database, writes: this, sessions });
    for (const owner of database.orphanedOwners()) this.#submitOwn({ op: 'closeSession' }, owner);
    for (const link of this.#links.values()) if (link.phase === 'acked') this.#release(link);
  }

  #release(link: LearnerLink): void {
    link.becomeNext('synced');
    link.deadlineMs = this.#now.elapsedMs + this.#limitMs(this.#rooms.limits.syncLimitTicks);
    this.#rooms.links.packet(link.linkId, { type: 'UPTODATE', zxid: NO_ZXID });
  }

  submit({ asker, op, request }: Write): void {
    this.#propose({ asker, op, request });
  }

  #submitOwn(op: WriteOp, sessionId: SessionId): void {
    this.#propose({ asker: { sessionId, xid: 0, ids: [] }, op, request: undefined });
  }

  #propose({
    asker,
    op,
    request,
  }: {
    asker: Asker;
    op: WriteOp | undefined;
    request: Request | undefined;
  }): void {
    const proposals = this.#proposals;
    const prep = this.#prep;
    assert(proposals !== undefined && prep !== undefined, 'a leader proposes before it is established');
    if (this.#endReason !== undefined) return;
    if (zxidCounter(proposals.lastProposed) >= this.#rooms.limits.txnsPerEpochMax) {
      this.#giveUp('the zxids of this epoch are used up');
      return;
    }
    const prepared = prep.prepare({ asker, op, wallMs: this.#now.wallMs });
    const { zxid } = prepared.entry.header;
    const { membership } = this.#rooms;
    const config = configOfTxn(prepared.entry.txn);
    if (config) membership.see(config);
    const proposal = proposals.add(prepared, request, membership.verifiers);
    this.#trail.onProposed(prepared.entry);
    this.#rooms.storage.run({ op: 'append', zxid, entry: prepared.bytes }, () => {
      if (this.#endReason !== undefined) return;
      this.#trail.onAcked(zxid, this.#rooms.sid);
      this.#rooms.stats.ackCreationMs.addSince(prepared.entry.header.timeMs, this.#now.wallMs);
      proposals.ack(this.#rooms.sid, zxid);
      this.#commitReady();
    });
    for (const link of this.#links.values()) if (link.isForwarding) this.#sendProposal(link, proposal);
  }

  #sendProposal(link: LearnerLink, { prepared }: Proposal): void {
    if (link.isObserver) return;
    const { zxid } = prepared.entry.header;
    link.onProposed(zxid, this.#now.elapsedMs);
    this.#rooms.links.packet(link.linkId, { type: 'PROPOSAL', zxid, data: prepared.bytes });
  }

  #commitReady(): void {
    while (!this.#isActivating && this.#endReason === undefined) {
      const proposal = this.#proposals?.peekCommitted();
      if (!proposal) return;
      const config = configOfTxn(proposal.prepared.entry.txn);
      if (config) {
        this.#activate(proposal, config);
      } else {
        this.#tellCommitted(proposal);
        this.#commit(proposal);
      }
    }
  }

  #tellCommitted({ prepared: { entry, bytes } }: Proposal): void {
    const { links } = this.#rooms;
    const { zxid } = entry.header;
    this.#trail.onCommitted(zxid);
    for (const { linkId, isForwarding, isObserver } of this.#links.values()) {
      if (!isForwarding) continue;
      if (isObserver) links.packet(linkId, { type: 'INFORM', zxid, data: bytes });
      else links.packet(linkId, { type: 'COMMIT', zxid });
    }
  }

  #commit({ prepared, request }: Proposal): void {
    const { clients, replica, stats } = this.#rooms;
    const { entry, bytes, changes } = prepared;
    const { zxid, timeMs } = entry.header;
    stats.commits++;
    stats.quorumAckMs.addSince(timeMs, this.#now.wallMs);
    this.#proposals?.take();
    replica.history.add({ entry, bytes });
    const applied = clients.pipeline.apply(entry);
    this.#prep?.release(changes);
    clients.pipeline.finish(entry, applied, request);
    this.#answerSyncs(zxid);
  }

  // Reconfiguration.

  #reconfigure(request: ReconfigRequest, zxid: Zxid): EnsembleConfig | number {
    const { membership, config, sid } = this.#rooms;
    if (membership.isPending) return ErrorCode.RECONFIGINPROGRESS;
    const { curConfigId } = request;
    if (curConfigId !== ANY_CONFIG && curConfigId !== membership.committed.version) {
      return ErrorCode.BADVERSION;
    }
    const planned = planReconfiguration({ current: membership.committed, request, version: zxid });
    if (typeof planned === 'number') return planned;
    const votersMin = config.standaloneEnabled ? 2 : 1;
    if (planned.verifier.voters.size < votersMin) return ErrorCode.BADARGUMENTS;
    const synced = this.#syncedFollowers();
    synced.add(sid);
    return planned.verifier.containsQuorum(synced) ? planned : ErrorCode.NEWCONFIGNOQUORUM;
  }

  /**
   * A configuration is committed by its quorums. It is on this disk before anybody is told: the servers that it leaves
   * out may be gone for good right afterwards.
   */
  #activate(proposal: Proposal, config: EnsembleConfig): void {
    const { membership, storage } = this.#rooms;
    this.#isActivating = true;
    storage.run({ op: 'committedConfig', text: config.text }, () => {
      this.#isActivating = false;
      if (this.#endReason !== undefined) return;
      const former = membership.committed;
      const leader = this.#designate(proposal, { former, next: config });
      membership.activate(config);
      this.#proposals?.decideBy(membership.verifiers);
      this.#tellActivated(proposal, leader);
      this.#commit(proposal);
      if (leader !== this.#rooms.sid) {
        this.#successor = leader;
        this.#giveUp(`server ${leader} leads by the new configuration`);
      }
      this.#commitReady();
    });
  }

  /** Who leads by a new configuration: this server as long as it votes at the same place, else who has most of the log. */
  #designate(
    { acks, prepared }: Proposal,
    { former, next }: { former: EnsembleConfig; next: EnsembleConfig },
  ): Sid {
    const { sid } = this.#rooms;
    const [before, after] = [former.servers.get(sid), next.servers.get(sid)];
    const stays = before && after && quorumAddressText(before) === quorumAddressText(after);
    if (stays && next.verifier.voters.has(sid)) return sid;
    const candidates = [...acks].filter((acker) => acker !== sid && next.verifier.weightOf(acker) > 0);
    let best = candidates;
    for (const later of this.#proposals?.outstanding() ?? []) {
      if (later.prepared === prepared) continue;
      const ahead = best.filter((candidate) => later.acks.has(candidate));
      if (ahead.length === 0) break;
      best = ahead;
    }
    return best[0] ?? sid;
  }

  #tellActivated({ prepared: { entry, bytes } }: Proposal, leader: Sid): void {
    const { links } = this.#rooms;
    const { zxid } = entry.header;
    this.#trail.onCommitted(zxid);
    for (const { linkId, isForwarding, isObserver } of this.#links.values()) {
      if (!isForwarding) continue;
      if (isObserver) {
        const data = encodeActivation({ leader, txn: bytes });
        links.packet(linkId, { type: 'INFORMANDACTIVATE', zxid, data });
      } else {
        links.packet(linkId, { type: 'COMMITANDACTIVATE', zxid, data: encodeActivation({ leader }) });
      }
    }
  }

  // Requests of learners.

  #onPing(packet: QuorumPacket): void {
    for (const { sessionId, timeoutMs } of decodeSessionTimeouts(packet.data)) {
      const session = this.#sessions?.get(sessionId);
      if (!session) continue;
      tellTouched(this.#rooms.chronicle);
      this.#sessions?.touch(session, timeoutMs, this.#now.elapsedMs);
    }
  }

  #onRevalidate(link: LearnerLink, packet: QuorumPacket): void {
    for (const { sessionId, timeoutMs } of decodeSessionTimeouts(packet.data)) {
      this.#rooms.stats.revalidations++;
      const session = this.#sessions?.adopt({
        sessionId,
        timeoutMs,
        owner: link.linkId,
        nowMs: this.#now.elapsedMs,
      });
      const data = encodeRevalidated({ sessionId, isValid: session !== undefined });
      this.#rooms.links.packet(link.linkId, { type: 'REVALIDATE', zxid: NO_ZXID, data });
    }
  }

  #onRequest(link: LearnerLink, packet: QuorumPacket): void {
    if (link.phase !== 'synced') throw new ProtocolError('BAD_VALUE', 'a request of a learner out of date');
    const request = decodeLearnerRequest(packet);
    link.stats.requests++;
    const { sessionId, xid } = request;
    if (request.kind === 'sync') {
      this.#onSync(link);
      return;
    }
    if (request.op?.op === 'createSession') {
      const { timeoutMs } = request.op;
      const session = this.#sessions?.track(sessionId, timeoutMs, this.#now.elapsedMs);
      if (session) session.owner = link.linkId;
    }
    const asker = { sessionId, xid, ids: packet.authInfo ?? [], owner: link.linkId };
    this.#propose({ asker, op: request.op, request: undefined });
  }

  /** Answered at once, or right behind the commit of what is proposed by now. */
  #onSync({ linkId }: LearnerLink): void {
    const proposals = this.#proposals;
    if (!proposals || proposals.size === 0) this.#sendSync(linkId);
    else this.#syncs.push({ linkId, zxid: proposals.lastProposed });
  }

  #sendSync(linkId: LinkId): void {
    this.#rooms.links.packet(linkId, { type: 'SYNC', zxid: makeZxid({ epoch: 0, counter: 0 }) });
  }

  #answerSyncs(committed: Zxid): void {
    if (this.#syncs.length === 0) return;
    const isDue = (sync: PendingSync): boolean => sync.zxid <= committed;
    for (const { linkId } of this.#syncs.filter(isDue)) if (this.#links.has(linkId)) this.#sendSync(linkId);
    this.#syncs = this.#syncs.filter((sync) => !isDue(sync));
  }

  // Liveness.

  tick(): void {
    const now = this.#now;
    if (this.#phase !== 'established' && now.elapsedMs >= this.#phaseDeadlineMs) {
      this.#giveUp(`no quorum while ${this.#phase} epoch ${this.#epoch}`);
      return;
    }
    if (now.elapsedMs >= this.#nextPingMs) {
      this.#nextPingMs = now.elapsedMs + this.#tickTimeMs / 2;
      this.#dropSilent();
      this.#checkSynced();
      this.#ping();
    }
    this.#expireSessions();
    const path = this.#reaper?.tick(now);
    if (path !== undefined) this.#submitOwn({ op: 'deleteContainer', path }, SESSION_NONE);
  }

  #dropSilent(): void {
    const { elapsedMs } = this.#now;
    const lagMsMax = this.#limitMs(this.#rooms.limits.syncLimitTicks);
    for (const link of [...this.#links.values()]) {
      if (elapsedMs >= link.deadlineMs) this.#closeLink(link, 'it is silent');
      else if (link.phase === 'synced' && link.laggingMs(elapsedMs) > lagMsMax) {
        this.#closeLink(link, `server ${link.sid} owes an ACK for too long`);
      }
    }
  }

  /** A leader that no quorum follows could not commit, while another may lead already. */
  #checkSynced(): void {
    if (this.#phase !== 'established') return;
    const synced = this.#syncedFollowers();
    synced.add(this.#rooms.sid);
    if (!this.#hasQuorum(synced)) this.#giveUp('too few followers are synchronised');
  }

  /** Those that could vote, whether they do or not. */
  #syncedFollowers(): Set<Sid> {
    const sids = new Set<Sid>();
    for (const link of this.#links.values()) if (link.isSynced && !link.isObserver) sids.add(link.sid);
    return sids;
  }

  #ping(): void {
    const zxid = this.#proposals?.lastProposed;
    if (zxid === undefined) return;
    for (const { linkId, phase } of this.#links.values()) {
      if (phase === 'synced') this.#rooms.links.packet(linkId, { type: 'PING', zxid });
    }
  }

  #expireSessions(): void {
    for (const expired of this.#sessions?.expire(this.#now.elapsedMs) ?? []) {
      const { sessionId, timeoutMs } = expired.session;
      tellExpired(this.#rooms.chronicle, expired, this.#now);
      this.#rooms.clients.stats.staleSessionsExpired++;
      const name = sessionIdToHex(sessionId);
      this.#rooms.outbox.log('info', `session ${name} expires: silent for its timeout of ${timeoutMs} ms`);
      this.#submitOwn({ op: 'closeSession' }, sessionId);
    }
  }
}
