/** The five steps of a connection test, each a question and its finding. connection-test.ts runs them in order. */
import { lookup } from 'node:dns/promises';
import type { ProfileDraft, TestFinding, TestStep } from '../../../shared/api/connections.ts';
import { ConnectionError, KeeperError } from '../../../shared/errors.ts';
import { sessionIdToHex } from '../../../shared/ids.ts';
import type { ZooKeeperClient } from '../../client/client.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import { digestCredential, digestId } from '../../client/digest.ts';
import { describeSocketError, tcpTransport } from '../../client/tcp-transport.ts';
import { toFailure } from '../failures.ts';

/** What a step found. */
export interface StepOutcome {
  readonly state: 'passed' | 'warning' | 'failed' | 'skipped';
  readonly finding: TestFinding;
  readonly servers?: TestStep['servers'];
  readonly facts?: Readonly<Record<string, string>>;
  readonly failure?: TestStep['failure'];
}

type ServerLine = TestStep['servers'][number];

export async function testResolve(
  hosts: readonly HostPort[],
): Promise<{ outcome: StepOutcome; resolved: HostPort[] }> {
  const servers = await Promise.all(hosts.map(resolveOne));
  const resolved = hosts.filter((_, at) => servers[at]?.isOk === true);
  const failure = servers.find((server) => !server.isOk)?.failure ?? null;
  const facts = { resolved: String(resolved.length), total: String(hosts.length) };
  if (resolved.length === hosts.length) {
    return { outcome: { state: 'passed', finding: 'resolved', servers, facts }, resolved };
  }
  const outcome: StepOutcome =
    resolved.length > 0
      ? { state: 'warning', finding: 'resolved-some', servers, facts, failure }
      : { state: 'failed', finding: 'resolved-none', servers, facts, failure };
  return { outcome, resolved };
}

async function resolveOne(host: HostPort): Promise<ServerLine> {
  const server = formatHostPort(host);
  try {
    const addresses = await lookup(host.host, { all: true });
    return { server, value: addresses.map(({ address }) => address).join(', '), isOk: true };
  } catch (error) {
    const failure = toFailure(describeSocketError(asError(error), server));
    return { server, value: '', isOk: false, failure };
  }
}

export async function testTcp(
  hosts: readonly HostPort[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<{ outcome: StepOutcome; accepting: HostPort[] }> {
  const servers = await Promise.all(hosts.map((host) => connectOne(host, { timeoutMs, signal })));
  const accepting = hosts.filter((_, at) => servers[at]?.isOk === true);
  const failure = servers.find((server) => !server.isOk)?.failure ?? null;
  const facts = {
    accepted: String(accepting.length),
    total: String(hosts.length),
    timeoutMs: String(timeoutMs),
  };
  if (accepting.length === hosts.length) {
    return { outcome: { state: 'passed', finding: 'tcp-accepted', servers, facts }, accepting };
  }
  const outcome: StepOutcome =
    accepting.length > 0
      ? { state: 'warning', finding: 'tcp-accepted-some', servers, facts, failure }
      : { state: 'failed', finding: tcpFinding(failure?.code), servers, facts, failure };
  return { outcome, accepting };
}

function tcpFinding(code: string | undefined): TestFinding {
  if (code === 'CONNECTION_REFUSED') return 'tcp-refused';
  return code === 'CONNECTION_TIMEOUT' ? 'tcp-timeout' : 'tcp-unreachable';
}

function connectOne(
  host: HostPort,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<ServerLine> {
  const server = formatHostPort(host);
  const startMs = performance.now();
  return new Promise((resolve) => {
    const finish = (line: Omit<ServerLine, 'server'>): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      connection.close();
      resolve({ server, ...line });
    };
    const fail = (error: ConnectionError): void =>
      finish({ value: '', isOk: false, failure: toFailure(error) });
    const connection = tcpTransport.open(host, {
      onOpen: () => finish({ value: `${(performance.now() - startMs).toFixed(1)} ms`, isOk: true }),
      onChunk: () => undefined,
      onClose: fail,
    });
    const timer = setTimeout(() => {
      fail(
        new ConnectionError('CONNECTION_TIMEOUT', `${server} did not accept within ${timeoutMs} ms`, {
          server,
        }),
      );
    }, timeoutMs);
    const onAbort = (): void =>
      fail(new ConnectionError('CLIENT_CLOSED', 'the test was cancelled', { server }));
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

export async function testSession(
  client: ZooKeeperClient,
  { draft, signal }: { draft: ProfileDraft; signal: AbortSignal },
): Promise<StepOutcome> {
  try {
    await client.connect({ signal });
  } catch (error) {
    if (!(error instanceof ConnectionError) && !(error instanceof KeeperError)) throw error;
    return { state: 'failed', finding: sessionFinding(error.code), failure: toFailure(error) };
  }
  const { sessionId, server = '', negotiatedTimeoutMs = 0, isReadOnly } = client.facts;
  const facts = {
    sessionId: sessionId === undefined ? '' : sessionIdToHex(sessionId),
    server,
    timeoutMs: String(negotiatedTimeoutMs),
    askedTimeoutMs: String(draft.sessionTimeoutMs),
  };
  if (isReadOnly) return { state: 'warning', finding: 'session-read-only-server', facts };
  return negotiatedTimeoutMs === draft.sessionTimeoutMs
    ? { state: 'passed', finding: 'session-established', facts }
    : { state: 'warning', finding: 'session-timeout-adjusted', facts };
}

function sessionFinding(code: string): TestFinding {
  if (code === 'NOT_ZOOKEEPER') return 'session-not-zookeeper';
  return code === 'CONNECTION_TIMEOUT' ? 'session-no-answer' : 'session-closed-by-server';
}

export async function testAuth(
  client: ZooKeeperClient,
  { draft, password }: { draft: ProfileDraft; password: string },
): Promise<StepOutcome> {
  if (draft.auth.kind === 'none') return { state: 'skipped', finding: 'auth-none' };
  const { user } = draft.auth;
  const facts = { user, digest: digestId({ user, password }).id };
  try {
    await client.addAuth(digestCredential({ user, password }));
    return { state: 'passed', finding: 'auth-taken', facts };
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error;
    return { state: 'failed', finding: 'auth-refused', facts, failure: toFailure(error) };
  }
}

export async function testFirstRead(
  client: ZooKeeperClient,
  { draft, password, signal }: { draft: ProfileDraft; password: string; signal: AbortSignal },
): Promise<StepOutcome> {
  const path = draft.chroot === '' ? '/' : draft.chroot;
  const digest =
    draft.auth.kind === 'digest' ? { digest: digestId({ user: draft.auth.user, password }).id } : {};
  try {
    const { children } = await client.getChildren('/', { signal });
    return { state: 'passed', finding: 'read-ok', facts: { path, children: String(children.length) } };
  } catch (error) {
    if (!(error instanceof KeeperError) && !(error instanceof ConnectionError)) throw error;
    const facts = { path, ...digest, ...(await identitiesOf(client)) };
    return { state: 'failed', finding: readFinding(error.code), facts, failure: toFailure(error) };
  }
}

function readFinding(code: string): TestFinding {
  if (code === 'NOAUTH') return 'read-no-auth';
  return code === 'NONODE' ? 'read-no-node' : 'read-failed';
}

/** Whom the server takes the session for; nothing where it does not know the question (before 3.7). */
async function identitiesOf(client: ZooKeeperClient): Promise<Record<string, string>> {
  try {
    const identities = await client.whoAmI();
    return { identities: identities.map(({ authScheme, user }) => `${authScheme} ${user}`).join(', ') };
  } catch (error) {
    if (error instanceof KeeperError || error instanceof ConnectionError) return {};
    throw error;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
