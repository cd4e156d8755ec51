/** `cons`: a line for each connection of a server, with its session where it has one (PROTOCOL.md 3.1). Pure. */
import { type Latency, parseHex, parseNumber } from './lines.ts';

export interface ConsConnection {
  /** `ip:port` of the client. */
  readonly address: string;
  readonly queued: number | undefined;
  readonly received: number | undefined;
  readonly sent: number | undefined;
  /** Undefined for a connection without a session: one that has just come, or a four-letter word. */
  readonly session: ConsSession | undefined;
}

export interface ConsSession {
  readonly sessionId: string;
  readonly lastOperation: string | undefined;
  readonly establishedAtMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly lastCxid: string | undefined;
  readonly lastZxid: string | undefined;
  readonly latencyMs: Latency | undefined;
  /** When it was answered last, on a clock of the server with a zero of its own; undefined before its first request. */
  readonly lastResponseMs: number | undefined;
}

const LINE = /^ ?\/?(\S+?)\[[0-9a-f]+\]\((.*)\)$/;

/** An empty list when there are none, as a server that nobody uses answers; undefined when lines have another form. */
export function parseCons(text: string): ConsConnection[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const connections: ConsConnection[] = [];
  for (const line of lines) {
    const match = LINE.exec(line);
    if (match?.[1] !== undefined) connections.push(toConnection(match[1], parseFields(match[2] ?? '')));
  }
  return lines.length > 0 && connections.length === 0 ? undefined : connections;
}

function parseFields(text: string): ReadonlyMap<string, string> {
  const fields = text.split(',').map((field): [string, string] => {
    const equals = field.indexOf('=');
    return [field.slice(0, equals), field.slice(equals + 1)];
  });
  return new Map(fields);
}

function toConnection(address: string, fields: ReadonlyMap<string, string>): ConsConnection {
  return {
    address,
    queued: parseNumber(fields.get('queued')),
    received: parseNumber(fields.get('recved')),
    sent: parseNumber(fields.get('sent')),
    session: toSession(fields),
  };
}

function toSession(fields: ReadonlyMap<string, string>): ConsSession | undefined {
  const sessionId = parseHex(fields.get('sid'));
  if (sessionId === undefined || sessionId === '0x0') return undefined;
  const min = parseNumber(fields.get('minlat'));
  const avg = parseNumber(fields.get('avglat'));
  const max = parseNumber(fields.get('maxlat'));
  return {
    sessionId,
    lastOperation: fields.get('lop'),
    establishedAtMs: parseNumber(fields.get('est')),
    timeoutMs: parseNumber(fields.get('to')),
    lastCxid: parseHex(fields.get('lcxid')),
    lastZxid: parseHex(fields.get('lzxid')),
    latencyMs: min === undefined || avg === undefined || max === undefined ? undefined : { min, avg, max },
    // 0 stands for never.
    lastResponseMs: parseNumber(fields.get('lresp')) || undefined,
  };
}
