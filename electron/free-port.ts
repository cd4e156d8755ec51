/**
 * Finds a port near a wished one, always below the range from which systems take ports for outgoing connections. (Any free
 * port: the launcher's findFreePort.)
 */
import net from 'node:net';
import { ShellError } from './services/shell-error.ts';

const EPHEMERAL_PORT_MIN = 32_768;
const ATTEMPTS_MAX = 100;

export async function isPortFree(port: number): Promise<boolean> {
  // Every address too: a server that listens on all of them takes the port on loopback as well. One after the other, since
  // the two would stand in each other's way.
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, undefined));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, exclusive: true, ...(host === undefined ? {} : { host }) }, () => {
      server.close(() => resolve(true));
    });
  });
}

/**
 * The lowest of `count` free ports in a row, at or above `first`. Throws ShellError PORT_IN_USE when a long row is taken.
 */
export async function nextFreePorts(
  first: number,
  count: number,
  isTaken: (port: number) => boolean,
): Promise<number> {
  const last = Math.min(first + ATTEMPTS_MAX, EPHEMERAL_PORT_MIN) - 1;
  let freeCount = 0;
  for (let port = first; port <= last; port++) {
    freeCount = !isTaken(port) && (await isPortFree(port)) ? freeCount + 1 : 0;
    if (freeCount === count) return port - count + 1;
  }
  throw new ShellError('PORT_IN_USE', `no ${count} ports in a row from ${first} to ${last} are free`);
}
