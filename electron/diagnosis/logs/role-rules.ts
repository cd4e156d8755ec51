/** What QuorumPeer, the leader and the learners say, 3.4 to 3.9: processes, roles, phases, epochs, and why roles end. */
import type { LogRule, LogRules, Told } from './log-rules.ts';
import { type LogEventOf, type PeerState, type Phase, epochOfZxid, hex64 } from './server-story.ts';

type Tell = (told: Told) => void;

const STATES: Readonly<Record<string, PeerState>> = {
  looking: 'LOOKING',
  following: 'FOLLOWING',
  leading: 'LEADING',
  observing: 'OBSERVING',
};
const PHASES: Readonly<Record<string, Phase>> = {
  discovery: 'DISCOVERY',
  synchronization: 'SYNCHRONIZATION',
  broadcast: 'BROADCAST',
};
const LEARNING: readonly PeerState[] = ['FOLLOWING', 'OBSERVING'];

/** The bare word, which every version says; from 3.5 on the phase was told before. */
function entersRole(state: PeerState): Tell {
  return ({ story, atMs }) => {
    if (!story.hasTold(state)) story.onState(atMs, { state, phase: 'ELECTION' });
  };
}

/** For versions that do not tell phases. */
function entersPhase(states: readonly PeerState[], phase: Phase): Tell {
  return ({ story, atMs }) => {
    const state = states.find((candidate) => story.hasTold(candidate));
    if (state !== undefined) story.onState(atMs, { state, phase });
  };
}

function isSynchronised(mode: LogEventOf<'sync'>['mode']): Tell {
  const enters = entersPhase(LEARNING, 'SYNCHRONIZATION');
  return (told) => {
    enters(told);
    const { story, atMs, groups } = told;
    if (story.sid === null) return;
    const toZxid = hex64(groups[0] ?? '');
    story.tell({ kind: 'sync', atMs, learner: story.sid, mode, fromZxid: null, toZxid });
  };
}

function knowsEpoch({ story, groups: [zxid = ''] }: Told): void {
  story.onEpoch(epochOfZxid(zxid));
}

/** Why it cannot go on following: in 3.4 and 3.5 the exception says it, later it may be in the message. */
function lost(what: string): Tell {
  return ({ story, record }) => {
    story.onReason(`${what}: ${record.exception ?? record.message}`);
  };
}

function ends({ story, atMs, record: { message, exception } }: Told): void {
  story.tell({ kind: 'ended', atMs, reason: exception === null ? message : `${message}: ${exception}` });
}

/** A server on its own has no election, and no number either. */
function startsAlone({ story, atMs }: Told): void {
  story.onStarted(atMs);
}

/** Said by Environment in 3.4, and for ZooKeeperServer later. */
const VERSION_RULE: LogRule = {
  begins: 'Server environment:zookeeper.version=',
  pattern: /=([^-, ]{1,40})/,
  tell: ({ story, groups: [version = ''] }) => {
    story.onVersion(version);
  },
};

export const ROLE_RULES: LogRules = {
  QuorumPeerMain: [
    {
      begins: 'Starting quorum peer',
      pattern: /^Starting quorum peer(?:, myid=(\d{1,10}))?$/,
      tell({ story, atMs, groups: [sid = ''] }) {
        if (sid !== '') story.onSid(Number(sid));
        story.onStarted(atMs);
      },
    },
    { begins: 'Exiting normally', tell: ends },
    { begins: 'Unable to access datadir', tell: ends },
  ],
  ZooKeeperServerMain: [
    { begins: 'Starting server', tell: startsAlone },
    { begins: 'Exiting normally', tell: ends },
    { begins: 'Unable to access datadir', tell: ends },
  ],
  Environment: [VERSION_RULE],
  ZooKeeperServer: [VERSION_RULE],
  QuorumPeer: [
    { begins: 'LOOKING', pattern: /^LOOKING$/, tell: entersRole('LOOKING') },
    { begins: 'FOLLOWING', pattern: /^FOLLOWING$/, tell: entersRole('FOLLOWING') },
    { begins: 'LEADING', pattern: /^LEADING$/, tell: entersRole('LEADING') },
    { begins: 'OBSERVING', pattern: /^OBSERVING$/, tell: entersRole('OBSERVING') },
    {
      begins: 'Peer state changed: ',
      pattern: /^Peer state changed: (\w+)(?: - (\w+))?/,
      tell({ story, atMs, groups: [state = '', phase = ''] }) {
        const peerState = STATES[state];
        if (peerState) story.onState(atMs, { state: peerState, phase: PHASES[phase] ?? 'ELECTION' });
      },
    },
    { begins: 'Unexpected exception', tell: lost('an unexpected exception ended its role') },
    { begins: 'Suggested leader', tell: lost('a reconfiguration names another leader') },
    { begins: 'Becoming a', tell: lost('a reconfiguration changed its part') },
  ],
  Leader: [
    { begins: 'LEADING - LEADER ELECTION TOOK', tell: entersPhase(['LEADING'], 'DISCOVERY') },
    {
      begins: 'Have quorum of supporters',
      pattern: /last processed zxid: 0x([0-9a-f]{1,16})/,
      tell(told) {
        knowsEpoch(told);
        // Later versions tell the phase themselves, some milliseconds later.
        if (told.story.phase !== 'SYNCHRONIZATION') entersPhase(['LEADING'], 'BROADCAST')(told);
      },
    },
    {
      begins: 'Shutdown called',
      tell({ story, record: { message, exception } }) {
        const reason = /(?:reason:? )(.*)$/.exec(exception ?? message)?.[1];
        story.onReason(`it stopped leading: ${reason ?? message}`);
      },
    },
    { begins: 'Quit leading due to voter changed mind', tell: lost('it stopped leading') },
    { begins: 'Committing a reconfiguration (', tell: lost('a reconfiguration names another leader') },
  ],
  Follower: [
    { begins: 'FOLLOWING - LEADER ELECTION TOOK', tell: entersPhase(LEARNING, 'DISCOVERY') },
    { begins: 'Exception when following the leader', tell: lost('it lost its leader') },
  ],
  Observer: [{ begins: 'Exception when observing the leader', tell: lost('it lost its leader') }],
  Learner: [
    { begins: 'FOLLOWING - LEADER ELECTION TOOK', tell: entersPhase(LEARNING, 'DISCOVERY') },
    { begins: 'Getting a diff from', pattern: /0x([0-9a-f]{1,16})/, tell: isSynchronised('DIFF') },
    { begins: 'Getting a snapshot from', pattern: /0x([0-9a-f]{1,16})/, tell: isSynchronised('SNAP') },
    { begins: 'Truncating log to get in sync', pattern: /0x([0-9a-f]{1,16})/, tell: isSynchronised('TRUNC') },
    {
      begins: 'Set the current epoch to ',
      pattern: /(\d{1,10})$/,
      tell: ({ story, groups: [epoch = ''] }) => {
        story.onEpoch(Number(epoch));
      },
    },
    {
      begins: 'Sent NEWLEADER ack to leader',
      pattern: / zxid ([0-9a-f]{1,16})$/,
      tell: knowsEpoch,
    },
    { begins: 'Learner received UPTODATE', tell: entersPhase(LEARNING, 'BROADCAST') },
    { begins: 'Exception when following the leader', tell: lost('it lost its leader') },
    { begins: 'Exception when observing the leader', tell: lost('it lost its leader') },
  ],
};
