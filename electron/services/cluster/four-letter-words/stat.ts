/** `stat`: the facts of `srvr` with a line for each connection, without session ids (PROTOCOL.md 3.1). Pure. */
import { parseNumber } from './lines.ts';
import { type Srvr, parseSrvr } from './srvr.ts';

export interface StatClient {
  /** `ip:port` */
  readonly address: string;
  readonly queued: number | undefined;
  readonly received: number | undefined;
  readonly sent: number | undefined;
}

export interface StatWord extends Srvr {
  readonly clients: readonly StatClient[];
}

const CLIENT_LINE = /^ \/(\S+?)\[[0-9a-f]+\]\(queued=(\d+),recved=(\d+),sent=(\d+)/;

export function parseStat(text: string): StatWord | undefined {
  const srvr = parseSrvr(text);
  if (srvr === undefined) return undefined;
  const clients: StatClient[] = [];
  for (const line of text.split('\n')) {
    const match = CLIENT_LINE.exec(line);
    if (match?.[1] === undefined) continue;
    const [, address, queued, received, sent] = match;
    clients.push({
      address,
      queued: parseNumber(queued),
      received: parseNumber(received),
      sent: parseNumber(sent),
    });
  }
  return { ...srvr, clients };
}
