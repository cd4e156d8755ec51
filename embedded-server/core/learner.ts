/**
 * A follower or an observer (ZooKeeper's Learner, Follower, Observer; PROTOCOL.md 5.2, 5.7 to 5.10; Zab paper, phases 1 to
 * 3, the follower's side).
 *
 * ```
 *   connecting ─FOLLOWERINFO─► greeting ─LEADERINFO, acceptedEpoch stored, ACKEPOCH─► syncing
 *      ─NEWLEADER, history and currentEpoch stored, ACK─► synced ─UPTODATE─► serving
 * ```
 *
 * Nothing is acknowledged before it is durable: the epoch before ACKEPOCH, the history and then currentEpoch before the
 * ACK of NEWLEADER, every proposal before its ACK. That is the order of Apache 3.9.3 and later.
 */
import { assert } from '../../shared/assert.ts';
import { ProtocolError } from '../../shared/errors.ts';
import type { Sid } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { type LogEntry, decodeLogEntry } from '../../shared/storage-format/txn.ts';
import { type Zxid, ZXID_NONE, makeZxid, zxidCounter, zxidEpoch, zxidToHex } from '../../shared/zxid.ts';
import {
  LEARNER_PROTOCOL_VERSION,
  decodeActivation,
  decodeRevalidated,
  encodeForwardedRequest,
  encodeIntBody,
  encodeLearnerInfo,
  encodeSessionTimeouts,
} from '../quorum-protocol/packet-bodies.ts';
import { NO_ZXID, type QuorumPacket } from '../quorum-protocol/quorum-packet.ts';
import type { QuorumMessage } from '../quorum-protocol/stream-decoder.ts';
import { CommittedLog, type LoggedTxn } from './committed-log.ts';
import type { Request } from './connection.ts';
import type { EnsembleConfig } from './ensemble-config.ts';
import { Fifo } from './fifo.ts';
import { freshDatabase } from './fresh-database.ts';
import { LearnerSessions } from './learner-sessions.ts';
import { configOfBytes, configOfTxn } from './membership.ts';
import type { LinkId, RestoredData } from './quorum-effects.ts';
import type { PacketToSend } from './quorum-outbox.ts';
import type { Write, WriteRoute } from './request-pipeline.ts';
import { decodeDatabase } from './snapshot-transfer.ts';
import type { Role, RoleRooms } from './role.ts';
import { TxnTrail } from './txn-trail.ts';
import type { ZabState } from './zab-state.ts';

type Phase = 'connecting' | 'greeting' | 'epochStoring' | 'syncing' | 'historyStoring' | 'synced' | 'serving';

/** What the leader told to begin with. */
type SyncStart =
  | { readonly kind: 'DIFF' }
  | { readonly kind: 'TRUNC'; readonly zxid: Zxid }
  | { readonly kind: 'SNAP'; readonly zxid: Zxid; readonly body: Uint8Array; readonly data: RestoredData };

/**
 * A server that was elected may take a moment to open its door. Differs: Apache tries five times, but waits 200 ms in every
 * election before it does, and then 200 ms pass until another Apache leads.
 */
const CONNECT_TRIES_MAX = 10;
const CONNECT_RETRY_MS = 100;

export class Learner implements Role, WriteRoute {
  readonly #rooms: RoleRooms;
  readonly #leader: Sid;
  readonly #isObserver: boolean;
  readonly #sessions: LearnerSessions;
  #phase: Phase = 'connecting';
  #endReason: string | undefined;
  #linkId: LinkId = 0;
  #tries = 0;
  /** When to dial again, or when the leader has been silent for too long. */
  #deadlineMs: number;
  #isDialling = false;
  #newEpoch = 0;
  /** The log could not be cut where the leader wanted it: only all of its data helps. */
  #needsSnapshot = false;
  #syncStart: SyncStart | undefined;
  /** A SNAP packet came; the snapshot comes next. */
  #snapshotZxid: Zxid | undefined;
  /** Before NEWLEADER: what was proposed, of which the first `#committedCount` are committed. */
  #received: LoggedTxn[] = [];
  #committedCount = 0;
  /** Of the last proposal, or where the synchronisation began: the next one must follow it. */
  #lastReceivedZxid: Zxid;
  /** What came behind NEWLEADER and waits for UPTODATE. */
  #held: QuorumPacket[] = [];
  /** What NEWLEADER said: it holds from UPTODATE on. */
  #offeredConfig: EnsembleConfig | undefined;
  #successor: Sid | undefined;
  /** In the log, on its way there, or about to go: not committed yet. */
  readonly #pending = new Fifo<LoggedTxn>();
  readonly #syncs = new Fifo<Request>();
  readonly #trail: TxnTrail;
  #syncSinceMs = 0;

  constructor(rooms: RoleRooms, leader: Sid) {
    this.#rooms = rooms;
    this.#leader = leader;
    this.#isObserver = rooms.membership.isObserver;
    this.#lastReceivedZxid = rooms.replica.lastZxid;
    this.#trail = new TxnTrail(rooms.chronicle);
    this.#deadlineMs = rooms.clock().elapsedMs;
    this.#sessions = new LearnerSessions(rooms.sessionIds, (session) => {
      this.#send({ type: 'REVALIDATE', zxid: NO_ZXID, data: encodeSessionTimeouts([session]) });
    });
    this.#dial();
  }

  get #nowMs(): number {
    return this.#rooms.clock().elapsedMs;
  }

  get zabState(): ZabState {
    switch (this.#phase) {
      case 'connecting':
      case 'greeting':
      case 'epochStoring':
        return 'DISCOVERY';
      case 'syncing':
      case 'historyStoring':
      case 'synced':
        return 'SYNCHRONIZATION';
      case 'serving':
        return 'BROADCAST';
    }
  }

  get endReason(): string | undefined {
    return this.#endReason;
  }

  get successor(): Sid | undefined {
    return this.#successor;
  }

  get nextTickMs(): number {
    return this.#deadlineMs;
  }

  #giveUp(reason: string): void {
    this.#endReason ??= reason;
  }

  end(): LoggedTxn[] {
    this.#giveUp('ended');
    this.#rooms.links.closeLink(this.#linkId);
    const unapplied: LoggedTxn[] = [];
    for (let txn = this.#pending.shift(); txn !== undefined; txn = this.#pending.shift()) unapplied.push(txn);
    return unapplied;
  }

  #send(packet: PacketToSend): void {
    if (this.#endReason === undefined) this.#rooms.links.packet(this.#linkId, packet);
  }

  #dial(): void {
    this.#tries++;
    this.#isDialling = true;
    this.#linkId = this.#rooms.newLinkId();
    this.#deadlineMs = this.#nowMs + this.#limitMs(this.#rooms.limits.initLimitTicks);
    this.#rooms.links.emit({ kind: 'connectLeader', linkId: this.#linkId, sid: this.#leader });
  }

  #limitMs(ticks: number): number {
    return ticks * this.#rooms.config.tickTimeMs;
  }

  onLinkOpened(linkId: LinkId): void {
    if (linkId !== this.#linkId) return;
    this.#isDialling = false;
    this.#phase = 'greeting';
    this.#heard();
    const { sid, membership, replica } = this.#rooms;
    const data = encodeLearnerInfo({
      sid,
      protocolVersion: LEARNER_PROTOCOL_VERSION,
      configVersion: membership.committed.version,
    });
    const zxid = makeZxid({ epoch: replica.acceptedEpoch, counter: 0 });
    this.#send({ type: this.#isObserver ? 'OBSERVERINFO' : 'FOLLOWERINFO', zxid, data });
  }

  onLinkClosed(linkId: LinkId): void {
    if (linkId !== this.#linkId) return;
    if (this.#phase === 'connecting' && this.#tries < CONNECT_TRIES_MAX) {
      this.#isDialling = false;
      this.#deadlineMs = this.#nowMs + CONNECT_RETRY_MS;
    } else {
      this.#giveUp(`lost the leader, server ${this.#leader}`);
    }
  }

  tick(): void {
    if (this.#nowMs < this.#deadlineMs) return;
    if (this.#phase === 'connecting' && !this.#isDialling) this.#dial();
    else this.#giveUp(`heard nothing of the leader, server ${this.#leader}`);
  }

  /** The leader lives. */
  #heard(): void {
    const { initLimitTicks, syncLimitTicks } = this.#rooms.limits;
    const isSynced = this.#phase === 'synced' || this.#phase === 'serving';
    this.#deadlineMs = this.#nowMs + this.#limitMs(isSynced ? syncLimitTicks : initLimitTicks);
  }

  onLinkMessage(linkId: LinkId, message: QuorumMessage): void {
    if (linkId !== this.#linkId) return;
    this.#heard();
    if (message.kind === 'snapshot') this.#onSnapshot(message.bytes);
    else this.#onPacket(message.packet);
  }

  #onPacket(packet: QuorumPacket): void {
    switch (this.#phase) {
      case 'greeting':
        this.#onGreeting(packet);
        break;
      case 'syncing':
        this.#onSyncPacket(packet);
        break;
      case 'historyStoring':
      case 'synced':
        if (packet.type === 'UPTODATE' && this.#phase === 'synced') this.#becomeServing();
        else this.#held.push(packet);
        break;
      case 'serving':
        this.#onServingPacket(packet);
        break;
      case 'connecting':
      case 'epochStoring':
        throw new ProtocolError('BAD_VALUE', `${packet.type} from a leader that was not asked`);
    }
  }

  // Phase 1: the epoch.

  #onGreeting(packet: QuorumPacket): void {
    if (packet.type !== 'LEADERINFO') throw new ProtocolError('BAD_VALUE', `${packet.type} for LEADERINFO`);
    const { replica, storage, chronicle } = this.#rooms;
    const epoch = zxidEpoch(packet.zxid);
    this.#newEpoch = epoch;
    chronicle.tell({ kind: 'epoch-proposed', epoch, by: this.#leader });
    if (epoch < replica.acceptedEpoch) {
      this.#giveUp(`epoch ${epoch} of server ${this.#leader} is over: ${replica.acceptedEpoch} is accepted`);
    } else if (epoch === replica.acceptedEpoch) {
      // Whoever accepted this epoch before must not be counted a second time.
      this.#becomeSyncing(-1);
    } else {
      this.#phase = 'epochStoring';
      storage.run({ op: 'acceptedEpoch', epoch }, () => {
        replica.onAcceptedEpochStored(epoch);
        if (this.#endReason === undefined) this.#becomeSyncing(replica.currentEpoch);
      });
    }
  }

  #becomeSyncing(currentEpoch: number): void {
    this.#phase = 'syncing';
    this.#syncSinceMs = this.#nowMs;
    const { chronicle, sid: server } = this.#rooms;
    chronicle.tell({ kind: 'epoch-accepted', epoch: this.#newEpoch, by: this.#leader, server });
    const zxid = this.#needsSnapshot ? ZXID_NONE : this.#rooms.replica.lastZxid;
    this.#send({ type: 'ACKEPOCH', zxid, data: encodeIntBody(currentEpoch) });
  }

  // Phase 2: the history.

  #onSyncPacket(packet: QuorumPacket): void {
    const { zxid } = packet;
    switch (packet.type) {
      case 'DIFF':
        this.#syncStart = { kind: 'DIFF' };
        break;
      case 'TRUNC':
        this.#syncStart = { kind: 'TRUNC', zxid };
        this.#lastReceivedZxid = zxid;
        break;
      case 'SNAP':
        this.#snapshotZxid = zxid;
        break;
      case 'PROPOSAL':
        this.#receive(packet);
        break;
      case 'INFORM':
        this.#receive(packet);
        this.#commitReceived(zxid);
        break;
      case 'INFORMANDACTIVATE':
        this.#receive({ ...packet, data: decodeActivation(packet.data).txn });
        this.#commitReceived(zxid);
        break;
      case 'COMMIT':
      case 'COMMITANDACTIVATE':
        this.#commitReceived(zxid);
        break;
      case 'NEWLEADER':
        this.#onNewLeader(packet);
        break;
      default:
        throw new ProtocolError('BAD_VALUE', `${packet.type} during the synchronisation`);
    }
  }

  #onSnapshot(body: Uint8Array): void {
    const zxid = this.#snapshotZxid;
    if (zxid === undefined) throw new ProtocolError('BAD_VALUE', 'a snapshot that was not announced');
    this.#snapshotZxid = undefined;
    const database = freshDatabase(this.#rooms.config);
    decodeDatabase(body, zxid, database);
    this.#syncStart = {
      kind: 'SNAP',
      zxid,
      body,
      data: { database, history: new CommittedLog([], this.#rooms.limits.committedMax) },
    };
    this.#lastReceivedZxid = zxid;
  }

  #receive(packet: QuorumPacket): LoggedTxn {
    const txn = decodeTxn(packet);
    const { zxid } = txn.entry.header;
    const last = this.#lastReceivedZxid;
    if (zxid !== last + 1n && zxidEpoch(zxid) <= zxidEpoch(last)) {
      throw new ProtocolError('BAD_VALUE', `proposal ${zxidToHex(zxid)} behind ${zxidToHex(last)}`);
    }
    this.#lastReceivedZxid = zxid;
    if (this.#phase === 'syncing') this.#received.push(txn);
    return txn;
  }

  #commitReceived(zxid: Zxid): void {
    const next = this.#received[this.#committedCount];
    if (next?.entry.header.zxid !== zxid) {
      throw new ProtocolError('BAD_VALUE', `commit of ${zxidToHex(zxid)} out of its order`);
    }
    this.#committedCount++;
  }

  /** Everything that is committed has to be durable, then the epoch, before this server vouches for the history. */
  #onNewLeader({ zxid, data }: QuorumPacket): void {
    const start = this.#syncStart;
    if (!start) throw new ProtocolError('BAD_VALUE', 'NEWLEADER without a synchronisation');
    const epoch = zxidEpoch(zxid);
    if (epoch !== this.#newEpoch) throw new ProtocolError('BAD_VALUE', `NEWLEADER of epoch ${epoch}`);
    if (this.#needsSnapshot && start.kind !== 'SNAP') {
      throw new ProtocolError('BAD_VALUE', `${start.kind} for a server that needs a snapshot`);
    }
    this.#phase = 'historyStoring';
    this.#offeredConfig = this.#rooms.membership.isReconfigurable ? configOfBytes(data) : undefined;
    this.#tellSync(start);
    const { storage, replica } = this.#rooms;
    switch (start.kind) {
      case 'DIFF':
        this.#storeHistory(zxid);
        break;
      case 'TRUNC':
        this.#truncate(start.zxid, zxid);
        break;
      case 'SNAP':
        storage.run({ op: 'snapshot', zxid: start.zxid, body: start.body }, () => {
          replica.replace(start.data);
        });
        this.#storeHistory(zxid);
        break;
    }
  }

  #truncate(last: Zxid, newLeaderZxid: Zxid): void {
    const { storage, replica } = this.#rooms;
    storage.run({ op: 'truncate', zxid: last }, (reloaded) => {
      if (reloaded) {
        const { database } = reloaded;
        // The start of an epoch, to which a snapshot may have brought the leader, is no transaction of any log.
        if (zxidCounter(last) === 0) database.beginEpoch(last);
        assert(database.lastProcessedZxid === last, 'the log was not cut where it should');
        replica.replace(reloaded);
      }
      if (this.#endReason !== undefined) return;
      if (reloaded) this.#storeHistory(newLeaderZxid);
      else this.#askForSnapshot(last);
    });
  }

  /**
   * All snapshots here are of a time behind `last`, or the log in front of them has a gap. Until the leader's data has come,
   * what is on disk stays: others may count on it. Whoever accepted the epoch before is not counted again, and whoever has
   * nothing gets everything. Differs: Apache ends the process, and does so again after every restart.
   */
  #askForSnapshot(last: Zxid): void {
    this.#rooms.outbox.log('warn', `cannot go back to ${zxidToHex(last)}: asking the leader for a snapshot`);
    this.#rooms.links.closeLink(this.#linkId);
    this.#needsSnapshot = true;
    this.#syncStart = undefined;
    this.#received = [];
    this.#committedCount = 0;
    this.#held = [];
    this.#phase = 'connecting';
    this.#tries = 0;
    this.#dial();
  }

  #storeHistory(newLeaderZxid: Zxid): void {
    const epoch = zxidEpoch(newLeaderZxid);
    const { storage, replica } = this.#rooms;
    for (const txn of this.#received.slice(0, this.#committedCount)) {
      storage.run(append(txn), () => {
        replica.apply(txn);
      });
    }
    if (this.#offeredConfig) this.#seeConfig(this.#offeredConfig);
    storage.run({ op: 'currentEpoch', epoch }, () => {
      replica.onCurrentEpochStored(epoch);
      if (this.#endReason !== undefined) return;
      this.#phase = 'synced';
      this.#heard();
      this.#send({ type: 'ACK', zxid: newLeaderZxid });
    });
  }

  /** A configuration that is about to hold has to be known behind a crash as well, before this server vouches for it. */
  #seeConfig(config: EnsembleConfig): void {
    const { membership, storage } = this.#rooms;
    membership.see(config);
    storage.run({ op: 'lastSeenConfig', text: config.text }, () => undefined);
    const pending = this.#received.slice(this.#committedCount).map(({ entry }) => configOfTxn(entry.txn));
    for (const proposed of pending) if (proposed) membership.see(proposed);
  }

  /** `config` is committed. Returns whether the members are others now. */
  #learnConfig(config: EnsembleConfig | undefined): boolean {
    const { membership, storage } = this.#rooms;
    if (!config || !membership.isReconfigurable || config.version <= membership.committed.version) {
      return false;
    }
    storage.run({ op: 'committedConfig', text: config.text }, () => undefined);
    return membership.activate(config);
  }

  #tellSync({ kind }: SyncStart): void {
    const { chronicle, replica, sid: learner } = this.#rooms;
    const mode = kind === 'TRUNC' && this.#received.length > 0 ? 'TRUNC+DIFF' : kind;
    const toZxid = this.#lastReceivedZxid;
    chronicle.tell({ kind: 'sync', learner, mode, fromZxid: replica.lastZxid, toZxid });
  }

  // Phase 3: broadcast.

  #becomeServing(): void {
    this.#activateOffered();
    if (this.#endReason !== undefined) return;
    this.#phase = 'serving';
    this.#countSynced();
    this.#send({ type: 'ACK', zxid: makeZxid({ epoch: this.#newEpoch, counter: 0 }) });
    const { clients, replica, membership, onEpochEstablished, clock } = this.#rooms;
    onEpochEstablished(this.#newEpoch);
    replica.database.showConfig(membership.committed, clock().wallMs);
    clients.serve({ database: replica.database, writes: this, sessions: this.#sessions });
    for (const txn of this.#received.slice(this.#committedCount)) this.#log(txn);
    this.#received = [];
    const held = this.#held;
    this.#held = [];
    for (const packet of held) this.#onServingPacket(packet);
  }

  /** Everything that the leader began with holds now, its configuration too; unless that is still a proposal. */
  #activateOffered(): void {
    const { membership } = this.#rooms;
    const offered = this.#offeredConfig;
    const isProposal = this.#received
      .slice(this.#committedCount)
      .some(({ entry }) => entry.txn.op === 'reconfig' && entry.header.zxid === offered?.version);
    if (!isProposal) this.#learnConfig(offered);
    if (!membership.isReconfigurable) return;
    const { committed } = membership;
    if (membership.isObserver !== this.#isObserver || !committed.verifier.voters.has(this.#leader)) {
      this.#giveUp(`configuration ${committed.version.toString(16)} changes the roles`);
    }
  }

  #onServingPacket(packet: QuorumPacket): void {
    switch (packet.type) {
      case 'PROPOSAL':
        this.#log(this.#receive(packet));
        break;
      case 'COMMIT':
        this.#onCommit(packet.zxid);
        break;
      case 'COMMITANDACTIVATE': {
        const txn = this.#onCommit(packet.zxid);
        this.#activate(txn, decodeActivation(packet.data).leader);
        break;
      }
      case 'INFORMANDACTIVATE': {
        const { leader, txn: data } = decodeActivation(packet.data);
        const txn = this.#receive({ ...packet, data });
        this.#onInform(txn);
        this.#activate(txn, leader);
        break;
      }
      case 'INFORM':
        this.#onInform(this.#receive(packet));
        break;
      case 'PING':
        this.#send({ ...packet, data: encodeSessionTimeouts(this.#sessions.takeTouched()) });
        break;
      case 'SYNC':
        this.#onSync();
        break;
      case 'REVALIDATE':
        this.#onRevalidated(packet);
        break;
      default:
        throw new ProtocolError('BAD_VALUE', `${packet.type} from an established leader`);
    }
  }

  #countSynced(): void {
    const { followerSyncMs, observerSyncMs } = this.#rooms.stats;
    (this.#isObserver ? observerSyncMs : followerSyncMs).add(this.#nowMs - this.#syncSinceMs);
  }

  #log(txn: LoggedTxn): void {
    const { stats, clock } = this.#rooms;
    const { timeMs } = txn.entry.header;
    this.#pending.push(txn);
    this.#trail.onProposed(txn.entry);
    stats.proposalsReceived++;
    stats.proposalMs.addSince(timeMs, clock().wallMs);
    const config = configOfTxn(txn.entry.txn);
    if (config) this.#rooms.membership.see(config);
    this.#rooms.storage.run(append(txn), () => {
      this.#trail.onAcked(txn.entry.header.zxid, this.#rooms.sid);
      stats.ackCreationMs.addSince(timeMs, clock().wallMs);
      this.#send({ type: 'ACK', zxid: txn.entry.header.zxid });
    });
  }

  /** A reconfiguration is committed, and `leader` leads behind it. */
  #activate({ entry }: LoggedTxn, leader: Sid): void {
    const hasChanged = this.#learnConfig(configOfTxn(entry.txn));
    if (!hasChanged) return;
    if (this.#rooms.membership.isObserver === this.#isObserver && leader === this.#leader) return;
    this.#successor = leader;
    this.#giveUp(`by configuration ${zxidToHex(entry.header.zxid)} server ${leader} leads`);
  }

  #onCommit(zxid: Zxid): LoggedTxn {
    const txn = this.#pending.peek();
    if (txn?.entry.header.zxid !== zxid) {
      throw new ProtocolError('BAD_VALUE', `commit of ${zxidToHex(zxid)} out of its order`);
    }
    this.#pending.shift();
    this.#commit(txn);
    return txn;
  }

  /** Of an observer: proposed and committed in one. */
  #onInform(txn: LoggedTxn): void {
    this.#trail.onProposed(txn.entry);
    this.#rooms.storage.run(append(txn), () => undefined);
    this.#commit(txn);
  }

  #commit(txn: LoggedTxn): void {
    const { clients, replica, stats, clock } = this.#rooms;
    stats.commitsReceived++;
    stats.commitPropagationMs.addSince(txn.entry.header.timeMs, clock().wallMs);
    this.#trail.onCommitted(txn.entry.header.zxid);
    replica.history.add(txn);
    const applied = clients.pipeline.apply(txn.entry);
    const request = clients.pipeline.findRequest(txn.entry, (sessionId) =>
      clients.connections.ofSession(sessionId),
    );
    clients.pipeline.finish(txn.entry, applied, request);
  }

  #onSync(): void {
    const request = this.#syncs.shift();
    if (!request) throw new ProtocolError('BAD_VALUE', 'SYNC that nobody asked for');
    this.#rooms.clients.pipeline.onSynced(request);
  }

  #onRevalidated(packet: QuorumPacket): void {
    const { sessionId, isValid } = decodeRevalidated(packet.data);
    const returning = this.#sessions.takeReturning();
    if (returning?.session.sessionId !== sessionId) {
      throw new ProtocolError('BAD_VALUE', 'REVALIDATE of a session that nobody asked for');
    }
    const { connection, session } = returning;
    const { clients } = this.#rooms;
    clients.handshake.onRevalidated(connection, sessionId, isValid ? session : undefined);
    clients.serveHeld(connection);
  }

  // The way of clients' writes: over there.

  submit({ asker, type, record }: Write): void {
    this.#forward({ sessionId: asker.sessionId, xid: asker.xid, type, body: record }, asker.ids);
  }

  sync = (request: Request, record: Uint8Array): void => {
    const sessionId = request.connection.session?.sessionId;
    if (sessionId === undefined) return;
    this.#syncs.push(request);
    this.#forward({ sessionId, xid: request.xid, type: request.type, body: record }, []);
  };

  #forward(request: Parameters<typeof encodeForwardedRequest>[0], ids: Write['asker']['ids']): void {
    const isSession = request.type === OpCode.createSession;
    this.#send({
      type: 'REQUEST',
      zxid: NO_ZXID,
      data: encodeForwardedRequest(request),
      authInfo: isSession || ids.length === 0 ? null : ids,
    });
  }
}

function append({ entry, bytes }: LoggedTxn): {
  readonly op: 'append';
  readonly zxid: Zxid;
  readonly entry: Uint8Array;
} {
  return { op: 'append', zxid: entry.header.zxid, entry: bytes };
}

function decodeTxn({ data, zxid }: QuorumPacket): LoggedTxn {
  if (data === null) throw new ProtocolError('TRUNCATED', 'a proposal without a transaction');
  const entry: LogEntry = decodeLogEntry(new JuteReader(data));
  if (entry.header.zxid !== zxid) throw new ProtocolError('BAD_VALUE', 'a proposal of another zxid');
  return { entry, bytes: data };
}
