/** Counters of a whole server (ZooKeeper's ServerStats and ServerMetrics), as `srvr` and `mntr` show them. */

import { PercentileSummary, Summary } from './summary.ts';

export class ServerStats {
  packetsReceived = 0;
  packetsSent = 0;
  readonly latencyMs = new Summary();
  readonly readLatencyMs = new PercentileSummary();
  readonly updateLatencyMs = new PercentileSummary();
  /** Since the leader made a transaction, by its clock, until it was applied here. */
  readonly propagationMs = new PercentileSummary();
  responseBytes = 0;
  /** Bytes of a reply's header and body; -1 before the first. */
  responseBytesLast = -1;
  responseBytesMin = -1;
  responseBytesMax = -1;
  authFailed = 0;
  bytesReceived = 0;
  /** Of notifications. */
  watchBytes = 0;
  /** Connections that came while there was no leader. */
  leaderlessConnections = 0;
  connectionRequests = 0;
  connectionDrops = 0;
  connectionRevalidations = 0;
  sessionlessConnectionsExpired = 0;
  staleSessionsExpired = 0;
  digestMismatches = 0;

  onResponseBytes(bytes: number): void {
    this.responseBytes += bytes;
    this.responseBytesLast = bytes;
    if (this.responseBytesMin === -1 || bytes < this.responseBytesMin) this.responseBytesMin = bytes;
    if (bytes > this.responseBytesMax) this.responseBytesMax = bytes;
  }

  /** What `srst` resets. */
  reset(): void {
    const { authFailed } = this;
    Object.assign(this, new ServerStats(), { authFailed });
  }
}
