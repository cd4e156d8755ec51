/**
 * The findings of one connection, in memory, bounded: whoever follows gets all of them and then each that is new or has
 * changed. Sessions that their clients closed are findings too, and many; they are bounded apart, so that they cannot push
 * anything else out.
 */
import type { FindingBatch, Watching } from '../../../shared/api/diagnosis.ts';
import type { Finding } from '../../../shared/api/findings.ts';
import { PacedStream } from '../paced-stream.ts';

const INTERVAL_MS = 200;
export const FINDINGS_MAX = 1000;
export const CLOSED_BY_CLIENT_MAX = 300;

interface Follower {
  readonly stream: PacedStream<FindingBatch>;
  /** By id, what it has not been told. */
  readonly untold: Map<string, Finding>;
  /** It is to be told something, if only what is watched. */
  isDue: boolean;
  isFirst: boolean;
}

export class FindingJournal {
  readonly #watching: () => Watching | null;
  readonly #followers = new Set<Follower>();
  /** From the one that was told first to the one told last. */
  readonly #troubles = new Map<string, Finding>();
  readonly #closedByClient = new Map<string, Finding>();

  /** `kept` from the oldest to the newest. */
  constructor(kept: readonly Finding[], watching: () => Watching | null) {
    this.#watching = watching;
    for (const finding of kept) this.#put(finding);
  }

  add(finding: Finding): void {
    this.#put(finding);
    for (const follower of this.#followers) {
      follower.untold.set(finding.id, finding);
      follower.isDue = true;
      follower.stream.wake();
    }
  }

  /** Tells what is watched by now. A stream hears only with its next value that nobody reads it any more. */
  repeat(): void {
    for (const follower of this.#followers) {
      follower.isDue = true;
      follower.stream.wake();
    }
  }

  stream(): PacedStream<FindingBatch> {
    const follower: Follower = {
      stream: new PacedStream<FindingBatch>({
        intervalMs: INTERVAL_MS,
        take: () => this.#take(follower),
        onEnd: () => this.#followers.delete(follower),
      }),
      untold: new Map([...this.#troubles, ...this.#closedByClient]),
      isDue: true,
      isFirst: true,
    };
    this.#followers.add(follower);
    return follower.stream;
  }

  close(): void {
    for (const { stream } of [...this.#followers]) stream.finish();
  }

  #take(follower: Follower): FindingBatch | undefined {
    const { untold, isFirst, isDue } = follower;
    if (!isDue) return undefined;
    const findings = [...untold.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    untold.clear();
    follower.isDue = false;
    follower.isFirst = false;
    return { isFirst, findings, watching: this.#watching() };
  }

  #put(finding: Finding): void {
    // A session's verdict may change from one to the other.
    this.#troubles.delete(finding.id);
    this.#closedByClient.delete(finding.id);
    if (isClosedByClient(finding)) putBounded(this.#closedByClient, finding, CLOSED_BY_CLIENT_MAX);
    else putBounded(this.#troubles, finding, FINDINGS_MAX);
  }
}

export function isClosedByClient({ cause }: Finding): boolean {
  return cause === 'client-closed';
}

function putBounded(findings: Map<string, Finding>, finding: Finding, max: number): void {
  findings.set(finding.id, finding);
  const [oldest] = findings.keys();
  if (findings.size > max && oldest !== undefined) findings.delete(oldest);
}
