/**
 * What one machine has promised to its leaders holds behind every crash (Zab paper, phase 1, step f.1.2, and phase 2, step
 * f.2.1): it goes back behind no epoch that it accepted, behind no epoch whose history it acknowledged, and has every
 * transaction that it acknowledged, unless a leader took it back. Kept beside the machine, from what goes over its own
 * connection to a leader.
 */
import { decodeIntBody } from '../../embedded-server/quorum-protocol/packet-bodies.ts';
import type { QuorumPacket } from '../../embedded-server/quorum-protocol/quorum-packet.ts';
import { type Zxid, ZXID_NONE, zxidCounter, zxidEpoch, zxidToHex } from '../../shared/zxid.ts';
import { demand } from './violation.ts';

/** In ACKEPOCH: the epoch was accepted before, so nothing is told of the one before. */
const ACCEPTED_BEFORE = -1;

export class Promises {
  readonly #server: string;
  #acceptedEpoch = 0;
  #currentEpoch = 0;
  #ackedZxid: Zxid = ZXID_NONE;
  /** By the leader that it talks to now. */
  #offeredEpoch = 0;

  constructor(server: string) {
    this.#server = server;
  }

  /** The leader said `packet`. */
  onHeard({ type, zxid }: QuorumPacket): void {
    if (type === 'LEADERINFO') this.#offeredEpoch = zxidEpoch(zxid);
    const isTakenBack = (type === 'TRUNC' || type === 'SNAP') && zxid < this.#ackedZxid;
    // The start of an epoch is no transaction: which one is the last in front of it, it does not tell.
    if (isTakenBack) this.#ackedZxid = zxidCounter(zxid) === 0 ? ZXID_NONE : zxid;
  }

  /** The leader is told `packet`. */
  onSaid({ type, zxid, data }: QuorumPacket): void {
    switch (type) {
      case 'FOLLOWERINFO':
      case 'OBSERVERINFO':
        this.#checkEpoch('accepted', { said: zxidEpoch(zxid), promised: this.#acceptedEpoch });
        break;
      case 'ACKEPOCH':
        this.#checkHistory(decodeIntBody(data), zxid);
        this.#acceptedEpoch = Math.max(this.#acceptedEpoch, this.#offeredEpoch);
        break;
      case 'ACK':
        if (zxidCounter(zxid) === 0) this.#currentEpoch = Math.max(this.#currentEpoch, zxidEpoch(zxid));
        else this.#ackedZxid = zxid;
        break;
      default:
        break;
    }
  }

  #checkHistory(currentEpoch: number, lastZxid: Zxid): void {
    if (currentEpoch !== ACCEPTED_BEFORE) {
      this.#checkEpoch('followed', { said: currentEpoch, promised: this.#currentEpoch });
    }
    // Who could not take back what a leader told it to asks for everything.
    demand(
      lastZxid === ZXID_NONE || lastZxid >= this.#ackedZxid,
      'Durability',
      () =>
        `${this.#server} is at ${zxidToHex(lastZxid)}, and has acknowledged ${zxidToHex(this.#ackedZxid)}`,
    );
  }

  #checkEpoch(deed: string, { said, promised }: { said: number; promised: number }): void {
    demand(
      said >= promised,
      'Durability',
      () => `${this.#server} has ${deed} epoch ${promised}, and tells of epoch ${said}`,
    );
  }
}
