/**
 * Adds servers to an ensemble that runs, and removes them. A newcomer begins with the lines of the members and its own,
 * follows without a vote (or observes) until it is in step, and then the ensemble is asked to take it in; one that is to
 * go leaves the ensemble first and stops then. What came of it is kept in the ensemble's description.
 */
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { assert } from '../../shared/assert.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import type { Engine } from './engine.ts';
import {
  type EnsembleDescription,
  SERVERS_MAX,
  SID_MAX,
  type ServerDescription,
  isReconfigurable,
  writeDescription,
} from './ensemble-description.ts';
import {
  type ListeningPorts,
  type PlanOptions,
  type PlannedServer,
  dialRoutes,
  planEnsemble,
  serverLine,
} from './ensemble-plan.ts';
import { FaultError } from './fault-error.ts';
import type { PortPool } from './free-port.ts';
import type { Links } from './links.ts';
import { type ReconfigAnswer, requestReconfig } from './reconfig-request.ts';
import type { ServerState, SupervisedServer } from './supervised-server.ts';

/** What an ensemble consists of. */
export interface EnsembleParts {
  readonly engine: Engine;
  readonly folder: string;
  /** Removed at the end, where the ensemble is not to stay. */
  readonly temporaryFolder: string | undefined;
  readonly servers: Map<number, SupervisedServer>;
  readonly ports: Map<number, ListeningPorts>;
  readonly links: Links;
  readonly pool: PortPool;
  description: EnsembleDescription;
  readonly findAdminPort: () => Promise<number | undefined>;
  readonly supervise: (plan: PlannedServer) => SupervisedServer;
}

const IN_STEP_MS_MAX = 60_000;
const POLL_MS = 100;
const NOTHING: ReconfigRequest = {
  joiningServers: null,
  leavingServers: null,
  newMembers: null,
  curConfigId: -1n,
};

/** Resolves with its sid when it is a member. Throws FaultError, or StartError; nothing of it is left then. */
export async function addServer(parts: EnsembleParts, role: ServerDescription['role']): Promise<number> {
  requireReconfigurable(parts);
  const sid = nextSid(parts.description);
  const ports: ListeningPorts = {
    quorumPort: await parts.pool.take(),
    electionPort: await parts.pool.take(),
    adminPort: await parts.findAdminPort(),
  };
  const { quorumPort, electionPort } = ports;
  const newcomer = { sid, role, clientPort: await parts.pool.take(), quorumPort, electionPort };
  const before = parts.description;
  const description = { ...before, servers: [...before.servers, newcomer] };
  parts.ports.set(sid, ports);
  await parts.links.addServer({ sid, quorumPort, electionPort }, parts.pool);
  parts.description = description;
  const plan = planOf(parts).find((planned) => planned.sid === sid);
  assert(plan !== undefined, 'a newcomer without a plan');
  const server = parts.supervise(plan);
  parts.servers.set(sid, server);
  try {
    replan(parts);
    await server.start();
    await untilIn(server, ['follower', 'observer']);
    const joiningServers = `server.${sid}=${serverLine(description, newcomer, ports)}`;
    await reconfigure(parts, { ...NOTHING, joiningServers });
    await untilIn(server, role === 'observer' ? ['observer'] : ['follower', 'leader']);
    await writeDescription(parts.folder, description);
  } catch (error) {
    await forget(parts, sid);
    throw error;
  }
  return sid;
}

/** Resolves when it is no member, and gone with its data. Throws FaultError; it stays then. */
export async function removeServer(parts: EnsembleParts, sid: number): Promise<void> {
  requireReconfigurable(parts);
  await reconfigure(parts, { ...NOTHING, leavingServers: String(sid) }, sid);
  await forget(parts, sid);
  await writeDescription(parts.folder, parts.description);
}

function requireReconfigurable(parts: EnsembleParts): void {
  const problem = problemOfChanges(parts);
  if (problem !== undefined) throw new FaultError('NOT_SUPPORTED', problem);
}

/** Why members cannot be added or removed; undefined when they can. */
export function problemOfChanges({
  description,
  links,
  engine,
}: Pick<EnsembleParts, 'description' | 'links' | 'engine'>): string | undefined {
  if (isReconfigurable(description)) return problemOfLinks(engine.name, links);
  return 'this ensemble cannot be reconfigured: it takes several servers and the setting reconfigEnabled=true';
}

/** Servers of Apache's would tell each other the addresses of links that belong to one of them only. */
export function problemOfLinks(
  engineName: Engine['name'],
  { isDirect }: Pick<Links, 'isDirect'>,
): string | undefined {
  if (engineName === 'builtin' || isDirect) return undefined;
  return "reconfigEnabled=true: Apache's servers behind links cannot be reconfigured; start the ensemble without links";
}

function nextSid({ servers }: EnsembleDescription): number {
  if (servers.length >= SERVERS_MAX) {
    throw new FaultError('BAD_VALUE', `an ensemble has ${SERVERS_MAX} servers at the most`);
  }
  const highest = Math.max(...servers.map(({ sid }) => sid));
  if (highest < SID_MAX) return highest + 1;
  const free = Array.from({ length: SID_MAX }, (_, index) => index + 1).find(
    (sid) => !servers.some((server) => server.sid === sid),
  );
  assert(free !== undefined, 'fewer servers than numbers, and none is free');
  return free;
}

function planOptions({ description, folder, ports, links }: EnsembleParts): PlanOptions {
  return { description, folder, ports, link: (ends) => links.portsOf(ends) };
}

function planOf(parts: EnsembleParts): PlannedServer[] {
  return planEnsemble(planOptions(parts));
}

/** Tells every server how to reach those that are there now. */
function replan(parts: EnsembleParts): void {
  for (const plan of planOf(parts)) {
    parts.servers.get(plan.sid)?.replan(plan, dialRoutes(planOptions(parts), plan.sid));
  }
}

async function forget(parts: EnsembleParts, sid: number): Promise<void> {
  const server = parts.servers.get(sid);
  await server?.end();
  parts.servers.delete(sid);
  parts.ports.delete(sid);
  parts.description = {
    ...parts.description,
    servers: parts.description.servers.filter((other) => other.sid !== sid),
  };
  await parts.links.removeServer(sid);
  replan(parts);
  if (server) await rm(server.plan.folder, { recursive: true, force: true });
}

async function untilIn(server: SupervisedServer, states: readonly ServerState[]): Promise<void> {
  const deadlineMs = performance.now() + IN_STEP_MS_MAX;
  for (;;) {
    const { state, failure } = await server.status();
    if (states.includes(state)) return;
    if (failure !== null || state === 'stopped' || performance.now() > deadlineMs) {
      throw new FaultError('WRONG_STATE', `${server.plan.name} does not get in step: it is ${state}`);
    }
    await delay(POLL_MS);
  }
}

/** Asks again while there is no leader, or the newcomer is not in step yet. `leaving` is asked last. */
async function reconfigure(parts: EnsembleParts, request: ReconfigRequest, leaving?: number): Promise<void> {
  const deadlineMs = performance.now() + IN_STEP_MS_MAX;
  const { superPassword } = parts.description;
  for (;;) {
    const answer = await askAnybody(parts, request, { superPassword, leaving });
    if (answer === 'done') return;
    if (answer !== 'unknown' && !isPassing(answer.refused)) {
      throw new FaultError('WRONG_STATE', refusalText(answer.refused));
    }
    if (performance.now() > deadlineMs) {
      const reason = answer === 'unknown' ? 'no server answers' : refusalText(answer.refused);
      throw new FaultError('WRONG_STATE', reason);
    }
    await delay(POLL_MS);
  }
}

async function askAnybody(
  { servers }: EnsembleParts,
  request: ReconfigRequest,
  { superPassword, leaving }: { superPassword: string | undefined; leaving: number | undefined },
): Promise<ReconfigAnswer> {
  const candidates = [...servers.values()].filter(({ process }) => process.state === 'running');
  if (candidates.length === 0) throw new FaultError('WRONG_STATE', 'no server runs that could be asked');
  candidates.sort((a, b) => Number(a.plan.sid === leaving) - Number(b.plan.sid === leaving));
  for (const { plan } of candidates) {
    const answer = await requestReconfig(plan, request, superPassword);
    if (answer !== 'unknown') return answer;
  }
  return 'unknown';
}

type Refusal = Exclude<ReconfigAnswer, string>['refused'];

function isPassing(refused: Refusal): boolean {
  return refused === 'NEWCONFIGNOQUORUM' || refused === 'RECONFIGINPROGRESS' || refused === 'SESSIONEXPIRED';
}

function refusalText(refused: Refusal): string {
  switch (refused) {
    case 'BADARGUMENTS':
      return 'the ensemble refuses the change: at least two servers that vote must remain';
    case 'NEWCONFIGNOQUORUM':
      return 'the ensemble refuses the change: too few of the servers that would vote are in step';
    case 'NOAUTH':
      return 'the ensemble refuses the change: only its super user may, and its digest was not set by the launcher';
    default:
      return `the ensemble refuses the change: ${refused}`;
  }
}
