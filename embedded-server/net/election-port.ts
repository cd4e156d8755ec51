/**
 * The election port and the connections between those of two servers (ZooKeeper's QuorumCnxManager; PROTOCOL.md 4.1). A
 * pair of servers has one connection, which the one with the larger sid dials:
 *
 * ```
 *   larger ── dial, first message ─────────────────────────────────────────► smaller    kept by both
 *   smaller ─ dial, first message, closed ─► larger ── dial, first message ► smaller    "please call me back"
 * ```
 *
 * What is sent to a server without a connection waits, the newest only, and it is dialled until it is reached. A peer that
 * sends what cannot be is cut off; others are none the worse for it.
 */
import { type Socket, connect, createServer } from 'node:net';

import { ProtocolError } from '../../shared/errors.ts';
import type { Sid } from '../../shared/ids.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import {
  type InitialMessage,
  decodeInitialMessage,
  encodeInitialMessage,
} from '../quorum-protocol/initial-message.ts';
import { type Notification, encodeNotification } from '../quorum-protocol/notification.ts';
import { ElectionConnection } from './election-connection.ts';
import { type HostPort, formatHostPort, parseHostPort } from './host-port.ts';
import { Port } from './listening.ts';

export interface PeerAddress {
  readonly address: HostPort;
  /** Whether it is dialled there only, wherever it says that it is. */
  readonly isPinned: boolean;
}

export interface ElectionPortOptions {
  readonly sid: Sid;
  /** Where this server listens at first, and where others are told to dial it. */
  readonly address: HostPort;
  readonly peers: ReadonlyMap<Sid, PeerAddress>;
  /** Whether servers may ask that are not in the ensemble: one that is to join has to find out who leads. */
  readonly admitsStrangers: boolean;
  readonly onNotification: (from: Sid, notification: Notification) => void;
  readonly onConnected: (sid: Sid) => void;
  readonly onLog: (message: string) => void;
}

/** As Apache's `cnxTimeout`. */
const CONNECT_MS_MAX = 5000;
const RETRY_MS = 500;
/** Connections at a time, those included that have not said yet who they are. */
const CONNECTIONS_MAX = 256;
const STRANGERS_MAX = 64;
/** Hosts that stand for all interfaces of whoever names them: nothing to dial. */
const WILDCARD_HOSTS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '0:0:0:0:0:0:0:0']);

class Peer {
  readonly sid: Sid;
  /** Undefined of a stranger. */
  configured: PeerAddress | undefined;
  /** Where it said that it is to be dialled. */
  learned: HostPort | undefined;
  connection: ElectionConnection | undefined;
  dialled: Socket | undefined;
  retry: NodeJS.Timeout | undefined;
  /** The newest that was sent to it, as a frame: a connection that breaks may have swallowed it. */
  last: Uint8Array | undefined;
  /** Whether there is something that it has not been sent. */
  isWaiting = false;
  isLearnedNext = true;

  constructor(sid: Sid, configured: PeerAddress | undefined) {
    this.sid = sid;
    this.configured = configured;
  }

  /** Both in turn, since either may be out of date. */
  nextAddress(): HostPort | undefined {
    if (this.configured?.isPinned) return this.configured.address;
    const address = this.isLearnedNext ? this.learned : undefined;
    this.isLearnedNext = !this.isLearnedNext;
    return address ?? this.configured?.address ?? this.learned;
  }
}

export class ElectionPort {
  readonly #options: ElectionPortOptions;
  readonly #port: Port;
  #address: HostPort;
  readonly #peers: Map<Sid, Peer>;
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  constructor(options: ElectionPortOptions) {
    this.#options = options;
    this.#peers = new Map([...options.peers].map(([sid, address]) => [sid, new Peer(sid, address)]));
    this.#address = options.address;
    this.#port = new Port({
      makeServer: () => {
        const server = createServer({ noDelay: true }, (socket) => {
          this.#onSocket(socket);
        });
        server.maxConnections = CONNECTIONS_MAX;
        return server;
      },
      onError: (error) => {
        options.onLog(`election port: ${error.message}`);
      },
    });
  }

  /** Opens it, or moves it there, as {@link Port.listen}; those who are dialled from then on are told so. */
  async listen(address = this.#address): Promise<void> {
    await this.#port.listen({ ...address });
    this.#address = address;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const peer of this.#peers.values()) clearTimeout(peer.retry);
    for (const socket of this.#sockets) socket.destroy();
    await this.#port.close();
  }

  /** From now on these are the others of the ensemble. Those that it had before may go on asking. */
  setPeers(peers: ReadonlyMap<Sid, PeerAddress>): void {
    for (const peer of this.#peers.values()) peer.configured = peers.get(peer.sid);
    for (const [sid, address] of peers) {
      if (!this.#peers.has(sid)) this.#peers.set(sid, new Peer(sid, address));
    }
  }

  send(to: Sid, notification: Notification): void {
    const peer = this.#peers.get(to);
    if (!peer || this.#isClosed) return;
    const writer = new JuteWriter();
    const frame = writer.beginFrame();
    encodeNotification(writer, notification);
    writer.endFrame(frame);
    peer.last = writer.finish();
    if (peer.connection) {
      peer.connection.send(peer.last);
    } else {
      peer.isWaiting = true;
      this.#dial(peer);
    }
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    // 'close' follows every error.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  // Dialling.

  #dial(peer: Peer): void {
    if (peer.dialled || peer.connection || this.#isClosed) return;
    clearTimeout(peer.retry);
    const { sid } = this.#options;
    const address = this.#address;
    const target = peer.nextAddress();
    if (!target) return;
    const socket = connect({ ...target, noDelay: true });
    peer.dialled = socket;
    this.#track(socket);
    socket.setTimeout(CONNECT_MS_MAX, () => socket.destroy());
    socket.once('connect', () => {
      const writer = new JuteWriter();
      encodeInitialMessage(writer, { sid, address: formatHostPort(address) });
      socket.write(writer.finish());
      peer.dialled = undefined;
      if (peer.sid < sid) {
        this.#adopt(peer, socket);
      } else {
        socket.destroySoon();
        this.#retryLater(peer);
      }
    });
    socket.once('close', () => {
      if (peer.dialled !== socket) return;
      peer.dialled = undefined;
      this.#retryLater(peer);
    });
  }

  #retryLater(peer: Peer): void {
    if (!peer.isWaiting || this.#isClosed) return;
    clearTimeout(peer.retry);
    peer.retry = setTimeout(() => {
      if (peer.isWaiting) this.#dial(peer);
    }, RETRY_MS);
  }

  // Being dialled.

  #onSocket(socket: Socket): void {
    this.#track(socket);
    socket.setTimeout(CONNECT_MS_MAX, () => socket.destroy());
    let opening = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      opening = Buffer.concat([opening, chunk]);
      const decoded = this.#decodeOpening(socket, opening);
      if (!decoded) return;
      socket.off('data', onData);
      this.#onGreeted(socket, decoded.message, opening.subarray(decoded.length));
    };
    socket.on('data', onData);
  }

  #decodeOpening(socket: Socket, bytes: Uint8Array): ReturnType<typeof decodeInitialMessage> {
    try {
      return decodeInitialMessage(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuse(socket, error.message);
      return undefined;
    }
  }

  #refuse(socket: Socket, reason: string): void {
    const { remoteAddress = '', remotePort = 0 } = socket;
    this.#options.onLog(`closing the election connection of ${remoteAddress}:${remotePort}: ${reason}`);
    socket.destroy();
  }

  #onGreeted(socket: Socket, { sid, addresses }: InitialMessage, rest: Uint8Array): void {
    const peer = this.#peers.get(sid) ?? this.#admitStranger(sid);
    if (!peer) {
      this.#refuse(socket, `server ${sid} is no other server of this ensemble`);
      return;
    }
    const learned = addresses.map(parseHostPort).find((address) => address !== undefined);
    if (learned && !WILDCARD_HOSTS.has(learned.host)) {
      peer.learned = learned;
      peer.isLearnedNext = true;
    }
    if (sid < this.#options.sid) {
      socket.destroy();
      peer.connection?.close();
      peer.connection = undefined;
      this.#dial(peer);
    } else {
      this.#adopt(peer, socket).push(rest);
    }
  }

  #admitStranger(sid: Sid): Peer | undefined {
    if (!this.#options.admitsStrangers || sid === this.#options.sid || sid < 0) return undefined;
    const strangers = [...this.#peers.values()].filter(({ configured }) => configured === undefined);
    if (strangers.length >= STRANGERS_MAX) {
      const idle = strangers.find(({ connection, dialled }) => !connection && !dialled);
      if (!idle) return undefined;
      clearTimeout(idle.retry);
      this.#peers.delete(idle.sid);
    }
    const peer = new Peer(sid, undefined);
    this.#peers.set(sid, peer);
    return peer;
  }

  // Connected.

  /** From now on this is the pair's connection. */
  #adopt(peer: Peer, socket: Socket): ElectionConnection {
    const { onNotification, onConnected } = this.#options;
    const earlier = peer.connection;
    const connection = new ElectionConnection(socket, {
      onNotification: (notification) => {
        onNotification(peer.sid, notification);
      },
      onProtocolError: (error) => {
        this.#refuse(socket, `server ${peer.sid}: ${error.message}`);
      },
      onClosed: () => {
        if (peer.connection === connection) peer.connection = undefined;
      },
    });
    peer.connection = connection;
    earlier?.close();
    clearTimeout(peer.retry);
    peer.isWaiting = false;
    if (peer.last) connection.send(peer.last);
    onConnected(peer.sid);
    return connection;
  }
}
