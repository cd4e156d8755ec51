/**
 * Free TCP ports for servers under test: below 32768, so that no outgoing connection of this machine takes one meanwhile, and
 * random ones, since other runs look for some at the same time and a port is taken only when a server listens on it. For the
 * same reason nothing here is found twice, and ensembles under test are told their ports: by default each shell takes those
 * from 2181 on, when a stopped one of another shell counts on them.
 */
import net from 'node:net';

const PORT_MIN = 12_000;
const PORT_MAX = 30_000;
const ATTEMPTS_MAX = 200;

const found = new Set<number>();

/** A port that nothing listens on at this moment. */
export function findFreePort(): Promise<number> {
  return findFreePorts(1);
}

/** The lowest of `count` such ports in a row. */
export async function findFreePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const first = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN - count));
    const row = Array.from({ length: count }, (_, index) => first + index);
    if (row.some((port) => found.has(port)) || !(await areFree(row))) continue;
    for (const port of row) found.add(port);
    return first;
  }
  throw new Error(`no ${count} free ports in a row found in ${ATTEMPTS_MAX} attempts`);
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false;
  return true;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
