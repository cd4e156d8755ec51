/** Quotas as ZooKeeper keeps them: text in nodes below /zookeeper/quota (PROTOCOL.md 2.14). Pure. */
import type { QuotaDto } from '../../../shared/api/znodes.ts';

export const QUOTA_ROOT = '/zookeeper/quota';
export const LIMITS_NAME = 'zookeeper_limits';
const STATS_NAME = 'zookeeper_stats';

export function limitsPath(path: string): string {
  return `${QUOTA_ROOT}${path === '/' ? '' : path}/${LIMITS_NAME}`;
}

export function statsPath(path: string): string {
  return `${QUOTA_ROOT}${path === '/' ? '' : path}/${STATS_NAME}`;
}

export function toQuotaDto(limits: string, stats: string | undefined): QuotaDto {
  const limit = parseQuota(limits);
  const use = parseQuota(stats ?? '');
  return {
    countLimit: limit.get('count') ?? -1,
    bytesLimit: limit.get('bytes') ?? -1,
    countHardLimit: limit.get('countHardLimit') ?? -1,
    bytesHardLimit: limit.get('byteHardLimit') ?? -1,
    count: use.get('count') ?? -1,
    bytes: use.get('bytes') ?? -1,
  };
}

/** `count=5,bytes=10=;byteHardLimit=9;countHardLimit=7`: the `=` before the first `;` makes old parsers stop there. */
function parseQuota(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const part of text.split(/[,;]+/)) {
    const [key, value] = part.split('=');
    if (key !== undefined && value !== undefined && /^-?\d+$/.test(value)) values.set(key, Number(value));
  }
  return values;
}
