/**
 * The quorum port: learners connect to their leader here, and from here a learner dials its leader (ZooKeeper's
 * Leader.LearnerCnxAcceptor and Learner.connectToLeader; PROTOCOL.md 5.1). Streams are cut into messages; what is written
 * within one turn of the event loop goes out together.
 *
 * Of two servers that agree who leads, the learner may know first. Its connection is held for a moment then, since a
 * learner that is turned away begins a new election.
 */
import { type Socket, connect, createServer } from 'node:net';

import { ProtocolError } from '../../shared/errors.ts';
import { type QuorumMessage, QuorumStreamDecoder } from '../quorum-protocol/stream-decoder.ts';
import type { HostPort } from './host-port.ts';
import { Port } from './listening.ts';

/** Whether learners are let in: `later` while it is open who leads. */
export type Admission = 'now' | 'later' | 'never';

export interface QuorumPortOptions {
  readonly onOpened: (linkId: number) => void;
  readonly onMessage: (linkId: number, message: QuorumMessage) => void;
  /** Also of a dial that failed. */
  readonly onClosed: (linkId: number) => void;
  readonly onLog: (message: string) => void;
}

const CONNECT_MS_MAX = 5000;
/** How long a learner waits for this server to know that it leads. */
const HELD_MS_MAX = 1000;
/** How long a closed link may take to get its last bytes out. */
const LINGER_MS_MAX = 5000;
const CONNECTIONS_MAX = 256;

export class QuorumPort {
  readonly #options: QuorumPortOptions;
  readonly #port: Port;
  readonly #links = new Map<number, Link>();
  readonly #held = new Map<Socket, NodeJS.Timeout>();
  #admission: Admission = 'later';
  #lastLinkId = 0;

  constructor(options: QuorumPortOptions) {
    this.#options = options;
    this.#port = new Port({
      makeServer: () => {
        const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
          this.#onSocket(socket);
        });
        server.maxConnections = CONNECTIONS_MAX;
        return server;
      },
      onError: (error) => {
        options.onLog(`quorum port: ${error.message}`);
      },
    });
  }

  /** Opens it, or moves it there, as {@link Port.listen}. */
  async listen(address: HostPort): Promise<void> {
    await this.#port.listen({ ...address });
  }

  async close(): Promise<void> {
    this.#admission = 'never';
    for (const socket of this.#held.keys()) this.#release(socket).destroy();
    for (const link of this.#links.values()) link.destroy();
    await this.#port.close();
  }

  /** Lets in, or turns away, who is held. Not to be called while an event is being handled. */
  set admission(admission: Admission) {
    if (this.#admission === admission) return;
    this.#admission = admission;
    if (admission === 'later') return;
    for (const socket of [...this.#held.keys()]) this.#admit(this.#release(socket));
  }

  /** Dials; the link is opened, or closed, under this number. */
  connect(linkId: number, address: HostPort): void {
    const socket = connect({ ...address, noDelay: true });
    socket.setTimeout(CONNECT_MS_MAX, () => socket.destroy());
    const link = this.#add(linkId, socket);
    socket.once('connect', () => {
      socket.setTimeout(0);
      if (!link.isClosing) this.#options.onOpened(linkId);
    });
  }

  send(linkId: number, bytes: Uint8Array): void {
    this.#links.get(linkId)?.send(bytes);
  }

  /** Once everything sent is out. */
  closeLink(linkId: number): void {
    this.#links.get(linkId)?.close();
  }

  /** Who is at the other end, and how much it has still to take. */
  linkFacts(linkId: number): { readonly address: string | undefined; readonly unsentBytes: number } {
    return this.#links.get(linkId)?.facts ?? { address: undefined, unsentBytes: 0 };
  }

  #onSocket(socket: Socket): void {
    // 'close' follows every error.
    socket.on('error', () => undefined);
    if (this.#admission !== 'later') {
      this.#admit(socket);
      return;
    }
    const timer = setTimeout(() => this.#release(socket).destroy(), HELD_MS_MAX);
    this.#held.set(socket, timer);
    socket.once('close', () => this.#release(socket));
  }

  #release(socket: Socket): Socket {
    clearTimeout(this.#held.get(socket));
    this.#held.delete(socket);
    return socket;
  }

  #admit(socket: Socket): void {
    if (this.#admission !== 'now') {
      socket.destroy();
      return;
    }
    const linkId = ++this.#lastLinkId;
    this.#add(linkId, socket);
    socket.resume();
    this.#options.onOpened(linkId);
  }

  #add(linkId: number, socket: Socket): Link {
    const { onMessage, onClosed, onLog } = this.#options;
    const link = new Link(socket, {
      onMessage: (message) => {
        onMessage(linkId, message);
      },
      onProtocolError: (error) => {
        onLog(`closing the quorum connection of ${socket.remoteAddress ?? ''}: ${error.message}`);
      },
      onClosed: () => {
        this.#links.delete(linkId);
        onClosed(linkId);
      },
    });
    this.#links.set(linkId, link);
    return link;
  }
}

interface LinkEvents {
  readonly onMessage: (message: QuorumMessage) => void;
  readonly onProtocolError: (error: ProtocolError) => void;
  readonly onClosed: () => void;
}

/** One connection. */
class Link {
  readonly #socket: Socket;
  #linger: NodeJS.Timeout | undefined;
  isClosing = false;

  constructor(socket: Socket, events: LinkEvents) {
    this.#socket = socket;
    const decoder = new QuorumStreamDecoder((message) => {
      if (!this.isClosing) events.onMessage(message);
    });
    socket.on('data', (chunk) => {
      if (this.isClosing) return;
      try {
        decoder.push(chunk);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        events.onProtocolError(error);
        this.destroy();
      }
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.isClosing = true;
      clearTimeout(this.#linger);
      events.onClosed();
    });
  }

  send(bytes: Uint8Array): void {
    if (this.isClosing) return;
    this.#socket.write(bytes);
  }

  get facts(): { readonly address: string | undefined; readonly unsentBytes: number } {
    const { remoteAddress, remotePort, writableLength: unsentBytes } = this.#socket;
    return { address: remoteAddress && `${remoteAddress}:${remotePort ?? 0}`, unsentBytes };
  }

  close(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.#socket.destroySoon();
    this.#linger = setTimeout(() => this.#socket.destroy(), LINGER_MS_MAX);
  }

  destroy(): void {
    this.isClosing = true;
    this.#socket.destroy();
  }
}
