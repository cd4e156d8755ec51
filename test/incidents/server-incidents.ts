/** Incidents of single servers: lost, cut off, paused, with a bad disk or clock, or asked for too much. */
import { RawClient } from '../support/raw-client.ts';
import type { Incident, Truth } from './incident.ts';

const HELD_MS = 3000;

function trouble(cause: Truth['cause'], sid: number): Truth {
  return { kind: 'server', cause, subject: String(sid) };
}

const followerPartitioned: Incident = {
  name: 'follower-partitioned',
  title: 'follower partitioned',
  async run(stage) {
    const follower = await stage.follower();
    stage.ensemble.partition([[follower]]);
    await stage.lasting(HELD_MS * 3);
    stage.ensemble.heal();
    return [trouble('follower-partitioned', follower)];
  },
};

const followerKilled: Incident = {
  name: 'follower-killed',
  title: 'follower killed',
  async run(stage) {
    const follower = await stage.follower();
    await stage.ensemble.kill(follower);
    return [trouble('follower-lost', follower)];
  },
};

const observerLost: Incident = {
  name: 'observer-lost',
  title: 'observer lost',
  ensemble: { servers: 3, observers: 1 },
  async run(stage) {
    const observer = stage.ensemble.servers.find(({ role }) => role === 'observer')?.sid ?? 0;
    await stage.ensemble.kill(observer);
    return [trouble('observer-lost', observer)];
  },
};

const serverPaused: Incident = {
  name: 'server-paused',
  title: 'GC-like pause of a server',
  // Longer than the pause: the leader must not give it up.
  ensemble: { servers: 3, config: { tickTime: '1000' } },
  async run(stage) {
    const follower = await stage.follower();
    await stage.ensemble.pause(follower);
    await stage.lasting(HELD_MS);
    await stage.ensemble.resume(follower);
    return [trouble('process-paused', follower)];
  },
};

const slowDisk: Incident = {
  name: 'slow-fsync',
  title: 'slow fsync',
  hasFaultyParts: true,
  async run(stage) {
    const follower = await stage.follower();
    await stage.slowDisk(follower, 1200);
    await stage.write('/slow', HELD_MS * 2);
    await stage.healDisk(follower);
    return [trouble('disk-slow', follower)];
  },
};

const fullDisk: Incident = {
  name: 'full-disk',
  title: 'full disk',
  hasFaultyParts: true,
  async run(stage) {
    const follower = await stage.follower();
    await stage.fillDisk(follower);
    await stage.write('/full', HELD_MS / 2);
    // Apache's process stays, without being of use; a builtin server ends.
    const lost = stage.engine === 'builtin' ? [trouble('follower-lost', follower)] : [];
    return [trouble('disk-full', follower), ...lost];
  },
};

const clockJump: Incident = {
  name: 'clock-jump',
  title: 'clock jump',
  hasFaultyParts: true,
  async run(stage) {
    const follower = await stage.follower();
    // An ensemble that somebody uses: times of transactions tell of clocks.
    await stage.write('/clock', HELD_MS);
    await stage.skewClock(follower, 3_600_000);
    await stage.write('/clock', HELD_MS);
    return [trouble('clock-jump', follower)];
  },
};

const tooManyConnections: Incident = {
  name: 'connection-limit',
  title: 'too many connections',
  ensemble: { servers: 3, config: { maxClientCnxns: '12' } },
  async run(stage) {
    const follower = await stage.follower();
    const { host, clientPort: port } = stage.server(follower);
    const clients: (RawClient | undefined)[] = [];
    for (let count = 0; count < 20; count++) {
      // Who is turned away may be reset before it has heard that it is connected.
      clients.push(await RawClient.open({ host, port }).catch(() => undefined));
    }
    await stage.lasting(HELD_MS);
    for (const client of clients) client?.destroy();
    return [trouble('connection-limit', follower)];
  },
};

const CHILDREN = 11_000;
const BATCH = 500;

const largeReply: Incident = {
  name: 'large-get-children',
  title: 'large getChildren reply over the buffer limit',
  async run(stage) {
    const writer = await stage.writer();
    await writer.create('/many');
    for (let first = 0; first < CHILDREN; first += BATCH) {
      await writer.multi(
        Array.from({ length: BATCH }, (_, at) => ({
          op: 'create' as const,
          path: `/many/${'n'.repeat(90)}-${String(first + at).padStart(6, '0')}`,
        })),
      );
    }
    const follower = await stage.follower();
    const client = await stage.connect(stage.server(follower).connectString, { frameBytesMax: 1024 * 1024 });
    const asked = client.getChildren('/many').catch(() => undefined);
    await Promise.race([asked, stage.lasting(HELD_MS)]);
    return [trouble('buffer-limit', follower)];
  },
};

export const SERVER_INCIDENTS: readonly Incident[] = [
  followerPartitioned,
  followerKilled,
  observerLost,
  serverPaused,
  slowDisk,
  fullDisk,
  clockJump,
  tooManyConnections,
  largeReply,
];
