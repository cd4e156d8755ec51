/**
 * Events on their way to the log, each with the zxid of its transaction where that can be known. A server from 3.9 on says it
 * with the event. With an older one the Stat of the node is read right behind the event: a client hears of a change before any
 * reply that shows it, so the Stat is still the one that this transaction left, unless another event that would have changed
 * it came before the reply. Then, and while more events come than may be asked about, the zxid stays unknown.
 *
 * The order of events is kept: what comes behind one whose Stat is being read waits for it.
 */
import type { EventDto } from '../../../shared/api/watches.ts';
import { AppError } from '../../../shared/errors.ts';
import { baseName, parentPath } from '../../../shared/path.ts';
import type { Stat } from '../../../shared/protocol/stat.ts';
import { type Zxid, zxidToHex } from '../../../shared/zxid.ts';
import { isCovered } from './watch-plan.ts';

/** So that a storm of changes costs the cluster no storm of reads. */
const READS_PER_SECOND_MAX = 50;
const WINDOW_MS = 1_000;

type NewEvent = Omit<EventDto, 'seq' | 'zxid'> & { readonly path: string };

/** Which field of whose Stat is the transaction's zxid. */
export interface ZxidSource {
  readonly path: string;
  readonly field: 'czxid' | 'mzxid' | 'pzxid';
}

export interface DatedEventsOptions {
  readonly append: (event: Omit<EventDto, 'seq'>) => void;
  readonly nowMs: () => number;
}

interface Waiting {
  readonly event: NewEvent;
  readonly source: ZxidSource | undefined;
  zxid: string | null;
  isSettled: boolean;
  isOvertaken: boolean;
}

export class DatedEvents {
  readonly #options: DatedEventsOptions;
  #waiting: Waiting[] = [];
  #windowStartMs = -Infinity;
  #readsInWindow = 0;

  constructor(options: DatedEventsOptions) {
    this.#options = options;
  }

  /** `watched` are the subtrees whose events all arrive here; `readStat` rejects with an AppError when there is no answer. */
  add(
    event: NewEvent,
    {
      zxid,
      watched,
      readStat,
    }: {
      readonly zxid: Zxid | undefined;
      readonly watched: ReadonlySet<string>;
      readonly readStat: (path: string) => Promise<Stat | null>;
    },
  ): void {
    for (const earlier of this.#waiting) earlier.isOvertaken ||= overtakes(event, earlier.source);
    const source = zxid === undefined && this.#mayRead() ? zxidSource(event, watched) : undefined;
    const entry: Waiting = {
      event,
      source,
      zxid: zxid === undefined ? null : zxidToHex(zxid),
      isSettled: source === undefined,
      isOvertaken: false,
    };
    this.#waiting.push(entry);
    if (source !== undefined) void this.#read(entry, source, readStat);
    this.#hand();
  }

  /** Hands on everything that waits, as it is known now: what follows is no event of a node, or nothing follows. */
  flush(): void {
    for (const entry of this.#waiting) entry.isSettled = true;
    this.#hand();
  }

  async #read(
    entry: Waiting,
    { path, field }: ZxidSource,
    readStat: (path: string) => Promise<Stat | null>,
  ): Promise<void> {
    try {
      const stat = await readStat(path);
      if (stat !== null && !entry.isOvertaken) entry.zxid = zxidToHex(stat[field]);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    } finally {
      entry.isSettled = true;
      this.#hand();
    }
  }

  #hand(): void {
    const open = this.#waiting.findIndex(({ isSettled }) => !isSettled);
    const settled = this.#waiting.splice(0, open === -1 ? this.#waiting.length : open);
    for (const { event, zxid } of settled) this.#options.append({ ...event, zxid });
  }

  #mayRead(): boolean {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#readsInWindow = 0;
    }
    if (this.#readsInWindow >= READS_PER_SECOND_MAX) return false;
    this.#readsInWindow++;
    return true;
  }
}

/** Undefined where no Stat tells: the parent of a deleted node must be watched as well, or others' changes would pass for it. */
export function zxidSource(
  { type, path }: Pick<NewEvent, 'type' | 'path'>,
  watched: ReadonlySet<string>,
): ZxidSource | undefined {
  switch (type) {
    case 'NodeCreated':
      return { path, field: 'czxid' };
    case 'NodeDataChanged':
      return { path, field: 'mzxid' };
    case 'NodeDeleted': {
      const parent = parentPath(path);
      return isCovered(parent, watched) ? { path: parent, field: 'pzxid' } : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether after `event` the field of the Stat may be another transaction's. */
export function overtakes(
  { type, path }: Pick<NewEvent, 'type' | 'path'>,
  source: ZxidSource | undefined,
): boolean {
  if (source === undefined) return false;
  const isBirthOrDeath = type === 'NodeCreated' || type === 'NodeDeleted';
  if (path === source.path) return isBirthOrDeath || (type === 'NodeDataChanged' && source.field === 'mzxid');
  return (
    source.field === 'pzxid' && isBirthOrDeath && baseName(path) !== '' && parentPath(path) === source.path
  );
}
