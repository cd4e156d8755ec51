/**
 * The AdminServer (ZooKeeper's JettyAdminServer; PROTOCOL.md 3.2): HTTP on loopback unless told otherwise, without
 * authentication, as Apache's. Besides Apache's commands it has `/events` (event-stream.ts).
 *
 * Differs: on loopback it refuses what a page in a browser sends. Another site's page could otherwise reset statistics, or
 * read everything through a host name of its own that leads here.
 */
import http from 'node:http';
import { once } from 'node:events';

import type { AdminView } from './admin-view.ts';
import { COMMAND_NAMES, answerCommand } from './commands.ts';
import { streamEvents } from './event-stream.ts';
import type { EventRing } from './event-ring.ts';
import { encodeJackson } from './jackson-json.ts';

export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  /** Where the commands are; `/commands` of Apache. */
  readonly commandUrl: string;
  readonly events: EventRing;
  readonly view: () => AdminView;
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
    } else if (method === 'TRACE') {
      // Compat: a method that may be, but is forbidden.
      refuse(response, 403, 'TRACE is forbidden');
    } else if (method !== 'GET' && method !== 'HEAD') {
      refuse(response, 405, `${method ?? ''} is not for this server`);
    } else {
      this.#answerGet(response, new URL(url, 'http://localhost'));
    }
  }

  #answerGet(response: http.ServerResponse, { pathname, searchParams }: URL): void {
    const { commandUrl, view } = this.#options;
    if (pathname === '/events') {
      this.#answerEvents(response, searchParams);
    } else if (pathname === commandUrl || pathname === `${commandUrl}/`) {
      respond(response, { type: 'text/html', body: commandIndex(commandUrl) });
    } else if (pathname.startsWith(`${commandUrl}/`)) {
      const name = pathname.slice(commandUrl.length + 1);
      const answer = answerCommand(name, searchParams, view());
      respond(response, { type: 'application/json', body: `${encodeJackson(answer)}\n` });
    } else {
      refuse(response, 404, `there is nothing at ${pathname}`);
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

interface Answer {
  readonly status?: number;
  readonly type: 'text/html' | 'application/json' | 'text/plain';
  readonly body: string;
}

function respond(response: http.ServerResponse, { status = 200, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

function refuse(response: http.ServerResponse, status: number, error: string): void {
  respond(response, { status, type: 'text/plain', body: `${error}\n` });
}

/** Every command by its first name, as a link. */
function commandIndex(commandUrl: string): string {
  return COMMAND_NAMES.map((name) => `<a href="${commandUrl}/${name}">${name}</a>\n<br/>\n`).join('');
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
