/** `conf`: what a server was configured with, `key=value` a line (PROTOCOL.md 3.1). Pure. */
import { parseNumber } from './lines.ts';

export interface Conf {
  readonly values: ReadonlyMap<string, string>;
  /** `myid`; 0 on a standalone server. */
  readonly sid: number | undefined;
}

export function parseConf(text: string): Conf | undefined {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals), line.slice(equals + 1));
  }
  if (values.size === 0) return undefined;
  return { values, sid: parseNumber(values.get('serverId')) };
}
