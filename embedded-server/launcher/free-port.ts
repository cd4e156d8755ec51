/** Finds a port on loopback that nobody listens on, below the range that Linux gives to outgoing connections. */
import { createServer } from 'node:net';

const PORT_MIN = 20_000;
const PORT_MAX = 32_767;
const ATTEMPTS_MAX = 200;

export async function findFreePort(host = '127.0.0.1'): Promise<number> {
  const span = PORT_MAX - PORT_MIN + 1;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const port = PORT_MIN + Math.floor(Math.random() * span);
    if (await isFree(host, port)) return port;
  }
  throw new Error(`no free port between ${PORT_MIN} and ${PORT_MAX} on ${host}`);
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ host, port }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
