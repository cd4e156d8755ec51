/**
 * What servers do not tell, arranged for a person: for each reason the servers and words concerned, and for a whitelist
 * the one line of `zoo.cfg` that would show all of it. Pure. Sessions and Cluster both say it this way.
 */
import type { Hidden } from '../../../shared/api/common.ts';

export interface HiddenGroup {
  readonly reason: Hidden['reason'];
  /** The four-letter words that were asked in vain, sorted. */
  readonly words: readonly string[];
  readonly servers: readonly string[];
  /** For `whitelist` where the servers' lines are known. */
  readonly configLine: string | null;
}

const CONFIG_KEY = '4lw.commands.whitelist=';
const REASON_ORDER: readonly Hidden['reason'][] = [
  'unreachable',
  'not-serving',
  'whitelist',
  'not-understood',
  'too-long',
];

/** Groups by reason and by what would have to be written, so that three servers that lack the same say it once. */
export function groupHidden(hidden: readonly Hidden[]): HiddenGroup[] {
  const perServer = new Map<string, Hidden[]>();
  for (const item of hidden) {
    const key = `${item.reason} ${item.server}`;
    perServer.set(key, [...(perServer.get(key) ?? []), item]);
  }
  const groups = new Map<string, { group: HiddenGroup; servers: string[] }>();
  for (const items of perServer.values()) {
    const [first] = items;
    if (!first) continue;
    const words = [...new Set(items.map((item) => item.word))].sort();
    const configLine = mergeConfigLines(items.flatMap((item) => item.configLine ?? []));
    const key = `${first.reason} ${words.join(',')} ${configLine ?? ''}`;
    const known = groups.get(key);
    if (known) known.servers.push(first.server);
    else {
      const servers = [first.server];
      groups.set(key, { group: { reason: first.reason, words, servers, configLine }, servers });
    }
  }
  return [...groups.values()]
    .map(({ group }) => group)
    .sort((a, b) => REASON_ORDER.indexOf(a.reason) - REASON_ORDER.indexOf(b.reason));
}

/**
 * Each line allows what its server allows already plus one word; together they must allow all of these words. Sorted, so that
 * servers which need the same get the same line.
 */
export function mergeConfigLines(lines: readonly string[]): string | null {
  const words = new Set<string>();
  for (const line of lines) {
    if (!line.startsWith(CONFIG_KEY)) continue;
    for (const word of line.slice(CONFIG_KEY.length).split(','))
      if (word.trim() !== '') words.add(word.trim());
  }
  if (words.size === 0) return null;
  return words.has('*') ? `${CONFIG_KEY}*` : `${CONFIG_KEY}${[...words].sort().join(',')}`;
}

/** Why `server` did not answer `word`; undefined when nothing says that it did not. */
export function hiddenReason(
  hidden: readonly Hidden[],
  { server, word }: { server: string; word: string },
): Hidden['reason'] | undefined {
  return hidden.find((item) => item.server === server && item.word === word)?.reason;
}
