/** Rules about whether the ensemble serves, and how far it is from not serving. Pure. */
import { HEALTH_LIMITS } from '../../../../shared/api/health.ts';
import { votersOf } from '../../../../shared/voters.ts';
import { PASSED, type Rule, leaderOf, outcomeOf, servingOf, valuesOf, isSustained } from './rule.ts';

const quorumLost: Rule = {
  id: 'quorum-lost',
  judge: (view) => {
    const writing = servingOf(view).filter(({ role }) => role !== 'read-only');
    if (writing.length > 0 || view.servers.length === 0) return PASSED;
    const answering = view.servers.filter(({ failure }) => failure === null).length;
    return outcomeOf([{ severity: 'danger', servers: [], facts: { answering, asked: view.servers.length } }]);
  },
};

const serverDown: Rule = {
  id: 'server-down',
  judge: ({ servers }) =>
    outcomeOf(
      servers
        .filter(({ isServing }) => !isServing)
        .map(({ server, failure }) => ({
          severity: 'warning',
          servers: [server],
          facts: { why: failure?.code ?? 'LOOKING' },
        })),
    ),
};

const quorumMargin: Rule = {
  id: 'quorum-margin',
  judge: (view) => {
    if (servingOf(view).every(({ role }) => role === 'standalone' || role === 'read-only')) return PASSED;
    const leader = leaderOf(view);
    const voters = leader && votersOf(leader);
    if (!voters) return { kind: 'unchecked', needs: 'leader' };
    const { synced, total, spare } = voters;
    return outcomeOf(spare > 0 ? [] : [{ severity: 'warning', servers: [], facts: { synced, total } }]);
  },
};

/** A server that is down is told by its own rule; here are those who seem well and are not in step. */
const followersOutOfSync: Rule = {
  id: 'followers-out-of-sync',
  judge: (view) => {
    if (servingOf(view).every(({ role }) => role === 'standalone' || role === 'read-only')) return PASSED;
    const leader = leaderOf(view);
    const voters = leader && votersOf(leader);
    if (!voters) return { kind: 'unchecked', needs: 'leader' };
    const followers = servingOf(view).filter(({ role }) => role === 'follower').length;
    const missing = 1 + followers - voters.synced;
    return outcomeOf(
      missing <= 0
        ? []
        : [
            {
              severity: 'warning',
              servers: [],
              facts: { missing, synced: voters.synced, total: voters.total },
            },
          ],
    );
  },
};

const epochChurn: Rule = {
  id: 'epoch-churn',
  judge: ({ epochsMs }) =>
    outcomeOf(
      epochsMs.length < HEALTH_LIMITS.leadersAnHour
        ? []
        : [{ severity: 'warning', servers: [], facts: { count: epochsMs.length } }],
    ),
};

const evenVoters: Rule = {
  id: 'even-voters',
  judge: (view) => {
    const total = leaderOf(view)?.quorumSize ?? null;
    if (total === null) {
      const isAlone = servingOf(view).every(({ role }) => role === 'standalone');
      return isAlone ? PASSED : { kind: 'unchecked', needs: 'leader' };
    }
    return outcomeOf(total % 2 === 1 ? [] : [{ severity: 'info', servers: [], facts: { total } }]);
  },
};

const serverBehind: Rule = {
  id: 'server-behind',
  judge: (view) =>
    outcomeOf(
      servingOf(view).flatMap(({ server, lag }) => {
        const values = valuesOf(view, { server, metric: 'lag', windowMs: HEALTH_LIMITS.sustainedMs });
        if (lag === null || !isSustained(values, HEALTH_LIMITS.lagTransactions)) return [];
        const facts = { transactions: lag.transactions, ms: Math.round(lag.ms) };
        return [{ severity: 'warning', servers: [server], facts, metric: 'lag' } as const];
      }),
    ),
};

export const QUORUM_RULES: readonly Rule[] = [
  quorumLost,
  serverDown,
  quorumMargin,
  followersOutOfSync,
  epochChurn,
  evenVoters,
  serverBehind,
];
