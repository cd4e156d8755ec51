/**
 * The port that clients connect to: accepts within the limits per address and altogether, numbers the connections, and
 * carries the core's effects to their sockets (ZooKeeper's NIOServerCnxnFactory; PROTOCOL.md 2.19).
 */
import { type Socket, createServer } from 'node:net';

import { assert } from '../../shared/assert.ts';
import type { ClientEvent } from '../core/effects.ts';
import { ClientSocket } from './client-socket.ts';
import type { HostPort } from './host-port.ts';
import { Port } from './listening.ts';

export interface ClientPortOptions {
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** -1 for the system's own. */
  readonly backlog: number;
  readonly frameBytesMax: number;
  /** 0 for no limit. */
  readonly connectionsPerAddressMax: number;
  /** 0 for no limit. */
  readonly connectionsMax: number;
  readonly onEvent: (event: ClientEvent) => void;
  /** How many bytes follow a four-letter word before it can be answered. */
  readonly argumentBytesOf: (word: string) => number;
  /** The answer to a four-letter word, undefined when it is none. */
  readonly onWord: (connectionId: number, word: string, argument: Uint8Array) => string | undefined;
  readonly onLog: (message: string) => void;
}

export class ClientPort {
  readonly #options: ClientPortOptions;
  readonly #port: Port;
  readonly #sockets = new Map<number, ClientSocket>();
  readonly #countByAddress = new Map<string, number>();
  #nextConnectionId = 1;
  /** Connections that were turned away at once. */
  rejected = 0;

  constructor(options: ClientPortOptions) {
    this.#options = options;
    this.#port = new Port({
      makeServer: () =>
        createServer((socket) => {
          this.#onSocket(socket);
        }),
      onError: (error) => {
        options.onLog(`client port: ${error.message}`);
      },
    });
  }

  /** Opens it, or moves it there, as {@link Port.listen}. */
  listen({ host, port }: HostPort = this.#options): Promise<number> {
    const { backlog } = this.#options;
    return this.#port.listen({ host, port, ...(backlog > 0 && { backlog }) });
  }

  /** Closes the port and cuts every connection. */
  async close(): Promise<void> {
    const closed = this.#port.close();
    for (const socket of this.#sockets.values()) socket.destroy();
    await closed;
  }

  send(connectionId: number, bytes: Uint8Array): void {
    this.#sockets.get(connectionId)?.send(bytes);
  }

  closeConnection(connectionId: number): void {
    this.#sockets.get(connectionId)?.close();
  }

  pause(connectionId: number): void {
    this.#sockets.get(connectionId)?.pause();
  }

  resume(connectionId: number): void {
    this.#sockets.get(connectionId)?.resume();
  }

  #onSocket(socket: Socket): void {
    const remoteAddress = plainAddress(socket.remoteAddress);
    if (remoteAddress === undefined || !this.#admit(remoteAddress)) {
      this.rejected++;
      socket.destroy();
      return;
    }
    const connectionId = this.#nextConnectionId++;
    const { onEvent, argumentBytesOf, onWord, onLog, frameBytesMax } = this.#options;
    const client = new ClientSocket(socket, frameBytesMax, {
      onFrames: (frames) => {
        onEvent({ kind: 'framesArrived', connectionId, frames });
      },
      argumentBytesOf,
      onWord: (word, argument) => onWord(connectionId, word, argument),
      onProtocolError: (error) => {
        onLog(`closing ${remoteAddress}:${socket.remotePort ?? 0}: ${error.message}`);
      },
      onClosed: () => {
        this.#sockets.delete(connectionId);
        this.#release(remoteAddress);
        onEvent({ kind: 'connectionClosed', connectionId });
      },
    });
    this.#sockets.set(connectionId, client);
    onEvent({ kind: 'connectionOpened', connectionId, remoteAddress, remotePort: socket.remotePort ?? 0 });
  }

  #admit(address: string): boolean {
    const { connectionsPerAddressMax, connectionsMax } = this.#options;
    const count = this.#countByAddress.get(address) ?? 0;
    if (connectionsMax > 0 && this.#sockets.size >= connectionsMax) {
      this.#options.onLog(`too many connections: maxCnxns is ${connectionsMax}`);
      return false;
    }
    if (connectionsPerAddressMax > 0 && count >= connectionsPerAddressMax) {
      this.#options.onLog(
        `too many connections from ${address}: maxClientCnxns is ${connectionsPerAddressMax}`,
      );
      return false;
    }
    this.#countByAddress.set(address, count + 1);
    return true;
  }

  #release(address: string): void {
    const count = this.#countByAddress.get(address) ?? 0;
    assert(count > 0, `no connection of ${address} is open`);
    if (count === 1) this.#countByAddress.delete(address);
    else this.#countByAddress.set(address, count - 1);
  }
}

/** IPv4 without the wrapping that a dual-stack socket gives it; undefined when the peer is gone already. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') === true ? address.slice('::ffff:'.length) : address;
}
