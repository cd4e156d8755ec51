/**
 * How far a server is behind the leader, so that it is certainly true although servers are asked one after the other: what the
 * leader had applied before the server was asked, and the server had not. Pure but for the trail that it keeps.
 */
import { zxidCounter, zxidEpoch, zxidFromHex } from '../../../../shared/zxid.ts';

interface Reading {
  readonly zxid: string;
  readonly atMs: number;
}

const READINGS_MAX = 60;

export class ZxidTrail {
  #leader: string | undefined;
  #readings: Reading[] = [];

  /** Another leader begins a new trail. */
  onLeader(server: string, reading: Reading): void {
    if (server !== this.#leader) this.#readings = [];
    this.#leader = server;
    if (this.#readings.at(-1)?.atMs === reading.atMs) return;
    this.#readings = [...this.#readings, reading].slice(-READINGS_MAX);
  }

  /** Null where nothing can be compared: no reading of the leader before, or counters of different epochs. */
  lagOf(reading: Reading): { transactions: number; ms: number } | null {
    const earlier = this.#readings.filter(({ atMs }) => atMs <= reading.atMs);
    const newest = earlier.at(-1);
    if (newest === undefined) return null;
    const own = zxidFromHex(reading.zxid);
    const leaders = zxidFromHex(newest.zxid);
    if (zxidEpoch(own) !== zxidEpoch(leaders)) return null;
    const transactions = zxidCounter(leaders) - zxidCounter(own);
    if (transactions <= 0) return { transactions: 0, ms: 0 };
    const since = earlier.find(({ zxid }) => zxidFromHex(zxid) > own) ?? newest;
    return { transactions, ms: reading.atMs - since.atMs };
  }
}
