/** Rules about work that piles up: requests, the disk, pauses. Pure. */
import type { ServerDto } from '../../../../shared/api/cluster.ts';
import { HEALTH_LIMITS } from '../../../../shared/api/health.ts';
import { counter } from '../history/moment.ts';
import { type HealthView, PASSED, type Rule, isSustained, outcomeOf, servingOf, valuesOf } from './rule.ts';

/** A measure that stays above its limit. */
function sustainedRule(id: Rule['id'], metric: 'outstanding' | 'latencyMs'): Rule {
  const limit = HEALTH_LIMITS[metric];
  return {
    id,
    judge: (view) =>
      outcomeOf(
        servingOf(view).flatMap(({ server }) => {
          const values = valuesOf(view, { server, metric, windowMs: HEALTH_LIMITS.sustainedMs });
          if (!isSustained(values, limit)) return [];
          const facts = { now: values.at(-1) ?? 0, max: Math.max(...values), limit };
          return [{ severity: 'warning', servers: [server], facts, metric } as const];
        }),
      ),
  };
}

/** Of so many samples, since a single slow write is no slow disk. */
const SLOW_SAMPLES_MIN = 3;

const diskSlow: Rule = {
  id: 'disk-slow',
  judge: (view) => {
    const telling = servingOf(view).filter((server) => counter(server, 'cnt_fsynctime') !== undefined);
    if (telling.length === 0) return { kind: 'unchecked', needs: 'mntr' };
    return outcomeOf(
      telling.flatMap(({ server }) => {
        const values = fsyncsOf(view, server);
        const slow = values.filter((value) => value >= HEALTH_LIMITS.fsyncMs);
        if (slow.length < SLOW_SAMPLES_MIN) return [];
        const peers = telling.filter((peer) => peer.server !== server);
        const peerMs = medianOf(peers.flatMap((peer) => fsyncsOf(view, peer.server)));
        const facts = {
          worstMs: Math.max(...slow),
          limit: HEALTH_LIMITS.fsyncMs,
          ...(peerMs === undefined ? {} : { peerMs }),
        };
        return [{ severity: 'warning', servers: [server], facts, metric: 'fsyncMs' } as const];
      }),
    );
  },
};

const jvmPauses: Rule = {
  id: 'jvm-pauses',
  judge: (view) => {
    const onJvm = servingOf(view).filter((server) => !isBuiltin(server));
    if (onJvm.length === 0) return PASSED;
    // The monitor is off by default, and then says 0 for ever.
    const monitored = onJvm.filter((server) => (counter(server, 'cnt_jvm_pause_time_ms') ?? 0) > 0);
    if (monitored.length === 0)
      return { kind: 'unchecked', needs: 'jvm', configLine: 'jvm.pause.monitor=true' };
    return outcomeOf(
      monitored.flatMap(({ server }) => {
        const window = { server, metric: 'jvmPauseMs', windowMs: HEALTH_LIMITS.jvmPauseWindowMs } as const;
        const totalMs = valuesOf(view, window).reduce((total, value) => total + value, 0);
        if (totalMs < HEALTH_LIMITS.jvmPauseMs) return [];
        return [
          { severity: 'warning', servers: [server], facts: { totalMs }, metric: 'jvmPauseMs' } as const,
        ];
      }),
    );
  },
};

const clientQueues: Rule = {
  id: 'client-queues',
  judge: (view) => {
    const telling = servingOf(view).filter(({ busiestClient }) => busiestClient !== null);
    if (telling.length === 0 && view.servers.some(hides('cons'))) return { kind: 'unchecked', needs: 'cons' };
    return outcomeOf(
      telling.flatMap(({ server, longestQueue }) => {
        if (longestQueue === null || longestQueue.queued < HEALTH_LIMITS.queuedOfOneClient) return [];
        const { address, sessionId, queued, lastOperation } = longestQueue;
        const facts = {
          address,
          queued,
          ...(sessionId === null ? {} : { sessionId }),
          ...(lastOperation === null ? {} : { lastOperation }),
        };
        return [{ severity: 'info', servers: [server], facts }];
      }),
    );
  },
};

export const LOAD_RULES: readonly Rule[] = [
  sustainedRule('outstanding-high', 'outstanding'),
  sustainedRule('latency-high', 'latencyMs'),
  diskSlow,
  jvmPauses,
  clientQueues,
];

function fsyncsOf(view: HealthView, server: string): number[] {
  return valuesOf(view, { server, metric: 'fsyncMs', windowMs: HEALTH_LIMITS.fsyncWindowMs });
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function isBuiltin({ version }: ServerDto): boolean {
  return version?.endsWith('-zabra') === true;
}

function hides(word: string): (server: ServerDto) => boolean {
  return ({ hidden }) => hidden.some((item) => item.word === word);
}
