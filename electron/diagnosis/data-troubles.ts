/**
 * Troubles of the data: a node that nobody may administer any more, and quotas that are used up. A lockout shows in the
 * transaction log: a setACL, and from then on requests that fail for want of permission. Pure.
 */
import { type Sentence, say } from '../../shared/api/sentences.ts';
import { keeperErrorNumber } from '../../shared/protocol/error-code.ts';
import { BoundedList } from './bounded-list.ts';
import { type DraftOf, type Fact, fact, iso, pathSource } from './draft.ts';
import type { CommittedFact, Observation, QuotaUse } from './observation.ts';

type DataDraft = DraftOf<'server' | 'cluster'>;

interface AclChange {
  readonly path: string;
  readonly atMs: number;
  readonly source: Sentence;
  readonly adminIds: readonly string[];
  readonly zxid: bigint;
  /** Requests that failed for want of permission since, by transaction. */
  readonly refusals: Set<bigint>;
  readonly sessions: Set<string>;
}

const CHANGES_MAX = 1000;
/** Refused requests that follow a change of an ACL this soon follow from it. */
const LOCKOUT_MS = 60_000;
const REFUSALS_MIN = 2;
const NOAUTH = keeperErrorNumber('NOAUTH');
const QUOTAS = pathSource('/zookeeper/quota');
const SESSIONS_SHOWN = 3;
const QUOTA_EXCEEDED = keeperErrorNumber('QUOTAEXCEEDED');

export class DataTroubles {
  readonly #startedMs: number;
  readonly #changes = new BoundedList<AclChange>(CHANGES_MAX);
  readonly #quotas = new Map<string, DataDraft>();
  #refusedByQuota: Fact | undefined;

  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  observe(observation: Observation): void {
    if (observation.kind === 'quotas-exceeded') {
      for (const use of observation.exceeded) this.#onQuota(use, observation.atMs);
    } else if (observation.kind === 'committed' && observation.atMs >= this.#startedMs) {
      this.#onCommitted(observation.fact, observation);
    } else if (observation.kind === 'logged' && observation.line.mark === 'quota-exceeded') {
      const { path } = observation.line;
      const use: QuotaUse = { path, excess: null, isHard: false };
      this.#onQuota(use, observation.atMs, pathSource(observation.source));
    }
  }

  findings(): DataDraft[] {
    const findings: DataDraft[] = [...this.#quotas.values()];
    for (const change of this.#changes) {
      const isLocked = change.adminIds.length === 0;
      if (!isLocked && change.refusals.size < REFUSALS_MIN) continue;
      findings.push(lockout(change));
    }
    return findings;
  }

  #onCommitted(
    { change, zxid, sessionId }: CommittedFact,
    { atMs, source: folder }: { atMs: number; source: string },
  ): void {
    const source = pathSource(folder);
    if (change.op === 'setACL') {
      // Every server's log has it.
      if (this.#changes.some((known) => known.zxid === zxid)) return;
      const { path, adminIds } = change;
      this.#changes.push({ path, atMs, source, adminIds, zxid, refusals: new Set(), sessions: new Set() });
    } else if (change.op === 'error' && change.errorNumber === NOAUTH) {
      const latest = this.#changes.last;
      if (latest === undefined || atMs - latest.atMs > LOCKOUT_MS) return;
      latest.refusals.add(zxid);
      latest.sessions.add(sessionId);
    } else if (change.op === 'error' && change.errorNumber === QUOTA_EXCEEDED) {
      this.#refusedByQuota ??= fact(atMs, source, say('fact.quota-refused', { session: sessionId }));
    }
  }

  #onQuota({ path, excess, isHard }: QuotaUse, atMs: number, source: Sentence = QUOTAS): void {
    const known = this.#quotas.get(path);
    if (known !== undefined && source !== QUOTAS) return;
    const evidence = [fact(atMs, source, say('fact.quota-use', { path, excess }))];
    if (isHard && this.#refusedByQuota !== undefined) evidence.push(this.#refusedByQuota);
    this.#quotas.set(path, {
      id: `cluster/quota-exceeded${path}`,
      atMs: known?.atMs ?? atMs,
      kind: 'cluster',
      subject: path,
      cause: 'quota-exceeded',
      confidence: 0.97,
      answer: say(isHard ? 'cluster.quota-used-up' : 'cluster.quota-exceeded', { path, excess }),
      evidence: known !== undefined && known.evidence.length >= evidence.length ? known.evidence : evidence,
      hidden: [],
    });
  }
}

function lockout({ path, atMs, source, adminIds, refusals, sessions }: AclChange): DataDraft {
  const isLocked = adminIds.length === 0;
  const admins = [...adminIds];
  const evidence = [fact(atMs, source, say('fact.acl-set', { path, admins }))];
  if (refusals.size >= REFUSALS_MIN) {
    const shown = [...sessions].slice(0, SESSIONS_SHOWN);
    evidence.push(fact(atMs, source, say('fact.no-auth', { sessions: shown })));
  }
  return {
    id: `cluster/acl-lockout${path}/${iso(atMs)}`,
    atMs,
    kind: 'cluster',
    subject: path,
    cause: 'acl-lockout',
    confidence: isLocked ? 0.95 : 0.85,
    answer: isLocked ? say('cluster.acl-closed', { path }) : say('cluster.acl-lockout', { path, admins }),
    evidence,
    hidden: isLocked ? [] : [say('hidden.credentials', { admins })],
  };
}
