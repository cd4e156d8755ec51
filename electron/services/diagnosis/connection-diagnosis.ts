/**
 * Everything that the diagnosis knows about one connection: what is kept of earlier runs and, while the connection is open,
 * what a running {@link EnsembleWatch} adds. What is new goes to the database once a second.
 */
import type { FindingBatch, SessionPicture } from '../../../shared/api/diagnosis.ts';
import type { ElectionRecord } from '../../../shared/api/elections.ts';
import type { Finding } from '../../../shared/api/findings.ts';
import type { Log } from '../../log.ts';
import type { DiagnosisStore } from '../../stores/diagnosis-store.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';
import type { EnsembleWatch } from './ensemble-watch.ts';
import { CLOSED_BY_CLIENT_MAX, FINDINGS_MAX, FindingJournal, isClosedByClient } from './finding-journal.ts';
import { NO_ELECTIONS, endOfWatch, mergeElections } from './merge-elections.ts';

const TICK_MS = 1_000;
const REPEAT_TICKS = 30;
const ELECTIONS_MS = 500;
/** Sessions that end faster than this are not all pictured. */
const PICTURES_A_TICK = 20;
/** So long after a session's end its picture grows; what the diagnosis remembers then fades. */
const GROWING_MS = 90_000;
const RETENTION = {
  ageMsMax: 30 * 86_400_000,
  findingsMax: FINDINGS_MAX,
  closedByClientMax: CLOSED_BY_CLIENT_MAX,
};

export class ConnectionDiagnosis {
  readonly #connectionId: string;
  readonly #store: DiagnosisStore;
  readonly #log: Log;
  readonly #journal: FindingJournal;
  readonly #elections = new Observable(() => this.record);
  readonly #unsavedFindings = new Map<string, Finding>();
  readonly #unsavedPictures = new Set<string>();
  #kept: ElectionRecord;
  /** Of the watch, as it is saved. */
  #live: ElectionRecord | undefined;
  #liveText = '';
  #watchingText: string | undefined;
  #watch: EnsembleWatch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;

  constructor(connectionId: string, { store, log }: { store: DiagnosisStore; log: Log }) {
    this.#connectionId = connectionId;
    this.#store = store;
    this.#log = log;
    store.prune(connectionId, Date.now(), RETENTION);
    this.#journal = new FindingJournal(store.findings(connectionId), () => this.#watch?.watching ?? null);
    const kept = store.elections(connectionId);
    this.#kept = kept === undefined ? NO_ELECTIONS : endOfWatch(kept.record, kept.seenMs);
  }

  get watch(): EnsembleWatch | undefined {
    return this.#watch;
  }

  get record(): ElectionRecord {
    return this.#watch === undefined ? this.#kept : mergeElections(this.#kept, this.#watch.elections);
  }

  begin(watch: EnsembleWatch): void {
    this.#watch = watch;
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
    this.#journal.repeat();
  }

  end(): void {
    if (this.#watch === undefined) return;
    // The last one is marked as such: until then somebody watched.
    this.#ticks = -1;
    this.#tick();
    const nowMs = Date.now();
    this.#kept = endOfWatch(this.record, nowMs);
    this.#watch.end();
    this.#watch = undefined;
    clearInterval(this.#timer);
    this.#journal.repeat();
    this.#elections.changed();
  }

  onFinding(finding: Finding): void {
    this.#unsavedFindings.set(finding.id, finding);
    this.#journal.add(finding);
  }

  onSession(sessionId: string): void {
    if (this.#unsavedPictures.size < PICTURES_A_TICK) this.#unsavedPictures.add(sessionId);
  }

  findings(): PacedStream<FindingBatch> {
    return this.#journal.stream();
  }

  elections(): PacedStream<ElectionRecord> {
    return this.#elections.stream({ intervalMs: ELECTIONS_MS });
  }

  picture(sessionId: string): SessionPicture | undefined {
    const live = this.#watch?.picture(sessionId);
    const isGrowing = live !== undefined && (live.end === null || Date.now() - live.end.atMs < GROWING_MS);
    return isGrowing ? live : (this.#store.picture(this.#connectionId, sessionId) ?? live);
  }

  /** Ends all streams. */
  close(): void {
    this.end();
    this.#journal.close();
  }

  #tick(): void {
    this.#ticks += 1;
    this.#save();
    this.#tellWatching();
    if (this.#ticks % REPEAT_TICKS !== 0) return;
    this.#journal.repeat();
    this.#elections.changed();
  }

  /** A disk that is full must not end the diagnosis: what is not saved now is shown all the same. */
  #save(): void {
    try {
      this.#saveFindings();
      this.#saveElections();
      if (this.#ticks % REPEAT_TICKS === 0) this.#store.seeElections(this.#connectionId, Date.now());
    } catch (error) {
      this.#log.error({ err: error, connectionId: this.#connectionId }, 'findings could not be saved');
    }
  }

  #saveFindings(): void {
    const findings = [...this.#unsavedFindings.values()];
    const pictures = [...this.#unsavedPictures]
      .map((sessionId) => this.#watch?.picture(sessionId))
      .filter((picture) => picture !== undefined);
    if (findings.length + pictures.length > 0) {
      this.#store.save(this.#connectionId, { findings, pictures });
    }
    this.#unsavedFindings.clear();
    this.#unsavedPictures.clear();
    // Troubles are few; of what clients close themselves many are to go.
    if (findings.some(isClosedByClient)) this.#store.prune(this.#connectionId, Date.now(), RETENTION);
  }

  /** What there is to look at grows while servers answer for the first time. */
  #tellWatching(): void {
    const text = JSON.stringify(this.#watch?.watching);
    if (text === this.#watchingText) return;
    this.#watchingText = text;
    this.#journal.repeat();
  }

  #saveElections(): void {
    const live = this.#watch?.elections;
    if (live === undefined || live === this.#live) return;
    this.#live = live;
    const text = JSON.stringify(live);
    if (text === this.#liveText) return;
    this.#liveText = text;
    this.#store.saveElections(this.#connectionId, { record: this.record, seenMs: Date.now() });
    this.#elections.changed();
  }
}
