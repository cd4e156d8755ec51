/** A leader that has a configuration in its log and does not know whether it was committed: whom it needs, whom it takes. */
import { expect, test } from 'vitest';

import { parseConfig } from '../../../../embedded-server/core/config.ts';
import { parseEnsembleText } from '../../../../embedded-server/core/ensemble-config.ts';
import { encodeLearnerInfo } from '../../../../embedded-server/quorum-protocol/packet-bodies.ts';
import { type LearnerLink, PaperServer, historyOf, zxid } from '../../../paper/paper-server.ts';

/** Server 1 is to have the vote that server 3 has. */
const COMMITTED = parseEnsembleText(
  'server.1=a:1:2:observer\nserver.2=b:1:2:participant\nserver.3=c:1:2:participant\nversion=10',
);
const PENDING = parseEnsembleText('server.1=a:1:2:participant\nserver.2=b:1:2:participant\nversion=20');

function prospectiveLeader(): PaperServer {
  const server = new PaperServer(2, { acceptedEpoch: 1, currentEpoch: 1, log: historyOf([1, 2]) }, 0, {
    config: parseConfig({ tickTime: '1000', reconfigEnabled: 'true' }),
    ensemble: COMMITTED,
    lastSeenEnsemble: PENDING,
  });
  server.hearVote(1, { peerState: 'LOOKING' });
  server.lead(3);
  expect(server.server.peerState).toBe('LEADING');
  return server;
}

function introduce(link: LearnerLink, type: 'FOLLOWERINFO' | 'OBSERVERINFO', configVersion: bigint): void {
  const info = { sid: link.sid, protocolVersion: 0x10000, configVersion };
  link.say(type, zxid(1, 0), encodeLearnerInfo(info));
}

test('pending configuration: a quorum of the committed one alone founds no epoch', () => {
  const leader = prospectiveLeader();
  const three = leader.dialFrom(3);
  introduce(three, 'FOLLOWERINFO', COMMITTED.version);
  expect(three.hear()).toEqual([]);
  expect(leader.server.zabState).toBe('DISCOVERY');
});

test('pending configuration: whoever observes counts where it is to have a vote', () => {
  const leader = prospectiveLeader();
  const [one, three] = [leader.dialFrom(1), leader.dialFrom(3)];
  introduce(three, 'FOLLOWERINFO', COMMITTED.version);
  introduce(one, 'OBSERVERINFO', COMMITTED.version);
  expect(one.hear()).toEqual(['LEADERINFO 2.0']);
  one.ackEpoch(1, zxid(1, 2));
  three.ackEpoch(1, zxid(1, 2));
  three.ack(2, 0);
  expect(leader.server.isServing).toBe(false);
  one.ack(2, 0);
  expect(leader.server.isServing).toBe(true);
  expect(leader.server.ensemble.version).toBe(PENDING.version);
});

test('pending configuration: nobody is taken who does not know the committed one', () => {
  const leader = prospectiveLeader();
  const one = leader.dialFrom(1);
  introduce(one, 'FOLLOWERINFO', 0n);
  expect(one.isClosed).toBe(true);
});

test('pending configuration: a leader that it leaves out passes it on, and leads no longer', () => {
  const server = new PaperServer(3, { acceptedEpoch: 1, currentEpoch: 1, log: historyOf([1, 2]) }, 0, {
    config: parseConfig({ tickTime: '1000', reconfigEnabled: 'true' }),
    ensemble: COMMITTED,
    lastSeenEnsemble: PENDING,
  });
  server.hearVote(1, { peerState: 'LOOKING' });
  server.lead(2);
  const links = [server.dialFrom(1), server.dialFrom(2)];
  for (const link of links) introduce(link, 'FOLLOWERINFO', COMMITTED.version);
  for (const link of links) link.ackEpoch(1, zxid(1, 2));
  for (const link of links) link.ack(2, 0);
  for (const link of links) expect(link.hear().at(-1)).toMatch(/^UPTODATE/);
  expect(server.server.isServing).toBe(false);
  expect(server.server.peerState).toBe('LOOKING');
  expect(server.server.ensemble.version).toBe(PENDING.version);
});
