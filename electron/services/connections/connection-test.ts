/**
 * Tries a connection step by step and says how far it got: names, ports, a session, credentials, a first read. A step that
 * fails skips the following ones. Ends without a session left behind; ending the stream cancels what is under way.
 */
import type {
  ProfileDraft,
  TestFinding,
  TestReport,
  TestStep,
  TestStepName,
} from '../../../shared/api/connections.ts';
import { AppError } from '../../../shared/errors.ts';
import { ZooKeeperClient } from '../../client/client.ts';
import { type HostPort, formatHostPort, parseConnectString } from '../../client/connect-string.ts';
import type { Log } from '../../log.ts';
import { toFailure } from '../failures.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';
import { connectStringOf } from './open-connection.ts';
import {
  type StepOutcome,
  testAuth,
  testFirstRead,
  testResolve,
  testSession,
  testTcp,
} from './test-steps.ts';

const REPORT_INTERVAL_MS = 50;
const STEPS: readonly TestStepName[] = ['resolve', 'tcp', 'session', 'auth', 'first-read'];

export interface ConnectionTestOptions {
  readonly draft: ProfileDraft;
  readonly password: string;
  readonly log: Log;
}

export function runConnectionTest(options: ConnectionTestOptions): PacedStream<TestReport> {
  const test = new ConnectionTest(options);
  const stream = test.observable.stream({
    intervalMs: REPORT_INTERVAL_MS,
    isLast: (report) => report.isDone,
    onEnd: () => test.cancel(),
  });
  test.run().catch((error: unknown) => stream.fail(error));
  return stream;
}

class ConnectionTest {
  readonly observable = new Observable(() => this.#report());
  readonly #options: ConnectionTestOptions;
  readonly #abort = new AbortController();
  readonly #startedAtMs = Date.now();
  readonly #startMs = performance.now();
  readonly #steps = new Map<TestStepName, TestStep>(STEPS.map((step) => [step, waitingStep(step)]));
  #isDone = false;
  #tookMs = 0;

  constructor(options: ConnectionTestOptions) {
    this.#options = options;
  }

  cancel(): void {
    this.#abort.abort();
  }

  async run(): Promise<void> {
    try {
      await this.#runSteps();
    } finally {
      this.#isDone = true;
      this.#tookMs = performance.now() - this.#startMs;
      this.observable.changed();
    }
  }

  async #runSteps(): Promise<void> {
    const { draft } = this.#options;
    const { signal } = this.#abort;
    const { connectTimeoutMs } = draft;
    let hosts: readonly HostPort[] = [];
    const isResolved = await this.#step('resolve', async () => {
      const result = await testResolve(parseConnectString(connectStringOf(draft)).hosts);
      hosts = result.resolved;
      return result.outcome;
    });
    if (!isResolved) return;
    const isReachable = await this.#step('tcp', async () => {
      const result = await testTcp(hosts, { timeoutMs: connectTimeoutMs, signal });
      hosts = result.accepting;
      return result.outcome;
    });
    if (isReachable) await this.#runSessionSteps(hosts);
  }

  async #runSessionSteps(hosts: readonly HostPort[]): Promise<void> {
    const { draft, password } = this.#options;
    const { signal } = this.#abort;
    const client = new ZooKeeperClient({
      connectString: connectStringOf({ ...draft, servers: hosts.map(formatHostPort).join(',') }),
      sessionTimeoutMs: draft.sessionTimeoutMs,
      connectTimeoutMs: draft.connectTimeoutMs,
      frameBytesMax: draft.frameBytesMax,
      canBeReadOnly: true,
    });
    try {
      if (!(await this.#step('session', () => testSession(client, { draft, signal })))) return;
      if (!(await this.#step('auth', () => testAuth(client, { draft, password })))) return;
      await this.#step('first-read', () => testFirstRead(client, { draft, password, signal }));
    } finally {
      await client.close();
    }
  }

  /** Runs one step; false when the following ones make no sense. */
  async #step(step: TestStepName, work: () => Promise<StepOutcome>): Promise<boolean> {
    if (this.#abort.signal.aborted) return false;
    this.#set(step, { state: 'running' });
    const startMs = performance.now();
    const outcome = await work().catch((error: unknown) => this.#unexpected(step, error));
    this.#set(step, {
      state: outcome.state,
      finding: outcome.finding,
      servers: outcome.servers ?? [],
      facts: { ...outcome.facts },
      failure: outcome.failure ?? null,
      tookMs: performance.now() - startMs,
    });
    if (outcome.state !== 'failed') return true;
    for (const later of STEPS.slice(STEPS.indexOf(step) + 1)) this.#set(later, { state: 'skipped' });
    return false;
  }

  /** An error that the step itself has no finding for. Bugs go on to the stream. */
  #unexpected(step: TestStepName, error: unknown): StepOutcome {
    if (!(error instanceof AppError) && !this.#abort.signal.aborted) throw error;
    return { state: 'failed', finding: GENERAL_FINDING[step], failure: toFailure(error) };
  }

  #set(step: TestStepName, changes: Partial<TestStep>): void {
    this.#steps.set(step, { ...(this.#steps.get(step) ?? waitingStep(step)), ...changes });
    this.observable.changed();
  }

  #report(): TestReport {
    return {
      steps: [...this.#steps.values()],
      isDone: this.#isDone,
      startedAtMs: this.#startedAtMs,
      tookMs: this.#isDone ? this.#tookMs : performance.now() - this.#startMs,
    };
  }
}

const GENERAL_FINDING: Readonly<Record<TestStepName, TestFinding>> = {
  resolve: 'resolved-none',
  tcp: 'tcp-unreachable',
  session: 'session-closed-by-server',
  auth: 'auth-refused',
  'first-read': 'read-failed',
};

function waitingStep(step: TestStepName): TestStep {
  return { step, state: 'waiting', tookMs: null, finding: null, servers: [], facts: {}, failure: null };
}
