/** A TCP proxy in front of a server, to cut connections, to hold bytes back and to be unreachable for a while. */
import { once } from 'node:events';
import net from 'node:net';
import { findFreePort } from './ports.ts';

export class TcpProxy {
  readonly port: number;
  readonly #server: net.Server;
  readonly #target: { host: string; port: number };
  readonly #pairs = new Set<{ near: net.Socket; far: net.Socket }>();
  #isRefusing = false;
  #isSilent = false;
  /** Accepted by this machine's kernel, and known to nobody behind. */
  readonly #unheard = new Set<net.Socket>();
  /** Connections accepted so far. */
  acceptedCount = 0;

  private constructor(server: net.Server, port: number, target: { host: string; port: number }) {
    this.#server = server;
    this.port = port;
    this.#target = target;
    server.on('connection', (near) => {
      this.#accept(near);
    });
  }

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const port = await findFreePort();
    const server = net.createServer();
    const proxy = new TcpProxy(server, port, target);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get connectString(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Ends all connections at once; new ones are welcome. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    this.#pairs.clear();
  }

  /** Ends all connections, and new ones as soon as they are made. */
  refuse(): void {
    this.#isRefusing = true;
    this.cut();
  }

  accept(): void {
    this.#isRefusing = false;
  }

  /** Holds back what the server sends; the client hears nothing until {@link release}. */
  hold(): void {
    for (const { near, far } of this.#pairs) {
      far.unpipe(near);
      far.pause();
    }
  }

  release(): void {
    for (const { near, far } of this.#pairs) far.pipe(near);
  }

  /**
   * As a cable that is pulled: nothing comes through in either direction any more, not even that an end hangs up or that
   * somebody wants to connect.
   */
  silence(): void {
    this.#isSilent = true;
    for (const { near, far } of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      far.pause();
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#unheard) socket.destroy();
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(near: net.Socket): void {
    this.acceptedCount++;
    if (this.#isRefusing) {
      near.resetAndDestroy();
      return;
    }
    if (this.#isSilent) {
      this.#unheard.add(near);
      near.on('error', () => undefined);
      return;
    }
    const far = net.connect({ ...this.#target, noDelay: true });
    near.setNoDelay(true);
    const pair = { near, far };
    this.#pairs.add(pair);
    const end = (): void => {
      if (this.#isSilent) return;
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    near.pipe(far);
    far.pipe(near);
  }
}
