/**
 * One real server, core and all, with everybody else played by the test: what it sends is kept, what it is sent is given to
 * it step by step, and its disk confirms at once, or when the test says so. Packets are shown as `TYPE epoch.counter`.
 */
import { createHash } from 'node:crypto';

import { parseConfig } from '../../embedded-server/core/config.ts';
import { parseEnsembleConfig } from '../../embedded-server/core/ensemble-config.ts';
import type { LoggedTxn } from '../../embedded-server/core/committed-log.ts';
import type { LinkId, QuorumEffect, QuorumEvent } from '../../embedded-server/core/quorum-effects.ts';
import { QuorumServer, type QuorumServerOptions } from '../../embedded-server/core/quorum-server.ts';
import type { Notification } from '../../embedded-server/quorum-protocol/notification.ts';
import {
  decodeIntBody,
  encodeForwardedRequest,
  encodeIntBody,
  encodeLearnerInfo,
} from '../../embedded-server/quorum-protocol/packet-bodies.ts';
import {
  NO_ZXID,
  type PacketName,
  type QuorumPacket,
} from '../../embedded-server/quorum-protocol/quorum-packet.ts';
import { QuorumStreamDecoder } from '../../embedded-server/quorum-protocol/stream-decoder.ts';
import { assert } from '../../shared/assert.ts';
import { toSessionId } from '../../shared/ids.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { type Zxid, ZXID_COUNTER_MAX, makeZxid } from '../../shared/zxid.ts';
import { TransactionMaker, creating, emptyDatabase } from '../support/transactions.ts';
import { type DiskContent, PaperDisk, showZxid } from './paper-disk.ts';

type StoreEffect = Extract<QuorumEffect, { readonly kind: 'store' }>;

export const TICK_TIME_MS = 1000;
/** Ticks until somebody who is silent is given up. */
export const LIMIT_TICKS = 5;
const PROTOCOL_VERSION = 0x10000;
const FINALIZE_MS = 200;
const WALL_MS_START = 1_800_000_000_000;

const CONFIG = parseConfig({
  tickTime: String(TICK_TIME_MS),
  maxSessionTimeout: '600000',
  extendedTypesEnabled: 'true',
});
export const ENSEMBLE = parseEnsembleConfig([
  ['server.1', 'a:1:2'],
  ['server.2', 'b:1:2'],
  ['server.3', 'c:1:2'],
]);
export const SIDS = [1, 2, 3] as const;

export class PaperServer {
  readonly sid: number;
  readonly disk: PaperDisk;
  readonly server: QuorumServer;
  /** What it wants of the world, in order, except of its disk. */
  readonly effects: QuorumEffect[] = [];
  /** While true, nothing becomes durable. */
  isDiskHeld = false;
  #storing: StoreEffect[] = [];
  #elapsedMs: number;
  #lastLinkId = 0;

  /** Ids of sessions stem from when a server starts, so it must not start at the same time twice. */
  constructor(
    sid: number,
    content: DiskContent | PaperDisk = {},
    startMs = 0,
    membership: Partial<Pick<QuorumServerOptions, 'config' | 'ensemble' | 'lastSeenEnsemble'>> = {},
  ) {
    this.sid = sid;
    this.#elapsedMs = startMs;
    this.disk = content instanceof PaperDisk ? content : new PaperDisk(content);
    this.server = new QuorumServer({
      sid,
      config: CONFIG,
      ensemble: ENSEMBLE,
      limits: {
        initLimitTicks: LIMIT_TICKS,
        syncLimitTicks: LIMIT_TICKS,
        committedMax: 500,
        txnsPerEpochMax: ZXID_COUNTER_MAX,
      },
      ...membership,
      restored: this.disk.restore(),
      sha1: (bytes) => createHash('sha1').update(bytes).digest(),
      now: this.#now,
    });
    this.step({ kind: 'tick' });
  }

  get #now(): { readonly elapsedMs: number; readonly wallMs: number } {
    return { elapsedMs: this.#elapsedMs, wallMs: WALL_MS_START + this.#elapsedMs };
  }

  /** The last transaction that clients see. */
  get delivered(): string {
    return showZxid(this.server.database.lastProcessedZxid);
  }

  step(event: QuorumEvent): void {
    for (const effect of this.server.step(event, this.#now)) {
      if (effect.kind === 'store') this.#storing.push(effect);
      else this.effects.push(effect);
    }
    if (!this.isDiskHeld) this.sync();
  }

  /** Everything handed to the disk becomes durable. */
  sync(): void {
    for (let next = this.#storing.shift(); next; next = this.#storing.shift()) {
      const reloaded = this.disk.carryOut(next.operation);
      this.step({ kind: 'stored', storageId: next.storageId, ...(reloaded && { reloaded }) });
    }
  }

  pass(durationMs: number): void {
    this.#elapsedMs += durationMs;
    this.step({ kind: 'tick' });
  }

  // Elections.

  /** What it tells everybody just now. */
  get vote(): Notification {
    const vote = this.effects.findLast((effect) => effect.kind === 'notify');
    assert(vote !== undefined, 'a server that never voted');
    return vote.notification;
  }

  hearVote(from: number, notification: Partial<Notification>): void {
    this.step({ kind: 'notificationArrived', from, notification: { ...this.vote, ...notification } });
  }

  /** Is elected by server `by`. */
  lead(by: number): void {
    this.hearVote(by, { peerState: 'LOOKING' });
    this.pass(FINALIZE_MS);
  }

  /** Joins server `leader`, whom server `other` follows, and is connected to it. */
  follow(leader: number, other: number): LeaderLink {
    const vote = { leader, peerEpoch: 1, logicalClock: 1 };
    this.hearVote(other, { ...vote, peerState: 'FOLLOWING' });
    this.hearVote(leader, { ...vote, peerState: 'LEADING' });
    return this.acceptDial();
  }

  acceptDial(): LeaderLink {
    const dial = this.effects.findLast((effect) => effect.kind === 'connectLeader');
    assert(dial !== undefined, 'a server that follows nobody');
    this.step({ kind: 'linkOpened', linkId: dial.linkId });
    return new LeaderLink(this, dial.linkId);
  }

  /** Learner `sid` connects to this leader. */
  dialFrom(sid: number): LearnerLink {
    const linkId = ++this.#lastLinkId;
    this.step({ kind: 'linkOpened', linkId });
    return new LearnerLink(this, linkId, sid);
  }
}

/** The other end of a connection of the server's: says what the test wants, and tells what it is told. */
class Link {
  protected readonly server: PaperServer;
  readonly linkId: LinkId;
  #read = 0;

  constructor(server: PaperServer, linkId: LinkId) {
    this.server = server;
    this.linkId = linkId;
  }

  get isClosed(): boolean {
    return this.server.effects.some(({ kind, ...rest }) => {
      return kind === 'closeLink' && 'linkId' in rest && rest.linkId === this.linkId;
    });
  }

  say(type: PacketName, zxid: Zxid, data: Uint8Array | null = null): void {
    const packet: QuorumPacket = { type, zxid, data, authInfo: null };
    this.server.step({ kind: 'linkMessage', linkId: this.linkId, message: { kind: 'packet', packet } });
  }

  /** Everything that came since the last call. */
  hear(): string[] {
    const heard: string[] = [];
    const decoder = new QuorumStreamDecoder((message) => {
      heard.push(message.kind === 'packet' ? show(message.packet) : 'snapshot');
    });
    for (const effect of this.server.effects.slice(this.#read)) {
      if (effect.kind === 'sendLink' && effect.linkId === this.linkId) decoder.push(effect.bytes);
    }
    this.#read = this.server.effects.length;
    return heard;
  }
}

/** The test plays the leader. */
export class LeaderLink extends Link {
  newEpoch(epoch: number): void {
    this.say('LEADERINFO', zxid(epoch, 0), encodeIntBody(PROTOCOL_VERSION));
  }

  propose({ entry, bytes }: LoggedTxn): void {
    this.say('PROPOSAL', entry.header.zxid, bytes);
  }

  commit({ entry }: LoggedTxn): void {
    this.say('COMMIT', entry.header.zxid);
  }

  /** Phases 1 and 2 with nothing to catch up on. */
  establish(epoch: number): void {
    this.newEpoch(epoch);
    this.say('DIFF', zxid(epoch, 0));
    this.say('NEWLEADER', zxid(epoch, 0));
    this.say('UPTODATE', NO_ZXID);
    this.hear();
  }
}

/** The test plays a follower. */
export class LearnerLink extends Link {
  readonly sid: number;
  #requests = 0;

  constructor(server: PaperServer, linkId: LinkId, sid: number) {
    super(server, linkId);
    this.sid = sid;
  }

  /** CEPOCH of the paper. */
  promised(acceptedEpoch: number): void {
    const info = { sid: this.sid, protocolVersion: PROTOCOL_VERSION, configVersion: 0n };
    this.say('FOLLOWERINFO', zxid(acceptedEpoch, 0), encodeLearnerInfo(info));
  }

  /** ACK-E of the paper. */
  ackEpoch(currentEpoch: number, last: Zxid): void {
    this.say('ACKEPOCH', last, encodeIntBody(currentEpoch));
  }

  ack(epoch: number, counter: number): void {
    this.say('ACK', zxid(epoch, counter));
  }

  /** Phases 1 and 2, with the same history as the leader. */
  join(epoch: number, last: Zxid, { acceptedEpoch = 0 } = {}): void {
    this.promised(acceptedEpoch);
    this.ackEpoch(acceptedEpoch, last);
    this.ack(epoch, 0);
  }

  /** A client's write, passed on. */
  request(): void {
    const timeout = new JuteWriter();
    timeout.writeInt(10_000);
    const body = timeout.finish();
    const sessionId = toSessionId((BigInt(this.sid) << 56n) + BigInt(++this.#requests));
    this.say(
      'REQUEST',
      NO_ZXID,
      encodeForwardedRequest({ sessionId, xid: 0, type: OpCode.createSession, body }),
    );
  }
}

export function zxid(epoch: number, counter: number): Zxid {
  return makeZxid({ epoch, counter });
}

function show(packet: QuorumPacket): string {
  const text = `${packet.type} ${showZxid(packet.zxid)}`;
  return packet.type === 'ACKEPOCH' ? `${text} of epoch ${decodeIntBody(packet.data)}` : text;
}

/** The transactions of some epochs, each with so many, which follow each other: `/e1-2` is made by transaction 1.2. */
export function historyOf(...epochs: readonly (readonly [epoch: number, count: number])[]): LoggedTxn[] {
  const database = emptyDatabase();
  return epochs.flatMap(([epoch, count]) => {
    database.beginEpoch(zxid(epoch, 0));
    const maker = new TransactionMaker(database);
    const sessionId = maker.openSession();
    for (let at = 2; at <= count; at++) maker.write(creating(`/e${epoch}-${at}`), sessionId);
    return maker.transactions;
  });
}
