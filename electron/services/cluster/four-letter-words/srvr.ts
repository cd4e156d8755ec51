/** `srvr`: what a server is and how it does (PROTOCOL.md 3.1). The one word that every whitelist allows by default. Pure. */
import type { ServerRole } from '../../../../shared/api/common.ts';
import { type Latency, parseColonLines, parseHex, parseLatency, parseNumber, parseRole } from './lines.ts';

export interface Srvr {
  /** `3.8.0`; `3.8.0-zabra` for the embedded server, whose other fields mean the same. */
  readonly version: string | undefined;
  readonly role: ServerRole | undefined;
  readonly zxid: string | undefined;
  readonly latencyMs: Latency | undefined;
  readonly received: number | undefined;
  readonly sent: number | undefined;
  readonly connections: number | undefined;
  readonly outstanding: number | undefined;
  readonly nodeCount: number | undefined;
}

/** Undefined when the text has neither a version nor a mode, so is no answer to `srvr`. */
export function parseSrvr(text: string): Srvr | undefined {
  const values = parseColonLines(text);
  const version = /^[^\s,-]+(-zabra)?/.exec(
    values.get('zookeeper version') ?? values.get('clickhouse keeper version') ?? '',
  )?.[0];
  const isReadOnly = text.includes('\nREAD-ONLY mode;');
  const role = isReadOnly ? 'read-only' : parseRole(values.get('mode'));
  if (version === undefined && role === undefined) return undefined;
  return {
    version,
    role,
    zxid: parseHex(values.get('zxid')),
    latencyMs: parseLatency(values.get('latency min/avg/max')),
    received: parseNumber(values.get('received')),
    sent: parseNumber(values.get('sent')),
    connections: parseNumber(values.get('connections')),
    outstanding: parseNumber(values.get('outstanding')),
    nodeCount: parseNumber(values.get('node count')),
  };
}
