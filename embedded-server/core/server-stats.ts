/** Counters of a whole server (ZooKeeper's ServerStats and ServerMetrics), as `srvr` and `mntr` show them. */

/** Least, greatest and mean of a series. */
export class Summary {
  min = 0;
  max = 0;
  sum = 0;
  count = 0;

  add(value: number): void {
    if (this.count === 0 || value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.sum += value;
    this.count++;
  }

  get average(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  reset(): void {
    this.min = 0;
    this.max = 0;
    this.sum = 0;
    this.count = 0;
  }
}

export class ServerStats {
  packetsReceived = 0;
  packetsSent = 0;
  readonly latencyMs = new Summary();
  readonly readLatencyMs = new Summary();
  readonly updateLatencyMs = new Summary();
  /** Bytes of a reply's header and body; -1 before the first. */
  responseBytesLast = -1;
  responseBytesMin = -1;
  responseBytesMax = -1;
  authFailed = 0;
  bytesReceived = 0;
  connectionRequests = 0;
  connectionDrops = 0;
  connectionRevalidations = 0;
  sessionlessConnectionsExpired = 0;
  staleSessionsExpired = 0;
  digestMismatches = 0;

  onResponseBytes(bytes: number): void {
    this.responseBytesLast = bytes;
    if (this.responseBytesMin === -1 || bytes < this.responseBytesMin) this.responseBytesMin = bytes;
    if (bytes > this.responseBytesMax) this.responseBytesMax = bytes;
  }

  /** What `srst` resets. */
  reset(): void {
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.latencyMs.reset();
    this.responseBytesLast = -1;
    this.responseBytesMin = -1;
    this.responseBytesMax = -1;
  }
}
