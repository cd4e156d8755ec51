/**
 * One port on loopback that hands connections on to a server's port: the way in which one server reaches another. Its
 * state belongs to the link between the two (links.ts), which may have several such ports.
 */
import net from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { withGreetingAddress } from './election-greeting.ts';
import type { PortPool } from './free-port.ts';
import { type LineQuality, OneWay } from './one-way.ts';

const HOST = '127.0.0.1';
/** A follower gives up on its leader after five tries that are 100 ms apart (PROTOCOL.md 5.2). */
const REACH_MS_MAX = 500;
const REACH_POLL_MS = 20;

export interface LinkProxyOptions {
  readonly targetPort: number;
  /** From who dials to who is dialled. */
  readonly there: LineQuality;
  readonly back: LineQuality;
  /** For election ports: where the other side is to dial back, asked for at each connection. */
  readonly greetingAddress?: () => string;
}

export class LinkProxy {
  readonly port: number;
  readonly #options: LinkProxyOptions;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #ways = new Set<OneWay>();

  private constructor(server: net.Server, port: number, options: LinkProxyOptions) {
    this.#server = server;
    this.port = port;
    this.#options = options;
    server.on('connection', (near) => {
      void this.#join(near);
    });
  }

  static async open(ports: PortPool, options: LinkProxyOptions): Promise<LinkProxy> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true });
    const port = await ports.take();
    const proxy = new LinkProxy(server, port, options);
    server.listen({ port, host: HOST });
    await once(server, 'listening');
    return proxy;
  }

  /** Resets every connection that there is. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** What was held back goes on, where it may. */
  wake(): void {
    for (const way of this.#ways) way.wake();
  }

  async close(): Promise<void> {
    this.dropConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #join(near: net.Socket): Promise<void> {
    const { targetPort, there, back, greetingAddress } = this.#options;
    this.#sockets.add(near);
    near.on('close', () => this.#sockets.delete(near));
    near.on('error', () => undefined);
    // To connect, packets must pass both ways.
    const isOpen = !there.isCut && !back.isCut;
    const far = isOpen ? await reach(targetPort, () => near.destroyed) : undefined;
    if (far === undefined || near.destroyed) {
      near.resetAndDestroy();
      far?.destroy();
      return;
    }
    const rewrite = greetingAddress === undefined ? undefined : greetingRewriter(greetingAddress());
    const ways = [
      new OneWay({ from: near, to: far, quality: there, ...(rewrite === undefined ? {} : { rewrite }) }),
      new OneWay({ from: far, to: near, quality: back }),
    ];
    this.#sockets.add(far);
    for (const way of ways) this.#ways.add(way);
    const end = (): void => {
      for (const way of ways) {
        way.stop();
        this.#ways.delete(way);
      }
      this.#sockets.delete(far);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
  }
}

/**
 * Dials as a server would that is refused: a leader opens its port only some time after its followers have begun to dial
 * it, and they try a few times. Here they are connected already, so this has to try in their place.
 */
async function reach(port: number, isGivenUp: () => boolean): Promise<net.Socket | undefined> {
  const deadlineMs = performance.now() + REACH_MS_MAX;
  for (;;) {
    const far = await dial(port);
    if (far !== undefined) return far;
    if (isGivenUp() || performance.now() > deadlineMs) return undefined;
    await delay(REACH_POLL_MS);
  }
}

function dial(port: number): Promise<net.Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: HOST, allowHalfOpen: true, noDelay: true });
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.on('error', () => {
      resolve(undefined);
    });
  });
}

function greetingRewriter(address: string): (bytes: Buffer) => Buffer | undefined {
  let begun: Buffer | undefined = Buffer.alloc(0);
  return (bytes) => {
    if (begun === undefined) return bytes;
    begun = Buffer.concat([begun, bytes]);
    const rewritten = withGreetingAddress(begun, address);
    if (rewritten !== undefined) begun = undefined;
    return rewritten;
  };
}
