/**
 * Connect strings: `host:port,host:port/chroot` (ZooKeeper's ConnectStringParser, PROTOCOL.md 2.11). Hosts may be names,
 * IPv4 addresses or IPv6 addresses in brackets; a missing port is 2181; one chroot holds for all hosts.
 */
import { ConnectionError } from '../../shared/errors.ts';
import { findPathProblem } from '../../shared/path.ts';

export const CLIENT_PORT_DEFAULT = 2181;
const PORT_MAX = 65_535;

export interface HostPort {
  /** A name or an address; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

export interface ConnectString {
  readonly hosts: readonly [HostPort, ...HostPort[]];
  /** '' when there is none, else a valid path other than '/'. */
  readonly chroot: string;
}

/** `10.0.0.1:2181` or `[::1]:2181`. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Throws ConnectionError BAD_CONNECT_STRING, whose message names what is wrong and where. */
export function parseConnectString(text: string): ConnectString {
  const slash = text.indexOf('/');
  const hostList = slash === -1 ? text : text.slice(0, slash);
  const chroot = parseChroot(text, slash);
  if (hostList.trim() === '') throw problem(text, 'names no host', 0);
  const hosts: HostPort[] = [];
  let offset = 0;
  for (const entry of hostList.split(',')) {
    hosts.push(parseHost(text, entry, offset));
    offset += entry.length + 1;
  }
  const [first, ...others] = hosts;
  if (first === undefined) throw problem(text, 'names no host', 0);
  return { hosts: [first, ...others], chroot };
}

function parseChroot(text: string, slash: number): string {
  if (slash === -1) return '';
  const chroot = text.slice(slash).trimEnd();
  if (chroot === '/') return '';
  const reason = findPathProblem(chroot);
  if (reason !== undefined)
    throw problem(text, `has an invalid chroot ${JSON.stringify(chroot)} (${reason})`, slash);
  return chroot;
}

function parseHost(text: string, entry: string, offset: number): HostPort {
  const trimmed = entry.trim();
  const at = offset + entry.indexOf(trimmed);
  if (trimmed === '') throw problem(text, 'has an empty host', offset);
  return trimmed.startsWith('[') ? parseBracketed(text, trimmed, at) : parsePlain(text, trimmed, at);
}

function parseBracketed(text: string, entry: string, at: number): HostPort {
  const end = entry.indexOf(']');
  if (end === -1) throw problem(text, 'has a [ without its ]', at);
  const host = entry.slice(1, end);
  if (!/^[0-9A-Fa-f:.]+(%[\w.-]+)?$/.test(host) || !host.includes(':')) {
    throw problem(text, `has ${JSON.stringify(host)} in brackets, which is no IPv6 address`, at);
  }
  const rest = entry.slice(end + 1);
  if (rest === '') return { host, port: CLIENT_PORT_DEFAULT };
  if (!rest.startsWith(':')) throw problem(text, `has ${JSON.stringify(rest)} behind a ]`, at + end + 1);
  return { host, port: parsePort(text, rest.slice(1), at + end + 2) };
}

function parsePlain(text: string, entry: string, at: number): HostPort {
  const colon = entry.indexOf(':');
  const host = colon === -1 ? entry : entry.slice(0, colon);
  if (colon !== -1 && entry.includes(':', colon + 1)) {
    throw problem(text, 'has more than one colon in a host (an IPv6 address needs brackets: [::1]:2181)', at);
  }
  if (host === '') throw problem(text, 'has a port without a host', at);
  if (/[\s[\]@?#\\]/.test(host)) throw problem(text, `has an invalid host ${JSON.stringify(host)}`, at);
  if (colon === -1) return { host, port: CLIENT_PORT_DEFAULT };
  return { host, port: parsePort(text, entry.slice(colon + 1), at + colon + 1) };
}

function parsePort(text: string, digits: string, at: number): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > PORT_MAX) {
    throw problem(text, `has an invalid port ${JSON.stringify(digits)} (1 to ${PORT_MAX} are valid)`, at);
  }
  return port;
}

function problem(text: string, what: string, at: number): ConnectionError {
  return new ConnectionError(
    'BAD_CONNECT_STRING',
    `connect string ${JSON.stringify(text)} ${what}, at character ${at + 1}`,
  );
}
