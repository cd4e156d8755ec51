/** Which quorums a proposal waits for while the ensemble changes. */
import { expect, test } from 'vitest';

import { Proposals } from '../../../../embedded-server/core/proposals.ts';
import { MajorityVerifier } from '../../../../shared/quorum-verifier.ts';
import { historyOf, zxid } from '../../../paper/paper-server.ts';

const FORMER = new MajorityVerifier([1, 2, 3]);
const NEXT = new MajorityVerifier([1, 4, 5]);

/** The first stands for the reconfiguration, the second was proposed behind it. */
function twoProposals(): Proposals {
  const proposals = new Proposals(zxid(1, 0));
  for (const { entry, bytes } of historyOf([1, 2])) {
    proposals.add({ entry, bytes, changes: [] }, undefined, [FORMER, NEXT]);
  }
  return proposals;
}

test('proposals: a reconfiguration needs a quorum of the former voters, and one of the next', () => {
  const proposals = twoProposals();
  for (const sid of [1, 4, 5]) proposals.ack(sid, zxid(1, 1));
  expect(proposals.peekCommitted()).toBeUndefined();
  proposals.ack(2, zxid(1, 1));
  expect(proposals.peekCommitted()).toBeDefined();
});

test('proposals: behind a reconfiguration that holds, nobody waits for those who have lost their vote', () => {
  const proposals = twoProposals();
  for (const sid of [1, 2, 4]) proposals.ack(sid, zxid(1, 1));
  for (const sid of [1, 4, 5]) proposals.ack(sid, zxid(1, 2));
  proposals.take();
  expect(proposals.peekCommitted()).toBeUndefined();
  proposals.decideBy([NEXT]);
  expect(proposals.peekCommitted()?.prepared.entry.header.zxid).toBe(zxid(1, 2));
});
