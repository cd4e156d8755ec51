/** What FastLeaderElection and QuorumCnxManager say, 3.4 to 3.9: notifications, votes, and whom a server cannot reach. */
import type { VoteDto } from '../../../shared/api/server-events.ts';
import type { LogRules, Told } from './log-rules.ts';
import { type PeerState, hex64 } from './server-story.ts';

/** 3.6 and later */
const NOTIFICATION =
  /^Notification: my state:(\w+); n\.sid:(-?\d{1,19}), n\.state:(\w+), n\.leader:(-?\d{1,19}), n\.round:0x([0-9a-f]{1,16}), n\.peerEpoch:0x([0-9a-f]{1,16}), n\.zxid:0x([0-9a-f]{1,16})/;
/** 3.4 and 3.5 */
const NOTIFICATION_BEFORE =
  /^Notification: (?:[0-9a-f]+ \(message format version\), )?(-?\d{1,19}) \(n\.leader\), 0x([0-9a-f]{1,16}) \(n\.zxid\), 0x([0-9a-f]{1,16}) \(n\.round\), (\w+) \(n\.state\), (-?\d{1,19}) \(n\.sid\), 0x([0-9a-f]{1,16}) \(n\.peerE[pP]och\),? *(\w+) \(my state\)/;
/** 3.8 and later have the epoch before the round, earlier ones at the end. */
const SENDING =
  /^Sending Notification: (-?\d{1,19}) \(n\.leader\), 0x([0-9a-f]{1,16}) \(n\.zxid\), 0x([0-9a-f]{1,16}) \(n\.peerEpoch\), 0x([0-9a-f]{1,16}) \(n\.round\), (-?\d{1,19}) \(recipient\)/;
const SENDING_BEFORE =
  /^Sending Notification: (-?\d{1,19}) \(n\.leader\), 0x([0-9a-f]{1,16}) \(n\.zxid\), 0x([0-9a-f]{1,16}) \(n\.round\), (-?\d{1,19}) \(recipient\), -?\d+ \(myid\), 0x([0-9a-f]{1,16}) \(n\.peerEpoch\)/;

const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'] as const;

export const ELECTION_RULES: LogRules = {
  FastLeaderElection: [
    {
      begins: 'Notification: my',
      pattern: NOTIFICATION,
      tell: ({
        groups: [ownState = '', from = '', fromState = '', leader = '', round = '', epoch = '', zxid = ''],
        ...told
      }) => {
        onNotification(told, { ownState, from, fromState, leader, round, epoch, zxid });
      },
    },
    {
      begins: 'Notification: ',
      pattern: NOTIFICATION_BEFORE,
      tell: ({
        groups: [leader = '', zxid = '', round = '', fromState = '', from = '', epoch = '', ownState = ''],
        ...told
      }) => {
        onNotification(told, { ownState, from, fromState, leader, round, epoch, zxid });
      },
    },
    {
      begins: 'New election. My id',
      pattern: /^New election\. My id = +(\d{1,10}), proposed zxid=0x([0-9a-f]{1,16})/,
      tell({ story, atMs, groups: [sid = '', zxid = ''] }) {
        story.onSid(Number(sid));
        story.onNewElection(atMs, hex64(zxid));
      },
    },
    {
      begins: 'Sending Notification: ',
      pattern: SENDING,
      tell({ story, atMs, groups: [leader = '', zxid = '', epoch = '', round = '', to = ''] }) {
        story.onVoteSent(atMs, {
          to: Number(to),
          vote: voteOf({ leader, zxid, epoch }),
          round: roundOf(round),
        });
      },
    },
    {
      begins: 'Sending Notification: ',
      pattern: SENDING_BEFORE,
      tell({ story, atMs, groups: [leader = '', zxid = '', round = '', to = '', epoch = ''] }) {
        story.onVoteSent(atMs, {
          to: Number(to),
          vote: voteOf({ leader, zxid, epoch }),
          round: roundOf(round),
        });
      },
    },
    {
      begins: 'About to leave FLE instance',
      pattern: /leader ?= ?(\d{1,10})/,
      tell({ story, groups: [leader = ''] }) {
        story.onElected(Number(leader));
      },
    },
  ],
  QuorumCnxManager: [
    {
      begins: '',
      pattern: /^(\d{1,10}) is accepting connections now, my election bind port/,
      tell({ story, groups: [sid = ''] }) {
        story.onSid(Number(sid));
      },
    },
    {
      begins: 'Connection broken for id',
      pattern: /my id = (\d{1,10})/,
      tell({ story, groups: [sid = ''] }) {
        story.onSid(Number(sid));
      },
    },
    {
      begins: 'Have smaller server identifier',
      pattern: /\(myId:(\d{1,10}) -->/,
      tell({ story, groups: [sid = ''] }) {
        story.onSid(Number(sid));
      },
    },
    {
      begins: 'Cannot open channel to ',
      tell({ story, atMs, record }) {
        story.onComplaint(atMs, 'peer-unreachable', record.message);
      },
    },
  ],
};

interface NotificationText {
  readonly ownState: string;
  readonly from: string;
  readonly fromState: string;
  readonly leader: string;
  readonly round: string;
  readonly epoch: string;
  readonly zxid: string;
}

function onNotification({ story, atMs }: Omit<Told, 'groups'>, text: NotificationText): void {
  const ownState = stateOf(text.ownState);
  const fromState = stateOf(text.fromState);
  if (ownState === undefined || fromState === undefined) return;
  const heard = { atMs, from: Number(text.from), fromState, vote: voteOf(text), round: roundOf(text.round) };
  story.onNotification(heard, ownState);
}

function stateOf(text: string): PeerState | undefined {
  return STATES.find((state) => state === text);
}

/** An observer backs nobody, and says so with the smallest number there is. */
function voteOf({
  leader,
  epoch,
  zxid,
}: Pick<NotificationText, 'leader' | 'epoch' | 'zxid'>): VoteDto | null {
  const [sid, peerEpoch] = [Number(leader), epochOf(epoch)];
  if (sid < 0 || !Number.isSafeInteger(sid) || peerEpoch === undefined) return null;
  return { leader: sid, peerEpoch, zxid: hex64(zxid) };
}

/** Epochs are 32 bits; a server without one says -1. */
function epochOf(hex: string): number | undefined {
  const epoch = BigInt.asIntN(64, BigInt(`0x${hex}`));
  return epoch >= -1n && epoch <= 0xffff_ffffn ? Number(epoch) : undefined;
}

function roundOf(hex: string): number {
  const round = BigInt.asIntN(64, BigInt(`0x${hex}`));
  return Number(BigInt.asIntN(53, round));
}
