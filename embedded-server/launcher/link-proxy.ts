/**
 * One port on loopback that hands connections on to a server's port: the way in which one server reaches another. Its
 * state belongs to the link between the two (links.ts), which may have several such ports.
 */
import net from 'node:net';
import { once } from 'node:events';

import { withGreetingAddress } from './election-greeting.ts';
import type { PortPool } from './free-port.ts';
import { type LineQuality, OneWay } from './one-way.ts';

const HOST = '127.0.0.1';

export interface LinkState extends LineQuality {
  readonly isCut: boolean;
}

export interface LinkProxyOptions {
  readonly targetPort: number;
  readonly state: LinkState;
  /** For election ports: where the other side is to dial back, asked for at each connection. */
  readonly greetingAddress?: () => string;
}

export class LinkProxy {
  readonly port: number;
  readonly #options: LinkProxyOptions;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(server: net.Server, port: number, options: LinkProxyOptions) {
    this.#server = server;
    this.port = port;
    this.#options = options;
    server.on('connection', (near) => {
      this.#connect(near);
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

  async close(): Promise<void> {
    this.dropConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connect(near: net.Socket): void {
    const { targetPort, state, greetingAddress } = this.#options;
    if (state.isCut) {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = net.connect({ port: targetPort, host: HOST, allowHalfOpen: true, noDelay: true });
    const rewrite = greetingAddress === undefined ? undefined : greetingRewriter(greetingAddress());
    const ways = [
      new OneWay({ from: near, to: far, quality: state, ...(rewrite === undefined ? {} : { rewrite }) }),
      new OneWay({ from: far, to: near, quality: state }),
    ];
    const pair = [near, far];
    const end = (): void => {
      for (const way of ways) way.stop();
      for (const socket of pair) {
        this.#sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of pair) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
  }
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
