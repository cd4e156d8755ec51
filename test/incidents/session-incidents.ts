/** Incidents of clients and their sessions. */
import { sessionIdFromHex, sessionIdToHex, sessionPassword } from '../../shared/ids.ts';
import { RawClient } from '../support/raw-client.ts';
import { waitFor } from '../support/wait.ts';
import type { Incident, Truth } from './incident.ts';
import type { Stage } from './stage.ts';

const TIMEOUT_MS = 3000;
/** Buckets are whole ticks, and the end has to be agreed upon. */
const EXPIRED_MS = TIMEOUT_MS + 1500;

function ended(cause: Truth['cause'], sessionId: string): Truth {
  return { kind: 'session-ended', cause, subject: sessionId };
}

function lostAside(sid: number): Truth {
  return { kind: 'server', cause: 'follower-lost', subject: String(sid), isAside: true };
}

async function clientAtFollower(stage: Stage, timeoutMs = TIMEOUT_MS) {
  const follower = await stage.follower();
  return { follower, client: await stage.client([follower], timeoutMs) };
}

const clientCloses: Incident = {
  name: 'client-closes',
  title: 'client closes',
  async run(stage) {
    const { client } = await clientAtFollower(stage);
    await stage.lasting(TIMEOUT_MS);
    await client.close();
    return [ended('client-closed', client.sessionId)];
  },
};

const clientKilled: Incident = {
  name: 'client-killed',
  title: 'client killed',
  async run(stage) {
    const { client } = await clientAtFollower(stage);
    await stage.lasting(TIMEOUT_MS);
    await client.kill();
    await stage.lasting(EXPIRED_MS);
    return [ended('client-gone', client.sessionId)];
  },
};

const clientFrozen: Incident = {
  name: 'client-frozen',
  title: 'client frozen past its timeout',
  async run(stage) {
    const { client } = await clientAtFollower(stage);
    await stage.lasting(TIMEOUT_MS);
    client.freeze();
    await stage.lasting(EXPIRED_MS);
    client.thaw();
    return [ended('client-silent', client.sessionId)];
  },
};

const networkCut: Incident = {
  name: 'client-cut-off',
  title: "client's network cut",
  async run(stage) {
    const proxy = await stage.proxy(await stage.follower());
    const client = await stage.clientAt(proxy.connectString, TIMEOUT_MS);
    await stage.lasting(TIMEOUT_MS);
    proxy.silence();
    await stage.lasting(EXPIRED_MS);
    return [ended('client-silent', client.sessionId)];
  },
};

const movesInTime: Incident = {
  name: 'moves-in-time',
  title: 'session moves in time',
  async run(stage) {
    const [first, second = first] = await stage.followers();
    const client = await stage.client([first, second], 8000);
    await stage.lasting(TIMEOUT_MS);
    const former = client.server;
    const lost = stage.server(first).connectString === former ? first : second;
    await stage.ensemble.kill(lost);
    await waitFor('the client has moved', () => client.server !== former);
    await stage.lasting(EXPIRED_MS);
    return [ended(null, client.sessionId), lostAside(lost)];
  },
};

const movesTooLate: Incident = {
  name: 'moves-too-late',
  title: 'session moves too late',
  async run(stage) {
    const [first, second = first] = await stage.followers();
    const addressOf = (sid: number): { host: string; port: number } => {
      const { host, clientPort } = stage.server(sid);
      return { host, port: clientPort };
    };
    const client = await RawClient.open(addressOf(first));
    const { sessionId } = await client.handshake({ timeoutMs: TIMEOUT_MS });
    await stage.lasting(TIMEOUT_MS / 3);
    client.destroy();
    await stage.lasting(EXPIRED_MS + 1000);
    const late = await RawClient.open(addressOf(second));
    await late.handshake({ timeoutMs: TIMEOUT_MS, sessionId, password: sessionPassword(sessionId) });
    late.destroy();
    return [ended('moved-too-late', sessionIdToHex(sessionId))];
  },
};

const serverLost: Incident = {
  name: 'server-lost',
  title: "the session's server killed, and no other known",
  async run(stage) {
    const { follower, client } = await clientAtFollower(stage);
    await stage.lasting(TIMEOUT_MS);
    await stage.ensemble.kill(follower);
    await stage.lasting(EXPIRED_MS);
    return [ended('server-lost', client.sessionId), lostAside(follower)];
  },
};

const endedByAdmin: Incident = {
  name: 'ended-by-admin',
  title: 'session ended by an administrator',
  async run(stage) {
    const { client, follower } = await clientAtFollower(stage, 8000);
    await stage.lasting(TIMEOUT_MS);
    const sessionId = sessionIdFromHex(client.sessionId);
    client.freeze();
    const key = { sessionId, password: sessionPassword(sessionId) };
    await stage.closeSession(stage.server(follower).connectString, key);
    client.thaw();
    return [ended('ended-by-admin', client.sessionId)];
  },
};

export const SESSION_INCIDENTS: readonly Incident[] = [
  clientCloses,
  clientKilled,
  clientFrozen,
  networkCut,
  movesInTime,
  movesTooLate,
  serverLost,
  endedByAdmin,
];
