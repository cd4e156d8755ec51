/**
 * Gathers what events of a quorum server want done: storage and notifications in their order, one send for each link
 * with everything that was written to it, then the closing of links.
 */
import { JuteWriter } from '../../shared/jute/writer.ts';
import { type QuorumPacket, encodeQuorumPacket } from '../quorum-protocol/quorum-packet.ts';
import { SNAPSHOT_SIGNATURE } from '../quorum-protocol/snapshot-scanner.ts';
import type { LinkId, QuorumEffect } from './quorum-effects.ts';

/** What most packets say: a type and a zxid. */
export type PacketToSend = Pick<QuorumPacket, 'type' | 'zxid'> & Partial<QuorumPacket>;

export class QuorumOutbox {
  #effects: QuorumEffect[] = [];
  readonly #writers = new Map<LinkId, JuteWriter>();
  #dirty: LinkId[] = [];
  #closing: LinkId[] = [];

  readonly emit = (effect: QuorumEffect): void => {
    this.#effects.push(effect);
  };

  #writerOf(linkId: LinkId): JuteWriter {
    let writer = this.#writers.get(linkId);
    if (!writer) {
      writer = new JuteWriter();
      this.#writers.set(linkId, writer);
    }
    if (writer.length === 0) this.#dirty.push(linkId);
    return writer;
  }

  packet(linkId: LinkId, { type, zxid, data = null, authInfo = null }: PacketToSend): void {
    encodeQuorumPacket(this.#writerOf(linkId), { type, zxid, data, authInfo });
  }

  /** Behind a SNAP packet: the body of a snapshot and what ends it. */
  snapshot(linkId: LinkId, body: Uint8Array): void {
    const writer = this.#writerOf(linkId);
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
      const writer = this.#writers.get(linkId);
      if (!writer) continue;
      effects.push({ kind: 'sendLink', linkId, bytes: writer.finish() });
      writer.reset();
    }
    for (const linkId of this.#closing) {
      this.#writers.delete(linkId);
      effects.push({ kind: 'closeLink', linkId });
    }
    this.#effects = [];
    this.#dirty = [];
    this.#closing = [];
    return effects;
  }

  /** The link is gone; nothing more is written to it. */
  forget(linkId: LinkId): void {
    this.#writers.delete(linkId);
  }
}
