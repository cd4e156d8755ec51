/**
 * Elections as findings: one sentence that answers, and the evidence behind it, from a record that is complete (logs), not from
 * what is being observed (election-decider.ts). Pure.
 */
import type {
  Candidate,
  Election,
  ElectionRecord,
  Participant,
  VoteField,
} from '../../shared/api/elections.ts';
import { type Sentence, say } from '../../shared/api/sentences.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import { type DraftOf, type Fact, fact, iso } from './draft.ts';
import { type ElectionStart, startContextOf, startOf } from './election-start.ts';

type ElectionDraft = DraftOf<'election'>;

/** `events` are those of all servers, in the order of time; `source` names where facts about a server come from. */
export function draftElections(
  { elections }: ElectionRecord,
  events: readonly ServerEventDto[],
  source: (sid: number) => Sentence,
): ElectionDraft[] {
  const context = startContextOf(events);
  return elections.map((election) => {
    const start = startOf(election, context);
    return {
      id: `election/${election.epoch ?? iso(election.startMs)}`,
      atMs: election.startMs,
      kind: 'election',
      subject: String(election.previous?.leader ?? election.winner ?? 'ensemble'),
      cause: start.cause,
      confidence: start.confidence,
      answer: answerTo(election, start),
      evidence: [
        ...start.facts.map(({ atMs, sid, words }) => fact(atMs, source(sid), words)),
        ...election.candidates.map((candidate) =>
          fact(null, say('source.votes', {}), candidateWords(candidate)),
        ),
        ...election.participants.flatMap((participant) => phaseFacts(participant, source)),
        ...election.syncs.map(({ atMs, sid, learner, mode, fromZxid, toZxid }) =>
          fact(
            atMs,
            source(sid),
            say('fact.brought-level', { server: String(learner), mode, fromZxid, toZxid }),
          ),
        ),
      ],
      hidden: hiddenOf(election, start),
    };
  });
}

function answerTo(election: Election, { cause }: ElectionStart): Sentence {
  const { previous, winner, epoch, startMs, endMs } = election;
  return say('election.recorded', {
    cause,
    leader: previous === null ? null : String(previous.leader),
    winner:
      winner === null || endMs === null ? null : { server: String(winner), epoch, afterMs: endMs - startMs },
    betterBy: betterBy(election),
  });
}

/** What the winner was better by than the best of the others. */
function betterBy({ candidates, winner }: Election): VoteField | null {
  const lost = candidates.find(({ isWinner, lostBy }) => !isWinner && lostBy !== null);
  return winner === null ? null : (lost?.lostBy ?? null);
}

function candidateWords({ vote, backers, isWinner, lostBy }: Candidate): Sentence {
  return say('fact.candidate', {
    server: String(vote.leader),
    epoch: vote.peerEpoch,
    zxid: vote.zxid,
    votes: backers.length,
    outcome: isWinner ? 'won' : lostBy === null ? 'undecided' : 'lost',
    betterBy: lostBy,
  });
}

function phaseFacts(participant: Participant, source: (sid: number) => Sentence): Fact[] {
  const { sid, electedMs, state, leader, times } = participant;
  if (electedMs === null || state === null) return [];
  const followed = state === 'LEADING' ? null : String(leader ?? '?');
  return [
    fact(electedMs, source(sid), say('fact.phases', { server: String(sid), leader: followed, ...times })),
  ];
}

function hiddenOf({ casts, previous, participants }: Election, { cause }: ElectionStart): Sentence[] {
  const hidden: Sentence[] = [];
  if (casts.length === 0) hidden.push(say('hidden.votes-not-logged', {}));
  if (cause === 'leader-crashed') hidden.push(say('hidden.stopped-or-crashed', {}));
  if (previous !== null && cause === 'unknown' && !participants.some(({ sid }) => sid === previous.leader)) {
    hidden.push(say('hidden.server-tells-nothing', { server: String(previous.leader) }));
  }
  return hidden;
}
