/**
 * Troubles of the data: a node that nobody may administer any more, and quotas that are used up. A lockout shows in the
 * transaction log: a setACL, and from then on requests that fail for want of permission. Pure.
 */
import type { Finding } from '../../shared/api/findings.ts';
import { keeperErrorNumber } from '../../shared/protocol/error-code.ts';
import { type Evidence, fact, iso } from './evidence.ts';
import { BoundedList } from './bounded-list.ts';
import type { CommittedFact, Observation, QuotaUse } from './observation.ts';

interface AclChange {
  readonly path: string;
  readonly atMs: number;
  readonly source: string;
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
const QUOTA_EXCEEDED = keeperErrorNumber('QUOTAEXCEEDED');

export class DataTroubles {
  readonly #startedMs: number;
  readonly #changes = new BoundedList<AclChange>(CHANGES_MAX);
  readonly #quotas = new Map<string, Finding>();
  #refusedByQuota: Evidence | undefined;

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
      this.#onQuota({ path, excess: 'its quota', isHard: false }, observation.atMs, observation.source);
    }
  }

  findings(): Finding[] {
    const findings: Finding[] = [...this.#quotas.values()];
    for (const change of this.#changes) {
      const isLocked = change.adminIds.length === 0;
      if (!isLocked && change.refusals.size < REFUSALS_MIN) continue;
      findings.push(lockout(change));
    }
    return findings;
  }

  #onCommitted(
    { change, zxid, sessionId }: CommittedFact,
    { atMs, source }: { atMs: number; source: string },
  ): void {
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
      this.#refusedByQuota ??= fact(
        atMs,
        source,
        `a write of session ${sessionId} was refused: QUOTAEXCEEDED`,
      );
    }
  }

  #onQuota({ path, excess, isHard }: QuotaUse, atMs: number, source = '/zookeeper/quota'): void {
    const known = this.#quotas.get(path);
    if (known !== undefined && source !== '/zookeeper/quota') return;
    const evidence = [fact(atMs, source, `${path} has ${excess}`)];
    if (isHard && this.#refusedByQuota !== undefined) evidence.push(this.#refusedByQuota);
    this.#quotas.set(path, {
      id: `cluster/quota-exceeded${path}`,
      at: known?.at ?? iso(atMs),
      kind: 'cluster',
      subject: path,
      cause: 'quota-exceeded',
      confidence: 0.97,
      answer: isHard
        ? `The hard quota of ${path} is used up (${excess}): further writes are refused.`
        : `${path} exceeds its quota (${excess}): servers only log it.`,
      evidence: known !== undefined && known.evidence.length >= evidence.length ? known.evidence : evidence,
      hidden: [],
    });
  }
}

function lockout({ path, atMs, source, adminIds, refusals, sessions }: AclChange): Finding {
  const isLocked = adminIds.length === 0;
  const who = isLocked ? 'nobody' : adminIds.join(', ');
  const evidence = [fact(atMs, source, `setACL of ${path}: ADMIN for ${who}`)];
  if (refusals.size >= REFUSALS_MIN) {
    evidence.push(
      fact(atMs, source, `requests of ${[...sessions].slice(0, 3).join(', ')} were refused since: NOAUTH`),
    );
  }
  return {
    id: `cluster/acl-lockout${path}/${iso(atMs)}`,
    at: iso(atMs),
    kind: 'cluster',
    subject: path,
    cause: 'acl-lockout',
    confidence: isLocked ? 0.95 : 0.85,
    answer: isLocked
      ? `Nobody may change ${path} or its ACL any more: its last setACL left ADMIN to no one, so only a super user can help.`
      : `Clients are locked out of ${path}: since its ACL was changed to admit ${who} only, their requests are refused.`,
    evidence,
    hidden: isLocked ? [] : [`Whether somebody still has the credentials of ${who}.`],
  };
}
