/** Free TCP ports for servers under test: below 32768, so that no outgoing connection of this machine takes one meanwhile. */
import net from 'node:net';

const PORT_MIN = 12_000;
const PORT_MAX = 30_000;
const ATTEMPTS_MAX = 200;

/** A port that nothing listens on at this moment. Starts looking at a random one, so that parallel runs keep apart. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port found in ${ATTEMPTS_MAX} attempts`);
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
