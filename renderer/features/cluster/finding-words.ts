/** A health finding in words: what is the case, and why it matters with what to do. Pure but for the texts. */
import type { HealthFinding } from '../../../shared/api/health.ts';
import { formatBytes, formatCount, formatDecimal, formatMs } from '../../app/format.ts';
import type { Format } from '../../app/use-format.ts';
import type { Texts } from '../../i18n/i18n.ts';

export interface FindingWords {
  readonly title: string;
  readonly text: string;
}

/** All that sentences may name; each rule has some of it. */
const NO_FACTS = {
  address: '',
  ahead: '',
  answering: '',
  asked: '',
  behind: '',
  bytes: '',
  connections: '',
  dataBytes: '',
  folder: '',
  key: '',
  limit: '',
  max: '',
  missing: '',
  ms: '',
  now: '',
  open: '',
  paths: '',
  peerMs: '',
  queued: '',
  sessionId: '',
  spreadMs: '',
  synced: '',
  total: '',
  totalMs: '',
  transactions: '',
  values: '',
  versions: '',
  watches: '',
  words: '',
  worstMs: '',
};

export function findingWords(finding: HealthFinding, t: Texts, format: Format): FindingWords {
  const { rule, servers, facts } = finding;
  const values = {
    ...NO_FACTS,
    ...formattedFacts(finding, format),
    servers: servers.join(', '),
    count: countOf(finding),
  };
  const extra = extraOf(finding);
  return {
    title: t(`cluster:rule.${rule}.title`, values),
    text: [
      t(`cluster:rule.${rule}.text`, values),
      ...(extra === null ? [] : [t(`cluster:ruleExtra.${extra}`, values)]),
      ...(rule === 'server-down' && facts['why'] === 'LOOKING' ? [t('cluster:lane.lookingNext')] : []),
    ].join(' '),
  };
}

/** What plural forms go by. */
function countOf({ rule, facts, servers }: HealthFinding): number {
  if (rule === 'followers-out-of-sync') return Number(facts['missing']);
  if (rule === 'epoch-churn') return Number(facts['count']);
  return servers.length;
}

/** A sentence more, where the shell knew more. */
function extraOf({
  rule,
  facts,
}: HealthFinding): 'diskPeers' | 'watchPaths' | 'dataBytes' | 'queueSession' | null {
  if (rule === 'disk-slow' && 'peerMs' in facts) return 'diskPeers';
  if (rule === 'watches-many' && 'paths' in facts) return 'watchPaths';
  if (rule === 'never-purged' && 'dataBytes' in facts) return 'dataBytes';
  if (rule === 'client-queues' && 'sessionId' in facts) return 'queueSession';
  return null;
}

/** Each by the unit that its name ends with. */
function formattedFacts({ rule, facts }: HealthFinding, format: Format): Record<string, string> {
  const isLatency = rule === 'latency-high';
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      if (name === 'limit' && rule === 'disk-slow') return [name, formatMs(value)];
      if (isLatency) return [name, formatMs(value)];
      if (name === 'totalMs' || name === 'spreadMs' || name === 'ms') return [name, format.duration(value)];
      if (name.endsWith('Ms')) return [name, formatMs(value)];
      if (name.toLowerCase().endsWith('bytes')) return [name, formatBytes(value)];
      return [name, Number.isInteger(value) ? formatCount(value) : formatDecimal(value)];
    }),
  );
}
