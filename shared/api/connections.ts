/** Connection profiles, testing them, and the live state of those that are open. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ConnectionId, Hex64, ServerAddress, ServerRole, TimeMs, procedure } from './common.ts';
import { Failure } from './failure.ts';

export const Environment = z.enum(['dev', 'staging', 'production']);
export type Environment = z.infer<typeof Environment>;

/** A person's own colour for a connection: a dot, never a meaning. */
export const ProfileColor = z.enum(['cyan', 'green', 'amber', 'violet', 'red', 'grey']);
export type ProfileColor = z.infer<typeof ProfileColor>;

/** What a person fills in. `servers` is `host:port,host:port`; the chroot is a field of its own, '' for none. */
export const ProfileDraft = z.object({
  name: z.string().trim().min(1).max(100),
  color: ProfileColor,
  environment: Environment,
  servers: z.string().trim().min(1).max(4096),
  chroot: z.string().trim().max(4096),
  auth: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('digest'), user: z.string().min(1).max(1024) }),
  ]),
  sessionTimeoutMs: z.int().min(100).max(86_400_000),
  connectTimeoutMs: z.int().min(100).max(600_000),
  /** Nothing is ever written through this connection. */
  isReadOnly: z.boolean(),
  /** The largest reply taken from a server. Apache's own client takes 1 MB by default. */
  frameBytesMax: z.int().min(1024).max(1_073_741_823),
  /** Of the AdminServer, the same on every server; null: it is not asked. */
  adminPort: z.int().min(1).max(65_535).nullable().default(null),
});
export type ProfileDraft = z.infer<typeof ProfileDraft>;

export const PROFILE_DEFAULTS = {
  color: 'cyan',
  environment: 'dev',
  chroot: '',
  auth: { kind: 'none' },
  sessionTimeoutMs: 30_000,
  connectTimeoutMs: 5_000,
  isReadOnly: false,
  frameBytesMax: 64 * 1024 * 1024,
  adminPort: null,
} as const satisfies Omit<ProfileDraft, 'name' | 'servers'>;

/** The most that a draft's password may have. `undefined` in a call means: leave what is stored. */
export const Password = z.string().max(65_536);

export const ConnectionProfile = ProfileDraft.extend({
  connectionId: ConnectionId,
  /** Where the password is: in the system's store, in memory until Zabra ends, or nowhere. */
  secret: z.enum(['none', 'stored', 'memory']),
  /** Set for a server that Zabra started on this machine (ensembles.ts). */
  ensembleId: z.string().optional(),
  createdAtMs: TimeMs,
});
export type ConnectionProfile = z.infer<typeof ConnectionProfile>;

export const ConnectionState = z.enum([
  'closed',
  'connecting',
  'connected',
  /** The server serves reads only (it lost its quorum). */
  'connected-read-only',
  /** The connection is lost, the session may still live; Zabra tries on. */
  'suspended',
  'expired',
  'auth-failed',
]);
export type ConnectionState = z.infer<typeof ConnectionState>;

/** Whether writes go out. Production connections start locked and fall back to locked at `untilMs`. */
export const WriteGuard = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('read-only') }),
  z.object({ kind: z.literal('locked') }),
  z.object({ kind: z.literal('unlocked'), untilMs: TimeMs }),
]);
export type WriteGuard = z.infer<typeof WriteGuard>;

export const ConnectionStatus = z.object({
  connectionId: ConnectionId,
  state: ConnectionState,
  /** Since when the state holds. */
  sinceMs: TimeMs,
  server: ServerAddress.nullable(),
  /** From `srvr`, which every whitelist allows by default; null when not known. */
  serverRole: ServerRole.nullable(),
  serverVersion: z.string().nullable(),
  sessionId: Hex64.nullable(),
  /** As negotiated. */
  sessionTimeoutMs: z.number().nullable(),
  lastZxid: Hex64.nullable(),
  /** Round trip of the last ping or request. */
  latencyMs: z.number().nullable(),
  watchCount: z.int(),
  /** Who the server takes this connection for, as whoAmI says; empty where it does not know the operation. */
  identities: z.array(z.object({ scheme: z.string(), user: z.string() })),
  writeGuard: WriteGuard,
  /** Why the state is not `connected`, where that is known. */
  failure: Failure.nullable(),
  /** Attempts since the connection was lost. */
  attempts: z.int(),
});
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

export const TestStepName = z.enum(['resolve', 'tcp', 'session', 'auth', 'first-read']);
export type TestStepName = z.infer<typeof TestStepName>;

/** What a step found, in a word that the renderer has sentences for (what it means, what to do next). */
export const TestFinding = z.enum([
  'resolved',
  'resolved-some',
  'resolved-none',
  'tcp-accepted',
  'tcp-accepted-some',
  'tcp-refused',
  'tcp-timeout',
  'tcp-unreachable',
  'session-established',
  /** The server's limits made the timeout another than asked for. */
  'session-timeout-adjusted',
  'session-read-only-server',
  /** The server closed the connection without an answer: too many connections, or not ready to serve. */
  'session-closed-by-server',
  'session-no-answer',
  'session-not-zookeeper',
  'auth-none',
  /** A server takes any digest, so this proves nothing yet. */
  'auth-taken',
  'auth-refused',
  'read-ok',
  'read-no-auth',
  /** The chroot does not exist. */
  'read-no-node',
  'read-failed',
]);
export type TestFinding = z.infer<typeof TestFinding>;

export const TestStep = z.object({
  step: TestStepName,
  state: z.enum(['waiting', 'running', 'passed', 'warning', 'failed', 'skipped']),
  tookMs: z.number().nullable(),
  finding: TestFinding.nullable(),
  /** Per server: its address, and what was measured or went wrong there. */
  servers: z.array(
    z.object({ server: ServerAddress, value: z.string(), isOk: z.boolean(), failure: Failure.optional() }),
  ),
  /** Named values for the sentence: sessionId, timeoutMs, path, digest, children, … */
  facts: z.record(z.string(), z.string()),
  failure: Failure.nullable(),
});
export type TestStep = z.infer<typeof TestStep>;

export const TestReport = z.object({
  steps: z.array(TestStep),
  isDone: z.boolean(),
  startedAtMs: TimeMs,
  tookMs: z.number(),
});
export type TestReport = z.infer<typeof TestReport>;

export const connections = {
  list: procedure.output(z.array(ConnectionProfile)),
  /** Creates a profile, or replaces the one with this id. Takes effect for an open connection when it is reopened. */
  save: procedure
    .input(
      z.object({
        connectionId: ConnectionId.optional(),
        draft: ProfileDraft,
        password: Password.optional(),
      }),
    )
    .output(ConnectionProfile),
  /** Closes the connection and forgets profile, secret and drafts. */
  remove: procedure.input(z.object({ connectionId: ConnectionId })),
  /** Yields the whole report at every change; the last one has `isDone`. Breaking off cancels the test. */
  test: procedure
    .input(
      z.object({
        /** For the stored password, when none is given. */
        connectionId: ConnectionId.optional(),
        draft: ProfileDraft,
        password: Password.optional(),
      }),
    )
    .output(eventIterator(TestReport)),
  /** Starts connecting and returns at once; `statuses` tells how it goes. An open one stays as it is. */
  open: procedure.input(z.object({ connectionId: ConnectionId })).output(ConnectionStatus),
  close: procedure.input(z.object({ connectionId: ConnectionId })),
  /** Every open connection, at once and at every change. */
  statuses: procedure.output(eventIterator(z.array(ConnectionStatus))),
  /** Lets writes through a locked production connection for so many minutes. */
  unlock: procedure
    .input(z.object({ connectionId: ConnectionId, minutes: z.int().min(1).max(120) }))
    .output(ConnectionStatus),
  lock: procedure.input(z.object({ connectionId: ConnectionId })).output(ConnectionStatus),
};
