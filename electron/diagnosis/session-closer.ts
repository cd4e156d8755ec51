/**
 * Who closed a session that somebody asked to close: its client, unless there are signs that it was another one in its name.
 * Whoever knows a session's id can take it over, and close it. Pure.
 */
import { say } from '../../shared/api/sentences.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { type DraftOf, type Fact, fact } from './draft.ts';
import type { SessionConnection, SessionEnd, SessionRecord } from './session-record.ts';
import { TOGETHER_MS, connectionFacts, isCredible, refusalFact } from './session-facts.ts';

type Verdict = Pick<DraftOf<'session-ended'>, 'cause' | 'confidence' | 'answer' | 'evidence'>;

interface Closed {
  readonly record: SessionRecord;
  readonly end: SessionEnd;
  readonly cluster: ClusterPicture;
  readonly evidence: readonly Fact[];
}

/** Somebody who takes a session over to end it does not stay. */
const TAKEOVER_MS_MAX = 3000;

export function whoClosed(closed: Closed): Verdict {
  return (
    endedHere(closed) ??
    takenOver(closed) ??
    countedAnew(closed) ??
    wantedStill(closed) ??
    closedByClient(closed)
  );
}

function endedHere({ record, evidence }: Closed): Verdict | undefined {
  if (record.endedHere === undefined) return undefined;
  const { atMs, server } = record.endedHere;
  return {
    cause: 'ended-by-admin',
    confidence: 1,
    answer: say('session.ended-here', { session: record.sessionId, server }),
    evidence: [
      fact(atMs, say('source.zabra', {}), say('fact.ended-here', { server })),
      ...evidence,
      ...connectionFacts(record),
    ],
  };
}

/** Another connection had the session at last, while the one before was there. */
function takenOver({ record, end, evidence }: Closed): Verdict | undefined {
  const taker = record.connections.at(-1);
  const owner = record.connections.at(-2);
  if (taker === undefined || owner === undefined) return undefined;
  const wasThere = owner.endedMs === undefined || owner.endedMs >= taker.fromMs - TOGETHER_MS / 4;
  const wasTakenOver = owner.endReason === undefined || owner.endReason.includes('taken over');
  if (!wasThere || !wasTakenOver || end.atMs - taker.fromMs >= TAKEOVER_MS_MAX) return undefined;
  const by = taker.address;
  return {
    cause: 'ended-by-admin',
    confidence: 0.85,
    answer: say('session.taken-over', { session: record.sessionId, by, owner: owner.address }),
    evidence: [
      fact(taker.fromMs, taker.source, say('fact.taken-over', { by, owner: owner.address })),
      ...evidence,
    ],
  };
}

/** The owner's connection is the one that wrote before, and yet the closeSession's number is no later one. */
function countedAnew({ record, end, evidence }: Closed): Verdict | undefined {
  const { lastWrite, closeCxid, sessionId: session } = record;
  const owner = record.connections.at(-1);
  if (owner === undefined || lastWrite === undefined || closeCxid === undefined) return undefined;
  const hasWritten = owner.fromMs <= lastWrite.atMs + TOGETHER_MS;
  if (!hasWritten || !wasHeld(owner, end) || closeCxid > lastWrite.cxid) return undefined;
  return {
    cause: 'ended-by-admin',
    confidence: 0.75,
    answer: say('session.closed-in-its-name', { session, owner: owner.address }),
    evidence: [
      fact(
        lastWrite.atMs,
        end.source,
        say('fact.counted-anew', { lastWrite: lastWrite.cxid, close: closeCxid }),
      ),
      ...evidence,
    ],
  };
}

/** Somebody wanted to go on with it when it was closed, or since: who closes a session does not. */
function wantedStill({ record, end, cluster, evidence }: Closed): Verdict | undefined {
  const owner = record.connections.at(-1);
  const wanted = record.refusals.find((refusal) => isCredible(refusal, cluster));
  if (owner === undefined || wanted === undefined || !wasHeld(owner, end)) return undefined;
  return {
    cause: 'ended-by-admin',
    confidence: wanted.isPresumed ? 0.65 : 0.85,
    answer: say('session.closed-and-wanted', { session: record.sessionId, owner: owner.address }),
    evidence: [refusalFact(wanted), ...evidence, ...connectionFacts(record)],
  };
}

function closedByClient({ record, end, evidence }: Closed): Verdict {
  const address = record.connections.at(-1)?.address ?? null;
  return {
    cause: 'client-closed',
    confidence: end.presumed === undefined ? 0.97 : 0.8,
    answer: say('session.closed', { session: record.sessionId, address }),
    evidence: [...evidence, ...connectionFacts(record)],
  };
}

/** Until the session ended, as far as anybody can tell. */
function wasHeld({ endedMs }: SessionConnection, { atMs, presumed }: SessionEnd): boolean {
  return endedMs === undefined || endedMs > (presumed?.listedMs ?? atMs - TOGETHER_MS);
}
