/** The connections of simulated clients to simulated servers. */
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import type { VirtualClock } from './clock.ts';
import { CLIENT_HOST, type Network, Wire } from './network.ts';
import type { SimulatedNode } from './node.ts';
import type { ClientSocket, ClientSocketEvents } from './simulated-client.ts';

export interface ClientEnd {
  readonly node: SimulatedNode;
  readonly generation: number;
  readonly connectionId: number;
  readonly up: Wire;
  readonly down: Wire;
  readonly events: ClientSocketEvents;
  isClosed: boolean;
}

/** Until a client hears that nobody listens there. */
const REFUSED_MS = 5;

export class ClientConnections {
  readonly #network: Network;
  readonly #clock: VirtualClock;
  readonly #ends = new Map<string, ClientEnd>();

  constructor(network: Network, clock: VirtualClock) {
    this.#network = network;
    this.#clock = clock;
  }

  get ends(): readonly ClientEnd[] {
    return [...this.#ends.values()];
  }

  connect(node: SimulatedNode, events: ClientSocketEvents): ClientSocket {
    const { sid } = node;
    if (!node.server) {
      this.#clock.after(REFUSED_MS, events.onClosed);
      return { sid, send: () => undefined, close: () => undefined };
    }
    const connectionId = node.newConnectionId();
    const end: ClientEnd = {
      node,
      generation: node.generation,
      connectionId,
      up: new Wire(CLIENT_HOST, sid),
      down: new Wire(sid, CLIENT_HOST),
      events,
      isClosed: false,
    };
    this.#ends.set(keyOf(node, connectionId), end);
    const sendUp = (deliver: () => void): void => {
      this.#network.send(end.up, () => {
        if (!end.isClosed && node.generation === end.generation) deliver();
      });
    };
    sendUp(() => {
      node.step({ kind: 'connectionOpened', connectionId, remoteAddress: '10.1.0.1', remotePort: 1 });
    });
    const decoder = new FrameDecoder({
      frameBytesMax: 1 << 20,
      onFrame: (frame) => {
        node.step({ kind: 'framesArrived', connectionId, frames: [frame.slice()] });
      },
    });
    return {
      sid,
      send: (bytes) => {
        sendUp(() => {
          decoder.push(bytes);
        });
      },
      close: () => {
        sendUp(() => {
          this.#close(end);
        });
      },
    };
  }

  #close(end: ClientEnd): void {
    end.isClosed = true;
    this.#ends.delete(keyOf(end.node, end.connectionId));
    if (end.node.generation === end.generation) {
      end.node.step({ kind: 'connectionClosed', connectionId: end.connectionId });
    }
  }

  /** A server sends. */
  send(from: SimulatedNode, connectionId: number, bytes: Uint8Array): void {
    const end = this.#ends.get(keyOf(from, connectionId));
    if (!end) return;
    this.#network.send(end.down, () => {
      end.events.onBytes(bytes);
    });
  }

  /** A server closes. */
  close(from: SimulatedNode, connectionId: number): void {
    const end = this.#ends.get(keyOf(from, connectionId));
    if (!end) return;
    this.#network.send(end.down, end.events.onClosed);
    this.#clock.after(0, () => {
      if (!end.isClosed) this.#close(end);
    });
  }

  /** What was on its way is lost; the client hears of it after `afterMs`. */
  break(end: ClientEnd, afterMs: number): void {
    end.up.isBroken = true;
    end.down.isBroken = true;
    this.#clock.after(afterMs, end.events.onClosed);
    if (!end.isClosed) this.#close(end);
  }

  breakAllOf(node: SimulatedNode, afterMs: () => number): void {
    for (const end of this.ends) if (end.node === node) this.break(end, afterMs());
  }
}

function keyOf(node: SimulatedNode, connectionId: number): string {
  return `${node.sid}/${connectionId}`;
}
