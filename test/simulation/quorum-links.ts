/** The connections between simulated servers: their election ports and their quorum ports. */
import type { LinkId } from '../../embedded-server/core/quorum-effects.ts';
import type { Notification } from '../../embedded-server/quorum-protocol/notification.ts';
import type { QuorumPacket } from '../../embedded-server/quorum-protocol/quorum-packet.ts';
import { QuorumStreamDecoder } from '../../embedded-server/quorum-protocol/stream-decoder.ts';
import type { Coverage } from './coverage.ts';
import { type Network, Wire } from './network.ts';
import type { SimulatedNode } from './node.ts';

/** One end of a quorum connection. */
export interface LinkEnd {
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

export class QuorumLinks {
  readonly #network: Network;
  readonly #coverage: Coverage;
  readonly #nodeOf: (sid: number) => SimulatedNode | undefined;
  readonly #ends = new Map<string, LinkEnd>();
  /** Of the election ports, by `from>to`. */
  readonly #electionWires = new Map<string, Wire>();

  constructor({
    network,
    coverage,
    nodeOf,
  }: {
    network: Network;
    coverage: Coverage;
    nodeOf: (sid: number) => SimulatedNode | undefined;
  }) {
    this.#network = network;
    this.#coverage = coverage;
    this.#nodeOf = nodeOf;
  }

  get ends(): readonly LinkEnd[] {
    return [...this.#ends.values()];
  }

  // Election ports.

  notify(from: SimulatedNode, to: number, notification: Notification): void {
    const key = `${from.sid}>${to}`;
    const wire = this.#electionWires.get(key) ?? new Wire(from.sid, to);
    this.#electionWires.set(key, wire);
    this.#network.send(wire, () => {
      this.#nodeOf(to)?.step({ kind: 'notificationArrived', from: from.sid, notification });
    });
  }

  // Quorum ports.

  connectLeader(from: SimulatedNode, linkId: LinkId, sid: number): void {
    const end = this.#makeEnd(from, linkId, sid);
    this.#network.send(end.out, () => {
      const leader = this.#nodeOf(sid);
      // Who still looks for a leader opens its door later (quorum-port.ts): the learner dials again.
      if (!leader?.server || leader.server.peerState === 'LOOKING' || end.isClosed) {
        this.#network.send(new Wire(sid, from.sid), () => {
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

  #makeEnd(node: SimulatedNode, linkId: LinkId, peerSid: number): LinkEnd {
    const { generation } = node;
    let isTruncating = false;
    const end: LinkEnd = {
      node,
      key: keyOf(node, linkId),
      generation,
      linkId,
      out: new Wire(node.sid, peerSid),
      decoder: new QuorumStreamDecoder((message) => {
        if (end.isClosed || node.generation !== generation) return;
        if (message.kind === 'packet') isTruncating = this.#countDecision(message.packet, isTruncating);
        node.step({ kind: 'linkMessage', linkId, message });
      }),
      isClosed: false,
      peer: undefined,
    };
    this.#ends.set(end.key, end);
    return end;
  }

  /** Returns whether a TRUNC may still turn out to be one with transactions behind it. */
  #countDecision({ type }: QuorumPacket, isTruncating: boolean): boolean {
    switch (type) {
      case 'DIFF':
      case 'SNAP':
        this.#coverage.count(type);
        return false;
      case 'TRUNC':
        return true;
      case 'PROPOSAL':
        if (isTruncating) this.#coverage.count('TRUNC+DIFF');
        return false;
      case 'NEWLEADER':
        if (isTruncating) this.#coverage.count('TRUNC');
        return false;
      default:
        return isTruncating;
    }
  }

  send(from: SimulatedNode, linkId: LinkId, bytes: Uint8Array): void {
    const end = this.#ends.get(keyOf(from, linkId));
    if (!end) return;
    this.#network.send(end.out, () => {
      if (end.peer && !end.peer.isClosed) end.peer.decoder.push(bytes);
    });
  }

  close(from: SimulatedNode, linkId: LinkId): void {
    const end = this.#ends.get(keyOf(from, linkId));
    if (!end || end.isClosed) return;
    end.isClosed = true;
    this.#ends.delete(end.key);
    this.#network.send(end.out, () => {
      if (end.peer) this.#tellClosed(end.peer);
    });
  }

  #tellClosed(end: LinkEnd): void {
    if (end.isClosed) return;
    end.isClosed = true;
    this.#ends.delete(end.key);
    if (end.node.generation === end.generation) end.node.step({ kind: 'linkClosed', linkId: end.linkId });
  }

  /** All ends at `node` are gone, with everything on its way; the other ends hear of it later. */
  breakAllOf(node: SimulatedNode): void {
    for (const end of this.ends) {
      if (end.node !== node) continue;
      const { peer } = end;
      end.out.isBroken = true;
      end.isClosed = true;
      this.#ends.delete(end.key);
      if (!peer || peer.isClosed) continue;
      peer.out.isBroken = true;
      this.#network.send(new Wire(end.node.sid, peer.node.sid), () => {
        this.#tellClosed(peer);
      });
    }
  }

  /** Both ends hear of it in their own time. */
  break(end: LinkEnd): void {
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
}

function keyOf(node: SimulatedNode, linkId: LinkId): string {
  return `${node.sid}/${node.generation}/${linkId}`;
}
