/** Finds ports on loopback that nobody listens on, below the range that Linux gives to outgoing connections. */
import { createServer } from 'node:net';

const PORT_MIN = 20_000;
const PORT_MAX = 32_767;
const ATTEMPTS_MAX = 200;
const HOST_DEFAULT = '127.0.0.1';

export async function findFreePort(host = HOST_DEFAULT): Promise<number> {
  return new PortPool(host).take();
}

/** Hands out free ports, none of them twice: one that is handed out may be listened on later. */
export class PortPool {
  readonly #host: string;
  readonly #taken = new Set<number>();

  constructor(host = HOST_DEFAULT) {
    this.#host = host;
  }

  /** Keeps a port that somebody else chose from being handed out. */
  reserve(port: number): void {
    this.#taken.add(port);
  }

  async take(): Promise<number> {
    const [port] = await this.takeConsecutive(1);
    return port;
  }

  /** `count` ports in a row, the lowest first. */
  async takeConsecutive(count: number): Promise<[number, ...number[]]> {
    const span = PORT_MAX - PORT_MIN - count + 2;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const first = PORT_MIN + Math.floor(Math.random() * span);
      const others = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
      const ports: [number, ...number[]] = [first, ...others];
      if (!(await this.#areFree(ports))) continue;
      for (const port of ports) this.#taken.add(port);
      return ports;
    }
    throw new Error(`no ${count} free ports in a row between ${PORT_MIN} and ${PORT_MAX} on ${this.#host}`);
  }

  async #areFree(ports: readonly number[]): Promise<boolean> {
    for (const port of ports) {
      if (this.#taken.has(port) || !(await isPortFree(this.#host, port))) return false;
    }
    return true;
  }
}

export function isPortFree(host: string, port: number): Promise<boolean> {
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
