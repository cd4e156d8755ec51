/**
 * What started an election, as far as servers tell of themselves: what the former leader said before it was lost, what it did
 * next, and how the others noticed. Apache logs nothing when it is asked to end, so a leader that was stopped looks like one
 * that crashed. Pure.
 */
import type { ElectionCause } from '../../shared/api/causes.ts';
import type { Election, Participant, Passage } from '../../shared/api/elections.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import { type Sentence, say } from '../../shared/api/sentences.ts';
import { passagesOf } from './passages.ts';
import { SpanIndex } from './span-index.ts';

export interface ElectionStart {
  readonly cause: ElectionCause;
  readonly confidence: number;
  readonly facts: readonly StartFact[];
}

export interface StartFact {
  readonly atMs: number;
  readonly sid: number;
  readonly words: Sentence;
}

/** A server that ended said so this shortly before the others noticed. */
const ENDING_MS = 30_000;

export interface StartContext {
  /** Of all servers, by who tells. */
  readonly events: SpanIndex<number, ServerEventDto>;
  readonly passages: readonly Passage[];
}

/** From the events of all servers, in the order of time. */
export function startContextOf(events: readonly ServerEventDto[]): StartContext {
  const bySid = new SpanIndex(
    events,
    ({ sid }) => sid,
    ({ atMs }) => atMs,
  );
  return { events: bySid, passages: passagesOf(events) };
}

export function startOf(election: Election, context: StartContext): ElectionStart {
  const { previous, participants } = election;
  const early = participants.filter(({ isLate }) => !isLate);
  if (previous === null) return withoutLeaderBefore(early);
  const next = context.passages.find((passage) => {
    return passage.sid === previous.leader && passage.lookingMs > previous.fromMs;
  });
  const losses = early.flatMap(lossFact);
  const said = next && !next.isFresh ? ownWords(next, election) : undefined;
  if (said) return { ...said, facts: [...said.facts, ...losses] };
  return withoutWords({ election, context, next, losses });
}

function withoutLeaderBefore(early: readonly Participant[]): ElectionStart {
  const isFirst = early.length > 0 && early.every(({ isFresh }) => isFresh);
  const facts = early.flatMap(({ isFresh, lookingMs: atMs, sid }) => {
    return isFresh ? [{ atMs, sid, words: say('fact.process-began', { server: String(sid) }) }] : [];
  });
  return isFirst
    ? { cause: 'first-start', confidence: 0.9, facts }
    : { cause: 'unknown', confidence: 0.3, facts: [...facts, ...early.flatMap(lossFact)] };
}

function lossFact({ sid, lookingMs: atMs, reason }: Participant): StartFact[] {
  return reason === null ? [] : [said(sid, atMs, reason)];
}

/** The leader lived on and says itself why it leads no more. */
function ownWords(next: Passage, election: Election): ElectionStart | undefined {
  const { sid, lookingMs: atMs, reason } = next;
  if (reason === null) return undefined;
  const facts = [said(sid, atMs, reason)];
  if (/rolled over/i.test(reason)) return { cause: 'zxid-rollover', confidence: 0.95, facts };
  if (/reconfig|designated|role change|another leader|its part/i.test(reason)) {
    return { cause: 'reconfig', confidence: 0.9, facts };
  }
  // Cut off, it gives up after the same time as those who wait for it; paused, it finds out when it wakes up.
  if (election.endMs !== null && atMs > election.endMs) {
    const words = say('fact.noticed-late', { server: String(sid) });
    return { cause: 'leader-paused', confidence: 0.75, facts: [{ atMs, sid, words }, ...facts] };
  }
  const others = election.participants.filter(
    (participant) => !participant.isLate && participant.sid !== sid,
  );
  if (others.length > 0 && others.every(({ isFresh }) => isFresh)) {
    return { cause: 'quorum-lost', confidence: 0.75, facts };
  }
  return { cause: 'leader-partitioned', confidence: 0.65, facts };
}

interface Silence {
  readonly election: Election;
  readonly context: StartContext;
  readonly next: Passage | undefined;
  readonly losses: readonly StartFact[];
}

function withoutWords({ election, context: { events }, next, losses }: Silence): ElectionStart {
  const sid = election.previous?.leader ?? 0;
  const near = events.between(sid, election.startMs - ENDING_MS, election.startMs + ENDING_MS);
  const ended = near.findLast((event) => event.kind === 'ended');
  if (ended !== undefined) {
    const isFailure = near.some(isDiskFailure);
    const facts = [said(sid, ended.atMs, ended.reason), ...losses];
    return { cause: isFailure ? 'leader-crashed' : 'leader-stopped', confidence: 0.9, facts };
  }
  const hasTimedOut = election.participants.some(
    ({ isLate, reason }) => !isLate && reason !== null && /timed? ?out/i.test(reason),
  );
  if (next?.isFresh === true) {
    const words = say('fact.began-anew', { server: String(sid) });
    return {
      cause: 'leader-crashed',
      confidence: 0.6,
      facts: [{ atMs: next.lookingMs, sid, words }, ...losses],
    };
  }
  const { endMs } = election;
  const woken = next === undefined && endMs !== null ? events.firstAfter(sid, endMs) : undefined;
  if (woken !== undefined) {
    const words = say('fact.went-on-leading', { server: String(sid) });
    return { cause: 'leader-paused', confidence: 0.6, facts: [{ atMs: woken.atMs, sid, words }, ...losses] };
  }
  const last = events.last(sid);
  if (last === undefined || hasTimedOut) return { cause: 'unknown', confidence: 0.3, facts: losses };
  const words = say('fact.last-told', { server: String(sid) });
  return { cause: 'leader-crashed', confidence: 0.55, facts: [{ atMs: last.atMs, sid, words }, ...losses] };
}

function said(sid: number, atMs: number, reason: string): StartFact {
  return { atMs, sid, words: say('fact.said', { server: String(sid), reason }) };
}

function isDiskFailure(event: ServerEventDto): boolean {
  return event.kind === 'complaint' && (event.about === 'disk-full' || event.about === 'disk-error');
}
