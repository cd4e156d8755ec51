/** What goes over the connection of one learner, as `observers` of the AdminServer shows it. */
import { type Zxid, ZXID_NONE } from '../../shared/zxid.ts';

export class LinkStats {
  packetsReceived = 0;
  packetsSent = 0;
  /** Writes that the learner passed on for its clients. */
  requests = 0;
  /** Of the last packet that was sent. */
  lastZxid: Zxid = ZXID_NONE;

  onSent(zxid: Zxid): void {
    this.packetsSent++;
    this.lastZxid = zxid;
  }

  reset(): void {
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.requests = 0;
  }
}
