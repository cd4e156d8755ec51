/**
 * The wire to the shell: a WebSocket to `/api` of the page's host in the browser host, a MessagePort in Electron
 * (the preload script hands it over by a window message 'zabra:port'). An oRPC link holds one wire for good, so when
 * the wire closes this file makes a new one and a new link, and counts generations: whoever holds a stream opens it
 * again when the generation changes (use-stream.ts), and queries are read again (client.ts).
 *
 *   connecting ──open──► open ──closed──► lost ──retry──► (connecting again, still shown as lost) ──open──► open
 */
import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as MessagePortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import { create } from 'zustand';
import { customJsonSerializers } from '../../shared/api/serializers.ts';

type Link = ClientLink<ClientContext>;

interface LinkState {
  readonly wire: 'connecting' | 'open' | 'lost';
  /** Grows with every wire that opened; 0 before the first one. */
  readonly generation: number;
  readonly link: Link | null;
}

const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 3_000;
/** A call that finds no wire waits so long for one before it fails. */
const CALL_WAIT_MS_MAX = 10_000;

export const useLink = create<LinkState>(() => ({ wire: 'connecting', generation: 0, link: null }));

function becomeOpen(link: Link): void {
  useLink.setState(({ generation }) => ({ wire: 'open', generation: generation + 1, link }));
}

function becomeLost(link: Link | null): void {
  // A wire that was replaced already says nothing about the present one.
  if (link !== useLink.getState().link) return;
  useLink.setState({ wire: 'lost', link: null });
}

/** The present link, or the next one. Rejects when no wire opens in time or `signal` aborts. */
async function openLink(signal: AbortSignal | undefined): Promise<Link> {
  const { link } = useLink.getState();
  if (link) return link;
  return new Promise<Link>((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      settle();
      reject(new DOMException('The call was cancelled.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      settle();
      reject(new WireLostError());
    }, CALL_WAIT_MS_MAX);
    const unsubscribe = useLink.subscribe((state) => {
      if (!state.link) return;
      settle();
      resolve(state.link);
    });
    signal?.addEventListener('abort', onAbort);
  });
}

/** Zabra's own process does not answer. Not a failure of the contract: nothing reached the shell. */
export class WireLostError extends Error {
  override readonly name = 'WireLostError';

  constructor() {
    super("Zabra's own process does not answer");
  }
}

/** The link that the client is built on: it always uses the present wire. */
export const link: Link = {
  async call(path, input, options) {
    const present = await openLink(options.signal);
    return present.call(path, input, options);
  },
};

function connectWebSocket(retryMs: number): void {
  const address = new URL('api', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  // Blobs are decoded asynchronously and could overtake each other.
  socket.binaryType = 'arraybuffer';
  let opened: Link | null = null;
  socket.addEventListener('open', () => {
    opened = new WebSocketLink({ websocket: socket, customJsonSerializers });
    becomeOpen(opened);
  });
  socket.addEventListener('close', () => {
    const nextMs = opened ? RETRY_MS_MIN : Math.min(retryMs * 2, RETRY_MS_MAX);
    becomeLost(opened);
    setTimeout(() => {
      connectWebSocket(nextMs);
    }, retryMs);
  });
}

function listenForPorts(): void {
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.data !== 'zabra:port' || event.source !== window || !port) return;
    const opened = new MessagePortLink({
      port,
      customJsonSerializers,
      // Structured clone takes bytes as they are; null keeps event iterators in the form that oRPC knows.
      experimental_transfer: ([, type, payload]) => (isStream(type, payload) ? null : []),
    });
    port.addEventListener('close', () => {
      becomeLost(opened);
    });
    port.start();
    becomeOpen(opened);
  });
}

function isStream(_type: unknown, payload: unknown): boolean {
  const body: unknown =
    typeof payload === 'object' && payload !== null && 'body' in payload ? payload.body : null;
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Opens the wire and keeps it open. Called once, at the start. */
export function startLink(): void {
  if (location.protocol === 'http:' || location.protocol === 'https:') connectWebSocket(RETRY_MS_MIN);
  else listenForPorts();
}
