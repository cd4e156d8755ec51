/** The log of one ensemble: what its servers say and what was done to them, in one order. Bounded; older lines go. */
import type { LogBatch, LogLineDto } from '../../../shared/api/ensembles.ts';
import { PacedStream } from '../paced-stream.ts';

const LINES_MAX = 5_000;
const BATCH_MAX = 500;
const INTERVAL_MS = 100;
const MESSAGE_CHARACTERS_MAX = 4_000;

export type LogEntry = Omit<LogLineDto, 'seq'>;

export class EnsembleLog {
  readonly #onFollowed: (isFollowed: boolean) => void;
  readonly #followers = new Set<PacedStream<LogBatch>>();
  #lines: LogLineDto[] = [];
  #seq = 0;

  /** `onFollowed` hears when the first comes to look, and when the last is gone. */
  constructor(onFollowed: (isFollowed: boolean) => void = () => undefined) {
    this.#onFollowed = onFollowed;
  }

  add({ message, ...entry }: LogEntry): void {
    this.#seq += 1;
    this.#lines.push({ ...entry, seq: this.#seq, message: message.slice(0, MESSAGE_CHARACTERS_MAX) });
    // Now and then, rather than one by one.
    if (this.#lines.length > LINES_MAX * 1.25) this.#lines = this.#lines.slice(-LINES_MAX);
    for (const follower of this.#followers) follower.wake();
  }

  /** Ends all streams. */
  close(): void {
    for (const follower of [...this.#followers]) follower.finish();
  }

  stream(): PacedStream<LogBatch> {
    let isFirst = true;
    let seenSeq = 0;
    const stream = new PacedStream<LogBatch>({
      intervalMs: INTERVAL_MS,
      take: () => {
        const unseen = this.#lines.filter(({ seq }) => seq > seenSeq);
        if (unseen.length === 0 && !isFirst) return undefined;
        const lines = isFirst ? unseen : unseen.slice(0, BATCH_MAX);
        const firstSeq = lines[0]?.seq ?? seenSeq + 1;
        const droppedCount = isFirst ? 0 : firstSeq - seenSeq - 1;
        seenSeq = lines.at(-1)?.seq ?? seenSeq;
        const batch = { isFirst, lines, droppedCount };
        isFirst = false;
        return batch;
      },
      onEnd: () => {
        this.#followers.delete(stream);
        if (this.#followers.size === 0) this.#onFollowed(false);
      },
    });
    this.#followers.add(stream);
    if (this.#followers.size === 1) this.#onFollowed(true);
    return stream;
  }
}
