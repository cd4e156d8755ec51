/**
 * The election flight recorder of a running diagnosis: keeps of servers' events what elections need, bounded, and makes the
 * record of them. Elections that have passed are kept as such, and their events go.
 */
import type { ElectionRecord } from '../../../shared/api/elections.ts';
import type { ServerEventDto } from '../../../shared/api/server-events.ts';
import { recordElections } from '../../diagnosis/elections.ts';
import { NO_ELECTIONS, mergeElections } from './merge-elections.ts';

/** A few elections of nine servers have fewer. */
const EVENTS_MAX = 4000;
/** The newest may still change: a server that joins later belongs to it. */
const ELECTIONS_LIVE = 2;

export class ElectionRecorder {
  readonly #eventsMax: number;
  #passed: ElectionRecord = NO_ELECTIONS;
  #events: ServerEventDto[] = [];
  #record: ElectionRecord | undefined;
  /** Whether any server has told of its role: then client ports need not be relied upon. */
  hasEvents = false;

  constructor(eventsMax = EVENTS_MAX) {
    this.#eventsMax = eventsMax;
  }

  /** True when the record may have changed. */
  add(event: ServerEventDto): boolean {
    if (!concernsElections(event)) return false;
    this.hasEvents ||= event.kind === 'state';
    this.#events.push(event);
    this.#record = undefined;
    if (this.#events.length > this.#eventsMax) this.#forget();
    return true;
  }

  get record(): ElectionRecord {
    this.#record ??= mergeElections(this.#passed, recordElections(this.#inOrder()));
    return this.#record;
  }

  /** Of several servers, each in its own order; told late what a ring had kept. */
  #inOrder(): ServerEventDto[] {
    this.#events.sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
    return this.#events;
  }

  #forget(): void {
    const { elections } = recordElections(this.#inOrder());
    this.#passed = this.record;
    const firstLive = elections.at(-ELECTIONS_LIVE);
    const half = this.#events.at(-Math.floor(this.#eventsMax / 2));
    const sinceMs = Math.max(firstLive?.startMs ?? 0, half?.atMs ?? 0);
    this.#events = this.#events.filter(({ atMs }) => atMs >= sinceMs);
  }
}

function concernsElections({ kind }: ServerEventDto): boolean {
  switch (kind) {
    case 'state':
    case 'vote-sent':
    case 'vote-received':
    case 'epoch-proposed':
    case 'epoch-accepted':
    case 'sync':
    case 'started':
    case 'ended':
    case 'session-created':
    case 'session-attached':
    case 'session-detached':
    case 'session-expired':
      return true;
    default:
      return false;
  }
}
