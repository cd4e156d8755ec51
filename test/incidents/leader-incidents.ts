/** Incidents of the leader, and of the quorum. */
import { ZXID_COUNTER_MAX, zxidEpoch } from '../../shared/zxid.ts';
import type { Incident, Truth } from './incident.ts';
import type { Stage } from './stage.ts';

const HELD_MS = 3000;

function election(cause: Truth['cause'], sid: number): Truth {
  return { kind: 'election', cause, subject: String(sid) };
}

function lostAside(sid: number): Truth {
  return { kind: 'server', cause: 'follower-lost', subject: String(sid), isAside: true };
}

const leaderKilled: Incident = {
  name: 'leader-killed',
  title: 'leader killed',
  async run(stage) {
    const leader = await stage.leader();
    await stage.ensemble.kill(leader);
    await stage.leaderOtherThan(leader);
    return [election('leader-crashed', leader)];
  },
};

const leaderFrozen: Incident = {
  name: 'leader-frozen',
  title: 'leader frozen',
  async run(stage) {
    const leader = await stage.leader();
    await stage.ensemble.pause(leader);
    await stage.leaderOtherThan(leader);
    await stage.lasting(HELD_MS);
    await stage.ensemble.resume(leader);
    return [
      election('leader-paused', leader),
      { kind: 'server', cause: 'process-paused', subject: String(leader), isAside: true },
    ];
  },
};

const leaderPartitioned: Incident = {
  name: 'leader-partitioned',
  title: 'leader partitioned',
  async run(stage) {
    const leader = await stage.leader();
    stage.ensemble.partition([[leader]]);
    await stage.leaderOtherThan(leader);
    await stage.lasting(HELD_MS);
    stage.ensemble.heal();
    return [election('leader-partitioned', leader)];
  },
};

const minorityLeft: Incident = {
  name: 'minority-left',
  title: 'minority left',
  async run(stage) {
    const [first, second = first] = await stage.followers();
    await Promise.all([stage.ensemble.kill(first), stage.ensemble.kill(second)]);
    return [
      { kind: 'cluster', cause: 'quorum-lost', subject: 'ensemble' },
      ...[first, second].map(lostAside),
    ];
  },
};

const twoElections: Incident = {
  name: 'two-elections',
  title: 'two elections in a row',
  ensemble: { servers: 5 },
  async run(stage) {
    const first = await stage.leader();
    await stage.ensemble.kill(first);
    const second = await stage.leaderOtherThan(first);
    await stage.lasting(HELD_MS);
    await stage.ensemble.kill(second);
    await stage.leaderOtherThan(second);
    return [election('leader-crashed', first), election('leader-crashed', second)];
  },
};

const leaderStopped: Incident = {
  name: 'leader-stopped',
  title: 'leader stopped in order',
  // A JVM that is asked to end leaves as one that is killed does.
  engines: ['builtin'],
  async run(stage) {
    const leader = await stage.leader();
    await stage.ensemble.stop(leader);
    await stage.leaderOtherThan(leader);
    return [election('leader-stopped', leader)];
  },
};

const quorumLost: Incident = {
  name: 'quorum-lost',
  title: 'leader left alone, then joined again',
  async run(stage) {
    const leader = await stage.leader();
    const followers = await stage.followers();
    await Promise.all(followers.map((sid) => stage.ensemble.kill(sid)));
    await stage.lasting(HELD_MS);
    await Promise.all(followers.map((sid) => stage.ensemble.startServer(sid)));
    await stage.ensemble.untilServing();
    return [
      election('quorum-lost', leader),
      { kind: 'cluster', cause: 'quorum-lost', subject: 'ensemble', isAside: true },
      ...followers.map(lostAside),
    ];
  },
};

const rollingRestart: Incident = {
  name: 'rolling-restart',
  title: 'rolling restart',
  async run(stage: Stage) {
    for (const { sid } of stage.ensemble.servers) {
      await stage.ensemble.restart(sid);
      await stage.ensemble.untilServing();
      await stage.lasting(HELD_MS / 2);
    }
    return [
      { kind: 'cluster', cause: 'rolling-restart', subject: 'ensemble' },
      ...stage.ensemble.servers.flatMap(({ sid }) => [
        // A server that starts slowly is lost for a while.
        lostAside(sid),
        // Who leads when its turn has come; what stopped looks like what crashed where nobody tells.
        ...(['leader-stopped', 'leader-crashed'] as const).map((cause) => ({
          ...election(cause, sid),
          isAside: true as const,
        })),
      ]),
    ];
  },
};

const zxidRollover: Incident = {
  name: 'zxid-rollover',
  title: 'zxid rollover',
  configOf: {
    builtin: { 'testingonly.txnsPerEpochMax': '40' },
    apache: { 'testingonly.initialZxid': String(ZXID_COUNTER_MAX - 40) },
  },
  async run(stage) {
    const leader = await stage.leader();
    const epoch = await epochOf(stage);
    const writer = await stage.writer();
    await writer.create('/counted');
    // An epoch that is used up begins anew at once: what is written meanwhile fails.
    while ((await epochOf(stage)) === epoch) await writer.setData('/counted', null).catch(() => undefined);
    return [election('zxid-rollover', leader)];
  },
};

async function epochOf(stage: Stage): Promise<number> {
  const statuses = await stage.ensemble.status();
  return Math.max(...statuses.map(({ zxid }) => (zxid === null ? 0 : zxidEpoch(zxid))));
}

const leaderRemoved: Incident = {
  name: 'leader-removed',
  title: 'reconfig removing the leader',
  ensemble: { servers: 3, links: false, config: { reconfigEnabled: 'true', skipACL: 'yes' } },
  async run(stage) {
    const leader = await stage.leader();
    const followers = await stage.followers();
    const writer = await stage.connect(followers.map((sid) => stage.server(sid).connectString).join(','));
    await writer
      .reconfig({ joiningServers: null, leavingServers: String(leader), newMembers: null, curConfigId: -1n })
      // The answer is lost with the leader, now and then.
      .catch(() => undefined);
    await stage.leaderOtherThan(leader);
    return [election('reconfig', leader)];
  },
};

export const LEADER_INCIDENTS: readonly Incident[] = [
  leaderKilled,
  leaderFrozen,
  leaderPartitioned,
  minorityLeft,
  twoElections,
  leaderStopped,
  quorumLost,
  rollingRestart,
  zxidRollover,
  leaderRemoved,
];
