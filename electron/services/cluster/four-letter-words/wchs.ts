/** `wchs`: how many watches a server holds (PROTOCOL.md 3.1). Pure. */
import { parseNumber } from './lines.ts';

export interface Wchs {
  readonly connections: number | undefined;
  readonly paths: number | undefined;
  readonly watches: number;
}

export function parseWchs(text: string): Wchs | undefined {
  const head = /^(\d+) connections watching (\d+) paths/m.exec(text);
  const watches = parseNumber(/^Total watches:\s*(\d+)/m.exec(text)?.[1]);
  if (watches === undefined) return undefined;
  return { connections: parseNumber(head?.[1]), paths: parseNumber(head?.[2]), watches };
}
