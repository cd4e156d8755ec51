/**
 * The diagnosis: observations in, findings out, whenever something is certain enough or has changed. It reads no clock; who
 * runs it says what time it is. What it knows lives in pictures and books, what it concludes in deciders. Pure.
 */
import type { SessionPicture } from '../../shared/api/diagnosis.ts';
import type { ElectionRecord } from '../../shared/api/elections.ts';
import type { Finding } from '../../shared/api/findings.ts';
import { ClusterPicture } from './cluster-picture.ts';
import { ClusterTroubles } from './cluster-troubles.ts';
import { DataTroubles } from './data-troubles.ts';
import { decideElections } from './election-decider.ts';
import { toFinding } from './draft.ts';
import { FindingBook } from './finding-book.ts';
import { MeasuredTroubles } from './measured-troubles.ts';
import type { Observation } from './observation.ts';
import { polledElections } from './polled-reigns.ts';
import { decideServers } from './server-troubles.ts';
import { decideSessions } from './session-autopsy.ts';
import { SessionBook } from './session-book.ts';
import { sessionPicture } from './session-picture.ts';

export interface DiagnosisOptions {
  readonly nowMs: number;
  /** `host:port` of the client ports that are asked. */
  readonly servers: readonly string[];
}

export class Diagnosis {
  readonly #cluster: ClusterPicture;
  readonly #sessions = new SessionBook();
  readonly #measured: MeasuredTroubles;
  readonly #clusterTroubles: ClusterTroubles;
  readonly #data: DataTroubles;
  readonly #book = new FindingBook();

  constructor({ nowMs, servers }: DiagnosisOptions) {
    this.#cluster = new ClusterPicture(nowMs, servers);
    this.#measured = new MeasuredTroubles(this.#cluster);
    this.#clusterTroubles = new ClusterTroubles(this.#cluster);
    this.#data = new DataTroubles(nowMs);
  }

  /** One that is asked from now on. */
  addServer(server: string): void {
    this.#cluster.addServer(server);
  }

  observe(observation: Observation): void {
    this.#cluster.observe(observation);
    this.#sessions.observe(
      observation,
      // A server without an ensemble has number 0: its address names it.
      (server) => this.#cluster.servers.find((candidate) => candidate.server === server)?.sid || undefined,
    );
    this.#measured.observe(observation);
    this.#data.observe(observation);
  }

  /** What is new, or has changed, since the last call. */
  conclude(nowMs: number): Finding[] {
    const cluster = this.#cluster;
    const drafts = this.#book.changed([
      ...decideSessions(this.#sessions.ended, { cluster, nowMs }),
      ...decideElections(cluster, nowMs),
      ...decideServers(cluster, nowMs),
      ...this.#measured.findings(nowMs),
      ...this.#clusterTroubles.findings(nowMs),
      ...this.#data.findings(),
    ]);
    return drafts.map(toFinding);
  }

  /** Undefined for a session that was never heard of, or is forgotten. */
  sessionPicture(sessionId: string, nowMs: number): SessionPicture | undefined {
    const record = this.#sessions.get(sessionId);
    return record === undefined ? undefined : sessionPicture(record, { cluster: this.#cluster, nowMs });
  }

  /** As far as client ports tell: who led when, and nothing of votes. */
  elections(): ElectionRecord {
    return polledElections(this.#cluster);
  }
}
