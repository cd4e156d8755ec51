/** `mntr`: every metric of a server as `zk_<key>\t<value>` (PROTOCOL.md 3.1). Pure. */
import type { ServerRole } from '../../../../shared/api/common.ts';
import { parseNumber, parseRole } from './lines.ts';

export interface Mntr {
  /** Everything, unchanged. */
  readonly values: Readonly<Record<string, string>>;
  readonly role: ServerRole | undefined;
}

/** Undefined when no line has the form of a metric. */
export function parseMntr(text: string): Mntr | undefined {
  const entries: [string, string][] = [];
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab > 0) entries.push([line.slice(0, tab), line.slice(tab + 1).trim()]);
  }
  if (entries.length === 0) return undefined;
  const values = Object.fromEntries(entries);
  return { values, role: parseRole(values.zk_server_state) };
}

/** A metric by its name without `zk_`; undefined when the server does not have it. */
export function metric(mntr: Mntr | undefined, name: string): number | undefined {
  return parseNumber(mntr?.values[`zk_${name}`]);
}
