/** What the status bar shows of a connection, worked out from the client's facts. Pure. */
import type { ConnectionState, ConnectionStatus, WriteGuard } from '../../../shared/api/connections.ts';
import type { ServerRole } from '../../../shared/api/common.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { assertNever } from '../../../shared/assert.ts';
import { sessionIdToHex } from '../../../shared/ids.ts';
import { ZXID_NONE, zxidToHex } from '../../../shared/zxid.ts';
import type { SessionFacts, SessionState } from '../../client/session-types.ts';

/** What the connection itself remembers besides the client's facts. */
export interface ConnectionMemory {
  readonly connectionId: string;
  readonly sinceMs: number;
  readonly attempts: number;
  readonly failure: Failure | null;
  /** Of the first request, which holds until the first ping. */
  readonly latencyMs: number | null;
  readonly server: { readonly role: ServerRole | null; readonly version: string | null } | undefined;
  readonly identities: readonly { readonly scheme: string; readonly user: string }[];
  readonly writeGuard: WriteGuard;
}

/** A client that is looking for its first server connects; one that had a session tries to keep it. */
export function connectionState(
  state: SessionState,
  { hasSession }: { hasSession: boolean },
): ConnectionState {
  switch (state) {
    case 'idle':
    case 'connecting':
    case 'handshaking':
    case 'suspended':
      return hasSession ? 'suspended' : 'connecting';
    case 'connected':
      return 'connected';
    case 'connectedReadOnly':
      return 'connected-read-only';
    case 'expired':
      return 'expired';
    case 'authFailed':
      return 'auth-failed';
    case 'closing':
    case 'closed':
      return 'closed';
    default:
      return assertNever(state, 'session state');
  }
}

export function connectionStatus(facts: SessionFacts, memory: ConnectionMemory): ConnectionStatus {
  const { sessionId } = facts;
  const state = connectionState(facts.state, { hasSession: sessionId !== undefined });
  const isConnected = state === 'connected' || state === 'connected-read-only';
  const zxid = facts.latestServerZxid > facts.lastZxidSeen ? facts.latestServerZxid : facts.lastZxidSeen;
  return {
    connectionId: memory.connectionId,
    state,
    sinceMs: memory.sinceMs,
    server: facts.server ?? null,
    serverRole: (isConnected && memory.server?.role) || null,
    serverVersion: (isConnected && memory.server?.version) || null,
    sessionId: sessionId === undefined ? null : sessionIdToHex(sessionId),
    sessionTimeoutMs: facts.negotiatedTimeoutMs ?? null,
    lastZxid: zxid === ZXID_NONE ? null : zxidToHex(zxid),
    latencyMs: isConnected ? (facts.pingLatencyMs ?? memory.latencyMs) : null,
    watchCount: facts.watchCount,
    identities: [...memory.identities],
    writeGuard: memory.writeGuard,
    failure: isConnected ? null : memory.failure,
    attempts: memory.attempts,
  };
}
