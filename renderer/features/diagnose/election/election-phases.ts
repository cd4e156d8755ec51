/**
 * An election as phases: from the loss of the leader to serving again, by the traces of the winner or, without those, of the one
 * that elected it. The end of the election phase may be a wait: a quorum agrees, and the server gives others a moment for a
 * better vote (finalizeWait in FastLeaderElection). Pure.
 */
import type { Election, Participant } from '../../../../shared/api/elections.ts';

export type PhaseName = 'election' | 'discovery' | 'synchronization' | 'broadcast';

export interface PhaseSpan {
  readonly name: PhaseName;
  readonly fromMs: number;
  /** Null for the one that lasts. */
  readonly toMs: number | null;
  /** Within the election: since when it only waited; null where it did not, or no vote is told. */
  readonly waitFromMs: number | null;
}

/** Shorter waits are the time that messages take. */
const WAIT_MS_MIN = 20;

/** The winner's own way; without its traces that of the first that elected it, or that looks. */
export function referenceOf({ participants, winner }: Election): Participant | undefined {
  const early = participants.filter(({ isLate }) => !isLate);
  return (
    early.find(({ sid }) => sid === winner) ??
    early.find(({ electedMs }) => electedMs !== null) ??
    early[0] ??
    participants[0]
  );
}

/** In the order of time; a phase that nobody told of is left out. */
export function phasesOf(election: Election): readonly PhaseSpan[] {
  const reference = referenceOf(election);
  const electedMs = reference?.electedMs ?? null;
  const spans: PhaseSpan[] = [
    {
      name: 'election',
      fromMs: election.startMs,
      toMs: electedMs,
      waitFromMs: reference === undefined ? null : waitFrom(election, reference),
    },
  ];
  if (reference === undefined || electedMs === null) return spans;
  const servesMs = election.endMs ?? reference.broadcastMs;
  const syncMs = reference.synchronizationMs;
  spans.push({ name: 'discovery', fromMs: electedMs, toMs: syncMs ?? servesMs, waitFromMs: null });
  if (syncMs !== null) {
    spans.push({ name: 'synchronization', fromMs: syncMs, toMs: servesMs, waitFromMs: null });
  }
  if (servesMs !== null) spans.push({ name: 'broadcast', fromMs: servesMs, toMs: null, waitFromMs: null });
  return spans;
}

/** Behind the last vote that it cast or heard in the round that decided. */
function waitFrom({ casts, heard, round }: Election, { sid, electedMs }: Participant): number | null {
  if (electedMs === null || round === null) return null;
  const voteMs = [...casts, ...heard]
    .filter((vote) => vote.sid === sid && vote.round === round && vote.atMs <= electedMs)
    .map(({ atMs }) => atMs);
  if (voteMs.length === 0) return null;
  const lastMs = Math.max(...voteMs);
  return electedMs - lastMs >= WAIT_MS_MIN ? lastMs : null;
}
