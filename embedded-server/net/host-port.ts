/** Addresses of servers as text: `host:port`, an IPv6 host in brackets. */

export interface HostPort {
  /** An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

const PORT_MAX = 65_535;
/** Peers say where they are: a host with a null byte or the like would make Node throw. */
const HOST_PORT = /^(?:\[([\w:.%-]+)\]|([\w.-]+)):(\d{1,5})$/;

export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Undefined when `text` is none, or its port cannot be. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = HOST_PORT.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port >= 1 && port <= PORT_MAX ? { host, port } : undefined;
}
