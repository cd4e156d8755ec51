/**
 * What one server's log has told so far, as events: its role and how it changed, its ballot, its sessions and its disk. Some
 * lines complete what earlier ones left out (who leads, which epoch, how long a snapshot took), so events that are still
 * under way are changed in place. Bounded: the oldest are forgotten, and counted.
 */
import type { ServerEventDto, VoteDto } from '../../../shared/api/server-events.ts';
import { zxidEpoch, zxidFromHex } from '../../../shared/zxid.ts';
import { BallotReplay, type HeardVote } from './ballot-replay.ts';

type Told<Event> = Event extends unknown ? Omit<Event, 'seq' | 'sid'> : never;
/** An event of a log: which server it is of is often known only later. */
export type LogEvent = Told<ServerEventDto>;
export type LogEventOf<Kind extends LogEvent['kind']> = Extract<LogEvent, { kind: Kind }>;
type StateEvent = LogEventOf<'state'>;
export type PeerState = StateEvent['state'];
export type Phase = StateEvent['phase'];

/** Of each server; a log of a million lines of an ordinary server has far fewer. */
const EVENTS_MAX = 400_000;
/** The same complaint is told once in this time. */
const COMPLAINT_MS = 10_000;
const COMPLAINTS_MAX = 1000;

export class ServerStory {
  #events: LogEvent[] = [];
  #droppedCount = 0;
  #sid: number | null = null;
  #version: string | null = null;
  #started: LogEventOf<'started'> | undefined;
  /** The last one that was told. */
  #state: StateEvent | undefined;
  /** Where this server's time in its present role began, in {@link #roleStates}. */
  #roleStates: StateEvent[] = [];
  #reason: string | null = null;
  #leader: number | null = null;
  #tellsVotesSent = false;
  readonly #complaints = new Map<string, number>();
  readonly #ballot = new BallotReplay({
    onJudged: ({ atMs, from, fromState, vote, round }, verdict) => {
      this.tell({ kind: 'vote-received', atMs, from, fromState, vote, round, verdict });
    },
    onCast: ({ atMs, vote, round }) => {
      // At DEBUG each notification is told, with whom it was for.
      if (!this.#tellsVotesSent) this.tell({ kind: 'vote-sent', atMs, to: null, vote, round });
    },
  });

  /** In the order of the log, apart from what had to wait. */
  get events(): readonly LogEvent[] {
    return this.#events;
  }

  /** With those that were forgotten. */
  get toldCount(): number {
    return this.#droppedCount + this.#events.length;
  }

  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Which server wrote it, as far as the log says. */
  get sid(): number | null {
    return this.#sid;
  }

  get version(): string | null {
    return this.#version;
  }

  /** Whether it has said how it stands, by phases (3.5 and later). */
  hasTold(state: PeerState): boolean {
    return this.#state?.state === state;
  }

  get phase(): Phase | undefined {
    return this.#state?.phase;
  }

  tell(event: LogEvent): void {
    this.#events.push(event);
    if (this.#events.length <= EVENTS_MAX) return;
    const kept = this.#events.slice(EVENTS_MAX / 2);
    this.#droppedCount += this.#events.length - kept.length;
    this.#events = kept;
  }

  /** Moves the events from the `first` that was told on, once it is known when they were. */
  shift(first: number, byMs: number): void {
    for (const event of this.#events.slice(Math.max(0, first - this.#droppedCount))) event.atMs += byMs;
  }

  onSid(sid: number): void {
    this.#sid ??= sid;
  }

  onStarted(atMs: number): void {
    this.#started = { kind: 'started', atMs, version: null };
    this.tell(this.#started);
    this.#state = undefined;
    this.#roleStates = [];
    this.#reason = null;
    this.#leader = null;
  }

  onVersion(version: string): void {
    this.#version = version;
    if (this.#started) this.#started.version ??= version;
  }

  /** Why the role ends that the server has; told with what comes next. */
  onReason(reason: string): void {
    this.#reason ??= reason;
  }

  onState(atMs: number, { state, phase }: { readonly state: PeerState; readonly phase: Phase }): void {
    if (this.#state?.state === state && this.#state.phase === phase) return;
    if (this.#state?.state !== state) this.#enter(state);
    const event: StateEvent = {
      kind: 'state',
      atMs,
      state,
      phase,
      leader: this.#leader,
      epoch: this.#state?.state === state ? this.#state.epoch : null,
      lastZxid: null,
      reason: state === 'LOOKING' ? this.#reason : null,
    };
    if (state === 'LOOKING') this.#reason = null;
    this.#state = event;
    this.#roleStates.push(event);
    this.tell(event);
  }

  #enter(state: PeerState): void {
    this.#roleStates = [];
    if (state === 'LOOKING') {
      this.#leader = null;
      return;
    }
    this.#leader ??= state === 'LEADING' ? this.#sid : this.#ballot.leader;
    this.#ballot.end();
  }

  /** The election ended with this leader; told before the role is. */
  onElected(leader: number): void {
    this.#leader = leader;
  }

  /** The epoch of the role that the server has. */
  onEpoch(epoch: number): void {
    for (const event of this.#roleStates) event.epoch ??= epoch;
  }

  /** The last transaction that it has in its present state. */
  onLastZxid(zxid: string): void {
    if (this.#state) this.#state.lastZxid ??= zxid;
  }

  onNewElection(atMs: number, zxid: string): void {
    if (zxidFromHex(zxid) === -(2n ** 63n)) {
      this.#ballot.beginWithoutVote(atMs);
      return;
    }
    this.onLastZxid(zxid);
    this.#ballot.begin(atMs);
  }

  onNotification(heard: HeardVote, ownState: PeerState): void {
    if (heard.from === this.#sid) this.#ballot.onOwn(heard);
    else if (ownState === 'LOOKING') this.#ballot.onHeard(heard);
    else this.#ballot.onHeardWhileServing(heard);
  }

  onVoteSent(
    atMs: number,
    sent: { readonly to: number; readonly vote: VoteDto | null; readonly round: number },
  ): void {
    this.#tellsVotesSent = true;
    if (sent.to !== this.#sid) this.tell({ kind: 'vote-sent', atMs, ...sent });
  }

  onComplaint(atMs: number, about: LogEventOf<'complaint'>['about'], text: string): void {
    const before = this.#complaints.get(text);
    if (before !== undefined && Math.abs(atMs - before) < COMPLAINT_MS) return;
    if (this.#complaints.size >= COMPLAINTS_MAX) this.#complaints.clear();
    this.#complaints.set(text, atMs);
    this.tell({ kind: 'complaint', atMs, about, text });
  }
}

/** `500000000` or `0x500000000` → 5 */
export function epochOfZxid(zxid: string): number {
  return zxidEpoch(zxidFromHex(zxid));
}

/** As events carry it: with `0x`, without leading zeros. */
export function hex64(digits: string): string {
  return `0x${BigInt(`0x${digits}`).toString(16)}`;
}
