/** What the texts of several four-letter words have in common. Pure. */
import type { ServerRole } from '../../../../shared/api/common.ts';

/** A decimal number; undefined for anything else, also for an empty text. */
export function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim())) return undefined;
  return Number(text);
}

/** `0x…` in lower case without leading zeros, as the contract carries 64-bit numbers; undefined for anything else. */
export function parseHex(text: string | undefined): string | undefined {
  const match = /^0x0*([0-9a-fA-F]{1,16})$/.exec(text?.trim() ?? '');
  return match?.[1] === undefined ? undefined : `0x${match[1].toLowerCase()}`;
}

export function parseRole(text: string | undefined): ServerRole | undefined {
  switch (text?.trim()) {
    case 'leader':
    case 'follower':
    case 'observer':
    case 'standalone':
    case 'read-only':
      return text.trim() as ServerRole;
    default:
      return undefined;
  }
}

export interface Latency {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
}

/** `0/0.5/12` */
export function parseLatency(text: string | undefined): Latency | undefined {
  const [min, avg, max] = (text ?? '').split('/').map(parseNumber);
  return min === undefined || avg === undefined || max === undefined ? undefined : { min, avg, max };
}

/** Lines of `Key: value`, keys in lower case. */
export function parseColonLines(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) values.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2).trim());
  }
  return values;
}
