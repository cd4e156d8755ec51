/**
 * What is known of the ensemble: its servers, who votes, and who led when. A reign begins when a server is seen leading with
 * a later epoch than anybody before; a leader that was cut off still says that it leads, with an older one. Pure.
 */
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import { zxidEpoch, type Zxid } from '../../shared/zxid.ts';
import { BoundedList } from './bounded-list.ts';
import type { LogMark, Observation, ObservationOf } from './observation.ts';
import { ServerPicture, type StateEvent } from './server-picture.ts';

export interface Reign {
  readonly epoch: number;
  readonly leader: ServerPicture;
  /** As early as anybody told. */
  fromMs: number;
  /** Whether it began while Zabra was watching. */
  isNew: boolean;
}

export interface Marked {
  readonly atMs: number;
  readonly sid: number | undefined;
  readonly source: string;
  readonly line: LogMark;
}

export interface OwnStall {
  readonly fromMs: number;
  readonly toMs: number;
}

const REIGNS_MAX = 100;
const MARKS_MAX = 1000;
const STALLS_MAX = 100;
const DISK_FULL_MS = 60_000;
/** Less is none. */
export const DISK_FREE_BYTES_MIN = 4 * 1024 * 1024;
/** Sources agree on when a reign began within this. */
const EARLIER_MS = 1000;
/** So long after an election what is seen of a server may be what the election was about. */
const HANDOVER_MS = 8000;

export class ClusterPicture {
  readonly startedMs: number;
  readonly reigns = new BoundedList<Reign>(REIGNS_MAX);
  readonly marks = new BoundedList<Marked>(MARKS_MAX);
  /** What servers told that is not about their role or a session. */
  readonly told = new BoundedList<ServerEventDto>(MARKS_MAX);
  readonly ownStalls = new BoundedList<OwnStall>(STALLS_MAX);
  /** When the configuration was seen to change. */
  readonly reconfigurationsMs = new BoundedList<number>(STALLS_MAX);
  readonly #servers = new Map<string, ServerPicture>();
  /** Of servers whose disk had no space left when it was looked at. */
  readonly #fullDisks = new Set<number>();
  #participants: readonly number[] | undefined;
  #observers: readonly number[] = [];
  #configVersion: string | undefined;

  /** Whether somebody tells that a client came back in vain: builtin servers, and logs. */
  tellsRefusals = false;

  constructor(startedMs: number, servers: readonly string[]) {
    this.startedMs = startedMs;
    for (const server of servers) this.addServer(server);
  }

  addServer(server: string): void {
    if (!this.#servers.has(server)) this.#servers.set(server, new ServerPicture(server));
  }

  get servers(): readonly ServerPicture[] {
    return [...this.#servers.values()];
  }

  get reign(): Reign | undefined {
    return this.reigns.last;
  }

  bySid(sid: number | undefined): ServerPicture | undefined {
    return sid === undefined ? undefined : this.servers.find((server) => server.sid === sid);
  }

  /** Those that vote: by the configuration, else all that never said that they observe. */
  get participants(): readonly ServerPicture[] {
    return this.servers.filter((server) => !this.isObserver(server));
  }

  isObserver(server: ServerPicture): boolean {
    if (this.#participants !== undefined && server.sid !== undefined) {
      return this.#observers.includes(server.sid) || !this.#participants.includes(server.sid);
    }
    return server.role === 'observer' || server.conf?.get('peerType') === '1';
  }

  /** So many participants are a quorum; weights and groups are not known here. */
  get quorumSize(): number {
    const count = this.#participants?.length ?? this.participants.length;
    return Math.floor(count / 2) + 1;
  }

  /** Whether it led until about then: what befell it is an election's affair. */
  hadLed(server: ServerPicture, atMs: number): boolean {
    const present = this.reignAt(atMs);
    if (present?.leader === server) return true;
    const former = present === undefined ? undefined : this.before(present);
    return present !== undefined && former?.leader === server && atMs - present.fromMs < HANDOVER_MS;
  }

  /** Whether it complained of a full disk shortly before, or since. */
  saysDiskFull({ sid }: ServerPicture, atMs: number): boolean {
    return (
      sid !== undefined &&
      (this.#fullDisks.has(sid) ||
        this.marks.some(
          (mark) => mark.sid === sid && mark.line.mark === 'disk-full' && mark.atMs > atMs - DISK_FULL_MS,
        ) ||
        this.told.some(
          (event) =>
            event.kind === 'complaint' &&
            event.about === 'disk-full' &&
            event.sid === sid &&
            event.atMs > atMs - DISK_FULL_MS,
        ))
    );
  }

  /** The reign before this one. */
  before(reign: Reign): Reign | undefined {
    const at = this.reigns.indexOf(reign);
    return at <= 0 ? undefined : this.reigns.at(at - 1);
  }

  reignAt(atMs: number): Reign | undefined {
    return this.reigns.findLast(({ fromMs }) => fromMs <= atMs);
  }

  /** Whether Zabra itself was not running at some time between the two. */
  stalledBetween(fromMs: number, toMs: number): boolean {
    return this.ownStalls.some((stall) => stall.fromMs <= toMs && stall.toMs >= fromMs);
  }

  observe(observation: Observation): void {
    switch (observation.kind) {
      case 'polled':
        this.#onPolled(observation);
        break;
      case 'identified': {
        const server = this.#servers.get(observation.server);
        if (server !== undefined) server.sid = observation.sid;
        break;
      }
      case 'configured':
        this.#onConfigured(observation);
        break;
      case 'told':
        this.tellsRefusals = true;
        this.#onTold(observation.event);
        break;
      case 'logged': {
        const { atMs, sid, source, line } = observation;
        this.tellsRefusals = true;
        this.marks.push({ atMs, sid, source, line });
        break;
      }
      case 'committed':
        if (observation.fact.change.op === 'reconfig') this.reconfigurationsMs.push(observation.atMs);
        break;
      case 'own-stall':
        this.ownStalls.push({ fromMs: observation.atMs - observation.durationMs, toMs: observation.atMs });
        break;
      case 'disk-space':
        if (observation.sid !== undefined && observation.freeBytes < DISK_FREE_BYTES_MIN) {
          this.#fullDisks.add(observation.sid);
        } else if (observation.sid !== undefined) this.#fullDisks.delete(observation.sid);
        break;
      case 'clock-read':
      case 'quotas-exceeded':
      case 'ended-here':
        break;
    }
  }

  #onPolled(observation: ObservationOf<'polled'>): void {
    const { server: address, answer, sentMs } = observation;
    const server = this.#servers.get(address);
    if (server === undefined) return;
    server.onPolled(observation);
    if (answer?.word === 'conf') {
      this.#onMembership(answer.values, observation.atMs);
      this.#identifyLast();
    }
    const { reign } = this;
    if (answer?.word === 'srvr' && answer.zxid !== undefined && answer.role === 'leader') {
      // What it told last may be of the reign before, unless this is the first one that is seen.
      const sinceMs = reign === undefined ? server.leadsSinceMs : undefined;
      this.#onLeading(server, zxidEpoch(answer.zxid as Zxid), sinceMs ?? sentMs);
    } else if (answer?.word === 'srvr' && answer.role === 'standalone' && reign === undefined) {
      this.#onLeading(server, 0, sentMs);
    }
  }

  /** `conf` names the members too, for who has no session to read the configuration with. */
  #onMembership(values: ReadonlyMap<string, string>, atMs: number): void {
    const version = values.get('version') ?? '0';
    // Not every server has the newest.
    if (this.#configVersion !== undefined && !isNewer(version, this.#configVersion)) return;
    const members = [...values].filter(([key]) => /^server\.\d+$/.test(key));
    if (members.length === 0) return;
    const sidsOf = (role: string): number[] =>
      members
        .filter(([, value]) => value.includes(`:${role}`))
        .map(([key]) => Number(key.slice('server.'.length)));
    this.#onConfigured({
      kind: 'configured',
      atMs,
      version,
      participants: sidsOf('participant'),
      observers: sidsOf('observer'),
    });
  }

  #onConfigured({ version, participants, observers, atMs }: ObservationOf<'configured'>): void {
    if (this.#configVersion !== undefined && version !== this.#configVersion)
      this.reconfigurationsMs.push(atMs);
    this.#configVersion = version;
    this.#participants = participants;
    this.#observers = observers;
    this.#identifyLast();
  }

  /** The only server that did not say who it is, is the only member that nobody else is. */
  #identifyLast(): void {
    const members = [...(this.#participants ?? []), ...this.#observers];
    const [nameless, another] = this.servers.filter(({ sid }) => sid === undefined);
    const [unclaimed, more] = members.filter((sid) => this.bySid(sid) === undefined);
    if (another === undefined && more === undefined && nameless !== undefined) nameless.sid = unclaimed;
  }

  #onTold(event: ServerEventDto): void {
    const server = this.bySid(event.sid);
    switch (event.kind) {
      case 'state':
        server?.onState(event);
        this.#onState(server, event);
        break;
      case 'started':
        server?.onStarted(event.atMs);
        break;
      case 'ended':
        if (server !== undefined) server.ended = event;
        break;
      case 'stall':
      case 'clock-jump':
      case 'fsync':
      case 'complaint':
        this.told.push(event);
        break;
      default:
        // Sessions have a book of their own (session-book.ts), and the rest is not needed.
        break;
    }
  }

  #onState(server: ServerPicture | undefined, { state, phase, epoch, atMs }: StateEvent): void {
    if (server === undefined || epoch === null || state !== 'LEADING' || phase !== 'BROADCAST') return;
    this.#onLeading(server, epoch, atMs);
  }

  #onLeading(leader: ServerPicture, epoch: number, atMs: number): void {
    const { reign } = this;
    if (reign?.epoch === epoch && reign.leader === leader && atMs < reign.fromMs - EARLIER_MS) {
      reign.fromMs = atMs;
      reign.isNew = atMs >= this.startedMs;
    }
    if (reign !== undefined && epoch <= reign.epoch) return;
    this.reigns.push({ epoch, leader, fromMs: atMs, isNew: atMs >= this.startedMs });
  }
}

/** Versions are zxids, in hexadecimal; what is none is not newer. */
function isNewer(version: string, known: string): boolean {
  const [candidate, present] = [version, known].map((text) =>
    /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : -1n,
  );
  return (candidate ?? -1n) > (present ?? -1n);
}
