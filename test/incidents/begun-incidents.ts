/** Incidents that the diagnosis does not see from their begin, that come twice, or that come at a server without an ensemble. */
import type { Incident, Truth } from './incident.ts';

const HELD_MS = 3000;
const TIMEOUT_MS = 4000;

function trouble(cause: Truth['cause'], sid: number): Truth {
  return { kind: 'server', cause, subject: String(sid) };
}

const downBefore: Incident = {
  name: 'follower-down-before',
  title: 'follower killed before the diagnosis begins',
  async prepare(stage) {
    await stage.ensemble.kill(await stage.follower());
  },
  async run(stage) {
    return [trouble('follower-lost', await stage.follower())];
  },
};

const cutOffBefore: Incident = {
  name: 'follower-cut-off-before',
  title: 'follower partitioned before the diagnosis begins',
  async prepare(stage) {
    stage.ensemble.partition([[await stage.follower()]]);
    await stage.lasting(HELD_MS);
  },
  async run(stage) {
    return [trouble('follower-partitioned', await stage.follower())];
  },
};

const slowTwice: Incident = {
  name: 'slow-fsync-twice',
  title: 'slow fsync, and once more',
  hasFaultyParts: true,
  async run(stage) {
    const follower = await stage.follower();
    for (let time = 0; time < 2; time++) {
      await stage.slowDisk(follower, 1200);
      await stage.write('/slow', HELD_MS * 2);
      await stage.healDisk(follower);
      await stage.lasting(HELD_MS * 5);
    }
    return [trouble('disk-slow', follower), trouble('disk-slow', follower)];
  },
};

const pauseThenKill: Incident = {
  name: 'pause-then-kill',
  title: 'a follower pauses, then a client is killed, then the leader',
  ensemble: { servers: 3, config: { tickTime: '1000' } },
  async run(stage) {
    const leader = await stage.leader();
    const follower = await stage.follower();
    const other = (await stage.followers()).find((sid) => sid !== follower) ?? follower;
    const client = await stage.client([other], TIMEOUT_MS);
    await stage.ensemble.pause(follower);
    await stage.lasting(HELD_MS);
    await stage.ensemble.resume(follower);
    await client.kill();
    await stage.lasting(TIMEOUT_MS + HELD_MS);
    await stage.ensemble.kill(leader);
    await stage.leaderOtherThan(leader);
    return [
      trouble('process-paused', follower),
      { kind: 'session-ended', cause: 'client-gone', subject: client.sessionId },
      { kind: 'election', cause: 'leader-crashed', subject: String(leader) },
    ];
  },
};

const ALONE = { servers: 1 } as const;

const alonePaused: Incident = {
  name: 'alone-paused',
  title: 'standalone server pauses',
  ensemble: ALONE,
  async run(stage) {
    const [{ sid, connectString } = { sid: 1, connectString: '' }] = stage.ensemble.servers;
    await stage.ensemble.pause(sid);
    await stage.lasting(HELD_MS);
    await stage.ensemble.resume(sid);
    return [{ kind: 'server', cause: 'process-paused', subject: aloneSubject(connectString) }];
  },
};

const aloneClientKilled: Incident = {
  name: 'alone-client-killed',
  title: 'client of a standalone server killed',
  ensemble: ALONE,
  async run(stage) {
    const client = await stage.clientAt(stage.ensemble.connectString, TIMEOUT_MS);
    await stage.lasting(HELD_MS);
    await client.kill();
    await stage.lasting(TIMEOUT_MS + HELD_MS);
    return [{ kind: 'session-ended', cause: 'client-gone', subject: client.sessionId }];
  },
};

const aloneKilled: Incident = {
  name: 'alone-killed',
  title: 'standalone server killed',
  ensemble: ALONE,
  async run(stage) {
    await stage.ensemble.kill(stage.ensemble.servers[0]?.sid ?? 1);
    return [{ kind: 'cluster', cause: 'quorum-lost', subject: 'ensemble' }];
  },
};

/** A server without an ensemble has no number. */
function aloneSubject(connectString: string): string {
  return connectString;
}

export const BEGUN_INCIDENTS: readonly Incident[] = [
  downBefore,
  cutOffBefore,
  slowTwice,
  pauseThenKill,
  alonePaused,
  aloneClientKilled,
  aloneKilled,
];
