/**
 * `wchc` and `wchp`: every data watch of a server, by session and by path (PROTOCOL.md 3.1). Both list exists, data and
 * persistent watches alike, and no child watches. Pure.
 */
import { parseHex } from './lines.ts';

/** Watched paths by session. */
export type Wchc = ReadonlyMap<string, readonly string[]>;
/** Watching sessions by path. */
export type Wchp = ReadonlyMap<string, readonly string[]>;

export function parseWchc(text: string): Wchc | undefined {
  return parseGroups(text, { readHead: parseHex, readEntry: (line) => line });
}

export function parseWchp(text: string): Wchp | undefined {
  return parseGroups(text, {
    readHead: (line) => (line.startsWith('/') ? line : undefined),
    readEntry: parseHex,
  });
}

/** Heads at the margin, entries behind a tab. Undefined when there is text that is neither. */
function parseGroups(
  text: string,
  read: {
    readHead: (line: string) => string | undefined;
    readEntry: (line: string) => string | undefined;
  },
): Map<string, string[]> | undefined {
  const groups = new Map<string, string[]>();
  let entries: string[] | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('\t')) {
      const entry = read.readEntry(line.slice(1));
      if (entry === undefined || entries === undefined) return undefined;
      entries.push(entry);
      continue;
    }
    const head = read.readHead(line);
    if (head === undefined) return undefined;
    entries = groups.get(head) ?? [];
    groups.set(head, entries);
  }
  return groups;
}
