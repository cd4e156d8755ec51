/**
 * Quotas (ZooKeeper's StatsTrack and PathTrie; PROTOCOL.md 2.14): limits live in `/zookeeper/quota<path>/zookeeper_limits`,
 * the counters beside them in `zookeeper_stats`. Each server counts for itself; only `enforceQuota` makes prep refuse.
 */
import { decodeUtf8, encodeUtf8 } from '../../shared/jute/utf8.ts';
import { type DataTree, QUOTA_PATH } from './data-tree.ts';

const LIMITS_NAME = 'zookeeper_limits';
const STATS_NAME = 'zookeeper_stats';

/** -1 stands for "no limit". */
export interface QuotaRecord {
  readonly count: number;
  readonly bytes: number;
  readonly countHard: number;
  readonly bytesHard: number;
}

/** `count=N,bytes=M` and, for hard limits, `=;byteHardLimit=X;countHardLimit=Y`; what is missing or odd counts as -1. */
export function parseQuota(text: string): QuotaRecord {
  const values = new Map<string, number>();
  for (const part of text.split(/[,;]+/)) {
    const [key = '', value = ''] = part.split('=');
    const number = Number(value);
    if (value !== '' && Number.isSafeInteger(number)) values.set(key, number);
  }
  return {
    count: values.get('count') ?? -1,
    bytes: values.get('bytes') ?? -1,
    countHard: values.get('countHardLimit') ?? -1,
    bytesHard: values.get('byteHardLimit') ?? -1,
  };
}

/** Keeps the counters of every path that has limits in step with the tree. */
export class QuotaLedger {
  readonly #tree: DataTree;
  readonly #limited = new Set<string>();

  constructor(tree: DataTree) {
    this.#tree = tree;
  }

  /** The nearest path at or above `path` that has limits; the root's are ignored, as Apache does. */
  limitedPathOf(path: string): string | undefined {
    if (this.#limited.size === 0) return undefined;
    for (let at = path; at.length > 1; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
      if (this.#limited.has(at)) return at;
    }
    return undefined;
  }

  /** Finds all limits of a tree that was loaded, and counts anew. */
  rebuild(): void {
    this.#limited.clear();
    this.#tree.forEachWithin(QUOTA_PATH, (path) => {
      this.#onQuotaNodeCreated(path);
    });
  }

  onCreated(path: string, dataBytes: number): void {
    if (path.startsWith(`${QUOTA_PATH}/`)) this.#onQuotaNodeCreated(path);
    this.#count(path, 1, dataBytes);
  }

  onDeleted(path: string, dataBytes: number): void {
    const limited = limitsOwner(path);
    if (limited !== undefined) this.#limited.delete(limited);
    this.#count(path, -1, -dataBytes);
  }

  onDataChanged(path: string, bytesDelta: number): void {
    this.#count(path, 0, bytesDelta);
  }

  #onQuotaNodeCreated(path: string): void {
    const limited = limitsOwner(path);
    if (limited !== undefined) this.#limited.add(limited);
    const counted = ownerOf(path, STATS_NAME);
    if (counted !== undefined) this.#recount(counted);
  }

  /** A counter begins with what the subtree holds, its root included. */
  #recount(path: string): void {
    let count = 0;
    let bytes = 0;
    this.#tree.forEachWithin(path, (_, node) => {
      count++;
      bytes += node.data?.length ?? 0;
    });
    this.#write(path, count, bytes);
  }

  #count(path: string, countDelta: number, bytesDelta: number): void {
    const limited = this.limitedPathOf(path);
    if (limited === undefined) return;
    const stats = this.#read(limited, STATS_NAME);
    if (stats) this.#write(limited, stats.count + countDelta, stats.bytes + bytesDelta);
  }

  #read(path: string, name: string): QuotaRecord | undefined {
    const node = this.#tree.get(`${QUOTA_PATH}${path}/${name}`);
    if (!node) return undefined;
    return parseQuota(node.data === null ? '' : decodeUtf8(node.data));
  }

  #write(path: string, count: number, bytes: number): void {
    this.#tree.overwriteData(
      `${QUOTA_PATH}${path}/${STATS_NAME}`,
      encodeUtf8(`count=${count},bytes=${bytes}`),
    );
  }

  /** Whether a change of `path` would go over a hard limit, by what is applied so far. */
  isExceeded(path: string, countDelta: number, bytesDelta: number): boolean {
    const limited = this.limitedPathOf(path);
    if (limited === undefined) return false;
    const limits = this.#read(limited, LIMITS_NAME);
    const stats = this.#read(limited, STATS_NAME);
    if (!limits || !stats) return false;
    const isCountOver = limits.countHard > -1 && stats.count + countDelta > limits.countHard;
    const isBytesOver = limits.bytesHard > -1 && stats.bytes + bytesDelta > limits.bytesHard;
    return (countDelta > 0 && isCountOver) || (bytesDelta > 0 && isBytesOver);
  }
}

/** `/a/b` for `/zookeeper/quota/a/b/<name>`; undefined for any other path. */
function ownerOf(path: string, name: string): string | undefined {
  if (!path.startsWith(`${QUOTA_PATH}/`) || !path.endsWith(`/${name}`)) return undefined;
  return path.slice(QUOTA_PATH.length, -name.length - 1);
}

function limitsOwner(path: string): string | undefined {
  return ownerOf(path, LIMITS_NAME);
}
