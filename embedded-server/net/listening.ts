/** Ports that servers listen on: opened, moved elsewhere while what they accepted goes on, and closed. */
import type { AddressInfo, ListenOptions, Server } from 'node:net';

export interface PortOptions {
  /** A server that listens nowhere yet. */
  readonly makeServer: () => Server;
  /** What goes wrong once it is open. */
  readonly onError: (error: Error) => void;
}

export class Port {
  readonly #options: PortOptions;
  #server: Server | undefined;
  /** Each until the last connection that was accepted there has ended. */
  readonly #closing: Promise<void>[] = [];
  #isClosed = false;

  constructor(options: PortOptions) {
    this.#options = options;
  }

  /**
   * Opens the port, or moves it: it is open there before it is closed where it was, and connections stay. Resolves to its
   * number; rejects with the system's error, EADDRINUSE for one, and stays where it was then.
   */
  async listen(address: ListenOptions): Promise<number> {
    const server = this.#options.makeServer();
    await listenOn(server, address, this.#options.onError);
    const former = this.#server;
    this.#server = server;
    if (former) this.#closing.push(closeServer(former));
    if (this.#isClosed) this.#closing.push(closeServer(server));
    return (server.address() as AddressInfo).port;
  }

  /** Resolves when it is closed and no connection of it is left; whoever calls this ends those. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#server) this.#closing.push(closeServer(this.#server));
    await Promise.all(this.#closing);
  }
}

function listenOn(server: Server, address: ListenOptions, onError: (error: Error) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      server.on('error', onError);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
