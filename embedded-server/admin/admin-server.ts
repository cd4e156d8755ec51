/**
 * The AdminServer (ZooKeeper's JettyAdminServer; PROTOCOL.md 3.2): HTTP on loopback unless told otherwise, without
 * authentication, as Apache's. Besides Apache's commands it has `/events` (event-stream.ts).
 *
 * Differs: on loopback it refuses what a page in a browser sends. Another site's page could otherwise reset statistics, or
 * read everything through a host name of its own that leads here.
 */
import http from 'node:http';
import { once } from 'node:events';

import { streamEvents } from './event-stream.ts';
import type { EventRing } from './event-ring.ts';

export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  readonly events: EventRing;
}

export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #server: http.Server;

  constructor(options: AdminServerOptions) {
    this.#options = options;
    this.#server = http.createServer((request, response) => {
      // Nothing here takes a body.
      request.resume();
      this.#answer(request, response);
    });
  }

  /** Rejects with the system's error when the port cannot be opened. */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, url = '/', headers } = request;
    if (isLoopback(this.#options.host) && !isLocalProgram(headers)) {
      refuse(response, 403, 'only programs on this machine may ask, by its loopback address');
    } else if (method !== 'GET' && method !== 'HEAD') {
      refuse(response, 405, `${method ?? ''} is not for this server`);
    } else {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      if (pathname === '/events') this.#answerEvents(response, searchParams);
      else refuse(response, 404, `there is nothing at ${pathname}`);
    }
  }

  #answerEvents(response: http.ServerResponse, searchParams: URLSearchParams): void {
    const after = searchParams.get('after') ?? '0';
    if (!/^\d{1,15}$/.test(after)) {
      refuse(response, 400, 'a whole number is needed: ?after=SEQ');
      return;
    }
    const isFollowing = searchParams.get('follow') !== 'false';
    streamEvents(response, this.#options.events, { afterSeq: Number(after), isFollowing });
  }
}

function refuse(response: http.ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' });
  response.end(`${error}\n`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isLocalProgram({ host = '', origin, ...others }: http.IncomingHttpHeaders): boolean {
  const site = others['sec-fetch-site'];
  const isTyped = site === undefined || site === 'none';
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return origin === undefined && isTyped && isLoopback(name);
}
