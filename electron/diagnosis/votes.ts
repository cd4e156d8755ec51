/** The order of votes (PROTOCOL.md 4.4) on votes as events carry them: epoch, then zxid, then server id. Pure. */
import type { VoteField } from '../../shared/api/elections.ts';
import type { VoteDto } from '../../shared/api/server-events.ts';
import { zxidFromHex } from '../../shared/zxid.ts';

/** Undefined where they are one. */
export function decidingField(x: VoteDto, y: VoteDto): VoteField | undefined {
  if (x.peerEpoch !== y.peerEpoch) return 'peerEpoch';
  if (x.zxid !== y.zxid) return 'zxid';
  return x.leader === y.leader ? undefined : 'leader';
}

export function voteBeats(candidate: VoteDto, current: VoteDto): boolean {
  switch (decidingField(candidate, current)) {
    case 'peerEpoch':
      return candidate.peerEpoch > current.peerEpoch;
    case 'zxid':
      return zxidFromHex(candidate.zxid) > zxidFromHex(current.zxid);
    case 'leader':
      return candidate.leader > current.leader;
    case undefined:
      return false;
  }
}

export function isSameVote(x: VoteDto, y: VoteDto): boolean {
  return decidingField(x, y) === undefined;
}
