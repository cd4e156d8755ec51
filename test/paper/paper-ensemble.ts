/**
 * Three real servers that talk to each other without delay, and a hand that cuts, crashes and restarts them. Time passes only
 * when told to.
 */
import type { LinkId, QuorumEffect } from '../../embedded-server/core/quorum-effects.ts';
import { QuorumStreamDecoder } from '../../embedded-server/quorum-protocol/stream-decoder.ts';
import { assert } from '../../shared/assert.ts';
import { SESSION_NONE, type SessionId } from '../../shared/ids.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { encodeConnectRequest } from '../../shared/protocol/connect.ts';
import { ZXID_NONE } from '../../shared/zxid.ts';
import { type DiskContent, showZxid } from './paper-disk.ts';
import { PaperServer, SIDS } from './paper-server.ts';

interface End {
  readonly server: PaperServer;
  readonly linkId: LinkId;
  readonly decoder: QuorumStreamDecoder;
  peer: End | undefined;
}

const STEP_MS = 100;
const SETTLED_MS_MAX = 60_000;
/** None expires in these stories. */
const SESSION_TIMEOUT_MS = 600_000;

export class PaperEnsemble {
  /** Those that are up. */
  readonly #servers = new Map<number, PaperServer>();
  readonly #crashed = new Map<number, PaperServer>();
  readonly #handled = new Map<PaperServer, number>();
  readonly #ends: End[] = [];
  readonly #cuts = new Set<string>();
  #lastId = 0;
  #nowMs = 0;
  /** The transaction that made it, as `epoch.counter`. */
  readonly #zxidOfSession = new Map<SessionId, string>();
  /** Every proposal that was sent, as `epoch.counter`. */
  readonly proposed = new Set<string>();
  /** Which servers led which epoch. */
  readonly primaries = new Map<number, Set<number>>();

  /** All have the same `content` to begin with. */
  constructor(content: DiskContent) {
    for (const sid of SIDS) this.#servers.set(sid, new PaperServer(sid, content));
  }

  server(sid: number): PaperServer {
    const server = this.#servers.get(sid);
    assert(server !== undefined, `server ${sid} is down`);
    return server;
  }

  get leader(): PaperServer | undefined {
    return [...this.#servers.values()].find(
      ({ server }) => server.peerState === 'LEADING' && server.isServing,
    );
  }

  /** What clients of server `sid` can see, in the order in which it came: every write here makes a session. */
  deliveredBy(sid: number): string[] {
    const sessionIds = [...this.server(sid).server.database.sessionTimeoutsMs.keys()];
    return sessionIds.map((sessionId) => this.#zxidOfSession.get(sessionId) ?? 'unknown');
  }

  /** A client at server `sid` asks for something that changes the state. */
  write(sid: number): void {
    const connectionId = ++this.#lastId;
    const writer = new JuteWriter();
    encodeConnectRequest(writer, {
      protocolVersion: 0,
      lastZxidSeen: ZXID_NONE,
      timeoutMs: SESSION_TIMEOUT_MS,
      sessionId: SESSION_NONE,
      password: new Uint8Array(16),
      readOnly: false,
    });
    const server = this.server(sid);
    server.step({ kind: 'connectionOpened', connectionId, remoteAddress: '10.0.0.1', remotePort: 1 });
    server.step({ kind: 'framesArrived', connectionId, frames: [writer.finish()] });
  }

  // Faults.

  /** Nothing goes from one to the other any more; connections between them break. */
  cut(a: number, b: number): void {
    this.#cuts.add(`${a}-${b}`).add(`${b}-${a}`);
    for (const end of [...this.#ends]) {
      if (end.server.sid === a && end.peer?.server.sid === b) this.#break(end);
    }
  }

  heal(): void {
    this.#cuts.clear();
    for (const { sid } of this.#servers.values()) this.#greet(sid);
  }

  /** What is not durable is lost. */
  crash(sid: number): void {
    const server = this.server(sid);
    this.#servers.delete(sid);
    this.#crashed.set(sid, server);
    for (const end of [...this.#ends]) if (end.server === server) this.#break(end);
  }

  restart(sid: number): void {
    const former = this.#crashed.get(sid);
    assert(former !== undefined, `server ${sid} is not down`);
    this.#crashed.delete(sid);
    this.#servers.set(sid, new PaperServer(sid, former.disk, this.#nowMs));
    this.#greet(sid);
  }

  #greet(sid: number): void {
    for (const other of this.#servers.values()) {
      if (other.sid === sid || this.#isCut(sid, other.sid)) continue;
      other.step({ kind: 'peerConnected', sid });
      this.server(sid).step({ kind: 'peerConnected', sid: other.sid });
    }
  }

  #isCut(a: number, b: number): boolean {
    return this.#cuts.has(`${a}-${b}`);
  }

  // The world.

  /** Until a leader is established and everybody who is up serves. */
  settle(): void {
    this.passUntil(() => this.leader !== undefined && [...this.#servers.values()].every(isServing));
  }

  passUntil(isDone: () => boolean): void {
    for (let passedMs = 0; passedMs < SETTLED_MS_MAX; passedMs += STEP_MS) {
      this.run();
      if (isDone()) return;
      this.#nowMs += STEP_MS;
      for (const server of this.#servers.values()) server.pass(STEP_MS);
    }
    assert(false, 'it does not come to that');
  }

  /** Everything that is on its way arrives. */
  run(): void {
    for (let isQuiet = false; !isQuiet;) {
      isQuiet = true;
      for (const server of this.#servers.values()) {
        const handled = this.#handled.get(server) ?? 0;
        const effect = server.effects[handled];
        if (!effect) continue;
        isQuiet = false;
        this.#handled.set(server, handled + 1);
        this.#carry(server, effect);
      }
    }
    for (const { sid, server, disk } of this.#servers.values()) {
      for (const { entry } of disk.log) {
        this.#zxidOfSession.set(entry.header.clientId, showZxid(entry.header.zxid));
      }
      if (server.peerState !== 'LEADING' || !server.isServing) continue;
      const sids = this.primaries.get(server.currentEpoch) ?? new Set();
      this.primaries.set(server.currentEpoch, sids.add(sid));
    }
  }

  #carry(from: PaperServer, effect: QuorumEffect): void {
    switch (effect.kind) {
      case 'notify':
        if (this.#isCut(from.sid, effect.to)) break;
        this.#servers
          .get(effect.to)
          ?.step({ kind: 'notificationArrived', from: from.sid, notification: effect.notification });
        break;
      case 'connectLeader':
        this.#connect(from, effect.linkId, effect.sid);
        break;
      case 'sendLink':
        this.#endOf(from, effect.linkId)?.peer?.decoder.push(effect.bytes);
        break;
      case 'closeLink': {
        const end = this.#endOf(from, effect.linkId);
        if (end) this.#break(end);
        break;
      }
      default:
        break;
    }
  }

  #connect(from: PaperServer, linkId: LinkId, sid: number): void {
    const leader = this.#servers.get(sid);
    if (!leader || this.#isCut(from.sid, sid)) {
      from.step({ kind: 'linkClosed', linkId });
      return;
    }
    const near = this.#makeEnd(from, linkId);
    const far = this.#makeEnd(leader, ++this.#lastId);
    near.peer = far;
    far.peer = near;
    leader.step({ kind: 'linkOpened', linkId: far.linkId });
    from.step({ kind: 'linkOpened', linkId });
  }

  #makeEnd(server: PaperServer, linkId: LinkId): End {
    const decoder = new QuorumStreamDecoder((message) => {
      if (message.kind === 'packet' && message.packet.type === 'PROPOSAL') {
        this.proposed.add(showZxid(message.packet.zxid));
      }
      server.step({ kind: 'linkMessage', linkId, message });
    });
    const end: End = { server, linkId, decoder, peer: undefined };
    this.#ends.push(end);
    return end;
  }

  #endOf(server: PaperServer, linkId: LinkId): End | undefined {
    return this.#ends.find((end) => end.server === server && end.linkId === linkId);
  }

  #break(end: End): void {
    for (const gone of [end, end.peer]) {
      const at = gone ? this.#ends.indexOf(gone) : -1;
      if (!gone || at === -1) continue;
      this.#ends.splice(at, 1);
      if (this.#servers.has(gone.server.sid)) {
        gone.server.step({ kind: 'linkClosed', linkId: gone.linkId });
      }
    }
  }
}

function isServing({ server }: PaperServer): boolean {
  return server.isServing;
}
