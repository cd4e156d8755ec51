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
import type { Finding } from '../../shared/api/findings.ts';
import type { SyncEvent } from '../../shared/api/server-events.ts';
import { formatZxid, zxidFromHex } from '../../shared/zxid.ts';
import { type ElectionStart, type StartContext, startOf } from './election-start.ts';

type Evidence = Finding['evidence'][number];

/** `source` names where facts about a server come from. */
export function electionFindings(
  { elections }: ElectionRecord,
  context: StartContext,
  source: (sid: number) => string,
): Finding[] {
  return elections.map((election): Finding => {
    const start = startOf(election, context);
    return {
      id: `election/${election.epoch ?? iso(election.startMs)}`,
      at: iso(election.startMs),
      kind: 'election',
      subject: String(election.previous?.leader ?? election.winner ?? 'ensemble'),
      cause: start.cause,
      confidence: start.confidence,
      answer: answerTo(election, start),
      evidence: [
        ...start.facts.map(({ atMs, sid, text }) => fact(atMs, source(sid), `server ${sid}: ${text}`)),
        ...election.candidates.map((candidate) => fact(null, 'votes', candidateText(candidate))),
        ...election.participants.flatMap((participant) => phaseFacts(participant, source)),
        ...election.syncs.map((sync) => fact(sync.atMs, source(sync.sid), syncText(sync))),
      ],
      hidden: hiddenOf(election, start),
    };
  });
}

function iso(atMs: number): string {
  return new Date(Math.round(atMs)).toISOString();
}

function fact(atMs: number | null, source: string, text: string): Evidence {
  return { at: atMs === null ? null : iso(atMs), source, fact: text };
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const STARTS: Readonly<Record<ElectionStart['cause'], (leader: string) => string>> = {
  'first-start': () => 'The servers had just started',
  'leader-stopped': (leader) => `${upper(leader)} was stopped`,
  'leader-crashed': (leader) => `The process of ${leader} was gone`,
  'leader-paused': (leader) => `${upper(leader)} did not run for a while`,
  'leader-partitioned': (leader) => `${upper(leader)} was cut off from those who followed it`,
  'quorum-lost': (leader) => `${upper(leader)} lost those who followed it`,
  'zxid-rollover': (leader) => `${upper(leader)} had used up the transaction ids of its epoch`,
  reconfig: () => 'A reconfiguration demanded another leader',
  unknown: (leader) => `Why ${leader} was lost is not to be seen`,
};

function answerTo(election: Election, { cause }: ElectionStart): string {
  const { previous, winner, epoch, startMs, endMs } = election;
  const began = STARTS[cause](previous === null ? 'a leader' : `server ${previous.leader}`);
  if (winner === null || endMs === null) return `${began}; nobody leads yet.`;
  const inEpoch = epoch === null ? '' : ` in epoch ${epoch}`;
  const why = winnerReason(election);
  return `${began}; server ${winner} leads${inEpoch} after ${Math.round(endMs - startMs)} ms${why}.`;
}

/** What the winner was better by than the best of the others. */
function winnerReason({ candidates, winner }: Election): string {
  const lost = candidates.find(({ isWinner, lostBy }) => !isWinner && lostBy !== null);
  if (lost === undefined || winner === null) return '';
  return `, because it had the ${BETTER_BY[lost.lostBy ?? 'leader']} of those who voted`;
}

const BETTER_BY: Readonly<Record<VoteField, string>> = {
  peerEpoch: 'latest epoch',
  zxid: 'newest log',
  leader: 'highest server id among equal logs',
};

function candidateText({ vote, backers, isWinner, lostBy }: Candidate): string {
  const zxid = formatZxid(zxidFromHex(vote.zxid));
  const outcome = isWinner
    ? `won, with ${backers.length} votes`
    : lostBy === null
      ? 'undecided'
      : `lost: the winner has the ${BETTER_BY[lostBy]}`;
  return `server ${vote.leader} with epoch ${vote.peerEpoch} and last transaction ${zxid}: ${outcome}`;
}

function phaseFacts(participant: Participant, source: (sid: number) => string): Evidence[] {
  const { sid, electedMs, state, leader, times } = participant;
  if (electedMs === null || state === null) return [];
  const phases = [
    ['election', times.electionMs],
    ['discovery', times.discoveryMs],
    ['synchronisation', times.synchronizationMs],
  ].flatMap(([name, ms]) => (typeof ms === 'number' ? [`${name} ${Math.round(ms)} ms`] : []));
  const role = state === 'LEADING' ? 'leads' : `follows server ${leader ?? '?'}`;
  return [fact(electedMs, source(sid), `server ${sid} ${role}: ${phases.join(', ')}`)];
}

function syncText({ learner, mode, fromZxid, toZxid }: SyncEvent): string {
  const zxid = (hex: string | null): string => (hex === null ? '?' : formatZxid(zxidFromHex(hex)));
  return `server ${learner} was brought level by ${mode}, from ${zxid(fromZxid)} to ${zxid(toZxid)}`;
}

function hiddenOf({ casts, previous, participants }: Election, { cause }: ElectionStart): string[] {
  const hidden: string[] = [];
  if (casts.length === 0) hidden.push('the votes: no log tells them, which Apache does at INFO');
  if (cause === 'leader-crashed') {
    hidden.push('whether the leader was stopped or crashed: Apache logs nothing when it is asked to end');
  }
  if (previous !== null && cause === 'unknown' && !participants.some(({ sid }) => sid === previous.leader)) {
    hidden.push(`what happened in server ${previous.leader}: it tells nothing of that time`);
  }
  return hidden;
}
