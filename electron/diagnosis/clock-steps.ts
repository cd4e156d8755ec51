/**
 * Notices that somebody set a server's wall clock. An AdminServer's Date and the lines of a log tell what time a server has. For
 * those that tell nothing of the kind: each transaction carries the leader's time, and who applies it counts how old it is by
 * its own clock. Transactions come in order, so none can be older than the time since one that came without delay. Pure.
 */
import { type Sentence, say } from '../../shared/api/sentences.ts';
import { BoundedList } from './bounded-list.ts';
import type { ClusterPicture, Reign } from './cluster-picture.ts';
import { type Fact, fact, pathSource } from './draft.ts';
import type { ObservationOf } from './observation.ts';
import { type Measure, type ServerPicture, risen, value } from './server-picture.ts';

export interface ClockStep {
  /** The server's. */
  readonly subject: string;
  readonly atMs: number;
  readonly byMs: number;
  readonly confidence: number;
  readonly evidence: Fact;
}

/** The newest look at which a server had applied transactions since the one before. */
interface Applied {
  /** The look before. */
  readonly fromMs: number;
  /** Whose transactions they were. */
  readonly reign: Reign;
}

interface Suspect {
  readonly server: ServerPicture;
  readonly reign: Reign;
  readonly atMs: number;
  readonly byMs: number;
  readonly evidence: Fact;
}

const STEP_MS_MIN = 2500;
/** When all learners find transactions old, it is the leader's clock: each of them is looked at within this. */
const OTHERS_MS = 4000;
const SUSPECTS_MAX = 50;

export class ClockSteps {
  readonly #cluster: ClusterPicture;
  /** By server and source: how far its clock was ahead of Zabra's. */
  readonly #aheadMs = new Map<string, number>();
  readonly #applied = new Map<ServerPicture, Applied>();
  readonly #suspects = new BoundedList<Suspect>(SUSPECTS_MAX);
  #concludedMs = -Infinity;

  constructor(cluster: ClusterPicture) {
    this.#cluster = cluster;
  }

  onClockRead({ sid, serverMs, atMs, file }: ObservationOf<'clock-read'>): ClockStep | undefined {
    const aheadMs = serverMs - atMs;
    const key = `${sid} ${file ?? ''}`;
    const known = this.#aheadMs.get(key);
    this.#aheadMs.set(key, aheadMs);
    if (known === undefined) return undefined;
    const byMs = aheadMs - known;
    // The header has whole seconds, so a second more or less is no step.
    if (Math.abs(byMs) < STEP_MS_MIN || this.#cluster.stalledBetween(atMs - STEP_MS_MIN * 2, atMs))
      return undefined;
    const server = this.#cluster.bySid(sid);
    if (server?.standing === 'silent') return undefined;
    const [source, words]: [Sentence, Sentence] =
      file === undefined
        ? [say('source.admin', { server: String(sid) }), say('fact.date-moved', { byMs })]
        : [pathSource(file), say('fact.log-moved', { byMs })];
    const subject = server?.subject ?? String(sid);
    return { subject, atMs, byMs, confidence: 0.95, evidence: fact(atMs, source, words) };
  }

  /** What a process counted between two looks. */
  onMeasures(server: ServerPicture, before: Measure, now: Measure): void {
    const { reign } = this.#cluster;
    if (reign === undefined || reign.leader === server) return;
    if (risen(before, now, 'cnt_propagation_latency') <= 0) return;
    const known = this.#applied.get(server);
    this.#applied.set(server, { fromMs: before.atMs, reign });
    if (known === undefined || known.reign !== reign || known.fromMs < reign.fromMs) return;
    const ageMs = value(now, 'max_propagation_latency');
    // None of those that came before was older than the oldest of them.
    const possibleMs = now.atMs - known.fromMs + value(before, 'max_propagation_latency');
    if (ageMs < possibleMs + STEP_MS_MIN) return;
    const source = say('source.word', { word: 'mntr', server: server.subject });
    const evidence = fact(now.atMs, source, say('fact.transactions-aged', { ageMs, possibleMs }));
    this.#suspects.push({ server, reign, atMs: now.atMs, byMs: ageMs, evidence });
  }

  /** Of those of which enough time has passed to know whose clock it was. */
  concluded(nowMs: number): ClockStep[] {
    const untilMs = nowMs - OTHERS_MS;
    const ripe = [...this.#suspects].filter(({ atMs }) => atMs > this.#concludedMs && atMs <= untilMs);
    this.#concludedMs = Math.max(this.#concludedMs, untilMs);
    // The next leader may have another time, and have had it always; that it leads may have been seen late.
    return ripe.filter(({ reign }) => reign === this.#cluster.reign).map((suspect) => this.#stepOf(suspect));
  }

  #stepOf(suspect: Suspect): ClockStep {
    const { server, reign, atMs, byMs, evidence } = suspect;
    const isLeaders = this.#suspects.some(
      (other) => other.server !== server && other.reign === reign && Math.abs(other.atMs - atMs) <= OTHERS_MS,
    );
    const { subject } = isLeaders ? reign.leader : server;
    // With one learner there is nobody to compare with.
    const confidence = this.#applied.size > 1 ? 0.85 : 0.55;
    return { subject, atMs, byMs: isLeaders ? -byMs : byMs, confidence, evidence };
  }
}
