/**
 * Gathers what events of a quorum server want done: storage and notifications in their order, one send for each link
 * with everything that was written to it, then the closing of links.
 */
import { JuteWriter } from '../../shared/jute/writer.ts';
import { type QuorumPacket, encodeQuorumPacket } from '../quorum-protocol/quorum-packet.ts';
import { SNAPSHOT_SIGNATURE } from '../quorum-protocol/snapshot-scanner.ts';
import type { LinkStats } from './link-stats.ts';
import type { LinkId, QuorumEffect } from './quorum-effects.ts';

/** What most packets say: a type and a zxid. */
export type PacketToSend = Pick<QuorumPacket, 'type' | 'zxid'> & Partial<QuorumPacket>;

interface Output {
  readonly writer: JuteWriter;
  /** Of a learner's link only: whoever leads is not asked how much it was told. */
  readonly stats: LinkStats | undefined;
}

export class QuorumOutbox {
  #effects: QuorumEffect[] = [];
  readonly #outputs = new Map<LinkId, Output>();
  #dirty: LinkId[] = [];
  #closing: LinkId[] = [];

  readonly emit = (effect: QuorumEffect): void => {
    this.#effects.push(effect);
  };

  /** A learner has connected: what it is sent is counted. */
  open(linkId: LinkId, stats: LinkStats | undefined): Output {
    const output = { writer: new JuteWriter(), stats };
    this.#outputs.set(linkId, output);
    return output;
  }

  #outputOf(linkId: LinkId): Output {
    const output = this.#outputs.get(linkId) ?? this.open(linkId, undefined);
    if (output.writer.length === 0) this.#dirty.push(linkId);
    return output;
  }

  packet(linkId: LinkId, { type, zxid, data = null, authInfo = null }: PacketToSend): void {
    const { writer, stats } = this.#outputOf(linkId);
    encodeQuorumPacket(writer, { type, zxid, data, authInfo });
    stats?.onSent(zxid);
  }

  /** Behind a SNAP packet: the body of a snapshot and what ends it. */
  snapshot(linkId: LinkId, body: Uint8Array): void {
    const { writer } = this.#outputOf(linkId);
    writer.writeRaw(body);
    writer.writeString(SNAPSHOT_SIGNATURE);
  }

  closeLink(linkId: LinkId): void {
    this.#closing.push(linkId);
  }

  /** Everything since the last call. */
  take(): QuorumEffect[] {
    const effects = this.#effects;
    for (const linkId of this.#dirty) {
      const writer = this.#outputs.get(linkId)?.writer;
      if (!writer) continue;
      effects.push({ kind: 'sendLink', linkId, bytes: writer.take() });
    }
    for (const linkId of this.#closing) {
      this.#outputs.delete(linkId);
      effects.push({ kind: 'closeLink', linkId });
    }
    this.#effects = [];
    this.#dirty = [];
    this.#closing = [];
    return effects;
  }

  /** The link is gone; nothing more is written to it. */
  forget(linkId: LinkId): void {
    this.#outputs.delete(linkId);
  }
}
