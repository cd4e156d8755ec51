/**
 * The shell for a browser: the page and the API on one loopback port. The API is a WebSocket at /api with the same router
 * that Electron's window has behind a MessagePort. Who may talk to it: host/access.ts.
 */
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { findFreePort } from '../embedded-server/launcher/free-port.ts';
import { customJsonSerializers } from '../shared/api/serializers.ts';
import { assert } from '../shared/assert.ts';
import { Access, ENTRY_PARAMETER, type Refusal, type RequestFacts } from './host/access.ts';
import { isPeerAllowed } from './host/peer-user.ts';
import { RendererFiles, SECURITY_HEADERS } from './host/renderer-files.ts';
import type { Log } from './log.ts';
import { type PageContext, joinPage } from './services/page.ts';
import { router } from './services/router.ts';
import type { Services } from './services/services.ts';
import { ShellError } from './services/shell-error.ts';

const API_PATH = '/api';
/** A call carries at most one znode's data (jute.maxbuffer, raised by some clusters) in base64. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
const LOOPBACK = '127.0.0.1';

export interface BrowserHostOptions {
  readonly services: Services;
  /** dist/renderer */
  readonly rendererFolder: string;
  /** Undefined for any free one. */
  readonly port: number | undefined;
  readonly log: Log;
}

export interface BrowserHost {
  /** Holds for this run; show it to the person only. */
  readonly printedUrl: string;
  /** Opens the app once; may stand on a command line. */
  newTicketUrl(): string;
  close(): Promise<void>;
}

/** Throws ShellError PORT_IN_USE when the port asked for is taken. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const server = http.createServer();
  const port = await listen(server, options.port);
  const host = new Host(server, { ...options, access: new Access(port), port });
  return host;
}

async function listen(server: http.Server, wanted: number | undefined): Promise<number> {
  const port = wanted ?? (await findFreePort());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new ShellError('PORT_IN_USE', `port ${port} on ${LOOPBACK} cannot be used: ${cause.message}`, {
          cause,
        }),
      ),
    );
    server.listen({ host: LOOPBACK, port, exclusive: true }, resolve);
  });
  const address = server.address() as AddressInfo;
  assert(address.address === LOOPBACK, 'the host listens on loopback only');
  return address.port;
}

class Host implements BrowserHost {
  readonly #server: http.Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  readonly #access: Access;
  readonly #port: number;
  readonly #files: RendererFiles;
  readonly #handler: RPCHandler<PageContext>;
  readonly #services: Services;
  readonly #log: Log;

  constructor(server: http.Server, options: BrowserHostOptions & { access: Access; port: number }) {
    const { access, port, rendererFolder, services, log } = options;
    this.#server = server;
    this.#access = access;
    this.#port = port;
    this.#services = services;
    this.#log = log;
    this.#files = new RendererFiles({ folder: rendererFolder, connect: `'self' ws://${LOOPBACK}:${port}` });
    this.#handler = new RPCHandler(router, { customJsonSerializers });
    server.on('request', (request, response) => {
      void this.#onRequest(request, response).catch((error: unknown) => {
        log.error({ err: error }, 'a request to the host failed');
        response.destroy();
      });
    });
    server.on('upgrade', (request, socket, head) => {
      void this.#onUpgrade(request, socket, head).catch((error: unknown) => {
        log.error({ err: error }, 'a WebSocket request failed');
        socket.destroy();
      });
    });
  }

  get printedUrl(): string {
    return this.#access.printedUrl;
  }

  newTicketUrl(): string {
    return this.#access.newTicketUrl();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #onRequest(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const target = parseTarget(request.url);
    const facts = factsOf(request, false);
    if (target === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      refuse(response, 400, 'Zabra: only GET of a path.');
      return;
    }
    if (!(await this.#isPeerAllowed(request.socket)) || this.#access.refuseSource(facts) !== undefined) {
      this.#log.warn({ host: facts.host, origin: facts.origin }, 'a request was refused');
      refuse(response, 403, 'Zabra: refused.');
      return;
    }
    const key = target.query.get(ENTRY_PARAMETER);
    const cookie = key === null ? undefined : this.#access.redeem(key);
    if (cookie !== undefined) {
      // A redirect, so that the key is neither in the address bar nor in the history.
      response.writeHead(303, {
        ...SECURITY_HEADERS,
        'set-cookie': cookie,
        location: '/',
        'cache-control': 'no-store',
      });
      response.end();
      return;
    }
    if (this.#access.refuse(facts) !== undefined) {
      refuse(
        response,
        401,
        'Zabra: open the address that it printed when it started. Each start has a new one.',
      );
      return;
    }
    const { status, headers, body } = await this.#files.respond(target.path);
    response.writeHead(status, { ...headers, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #onUpgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const refusal: Refusal | 'path' | undefined =
      parseTarget(request.url)?.path === API_PATH ? this.#access.refuse(factsOf(request, true)) : 'path';
    if (refusal !== undefined || !(await this.#isPeerAllowed(request.socket))) {
      this.#log.warn(
        { refusal: refusal ?? 'user', origin: request.headers.origin },
        'a WebSocket was refused',
      );
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.binaryType = 'arraybuffer';
      webSocket.on('error', (error) => this.#log.warn({ err: error }, 'a WebSocket broke'));
      const { context, leave } = joinPage(this.#services);
      webSocket.on('close', leave);
      void this.#handler.upgrade(webSocket, { context });
    });
  }

  async #isPeerAllowed({ remotePort }: Socket): Promise<boolean> {
    return (
      remotePort === undefined || (await isPeerAllowed({ clientPort: remotePort, serverPort: this.#port }))
    );
  }
}

function factsOf({ headers }: http.IncomingMessage, isWebSocket: boolean): RequestFacts {
  return { host: headers.host, origin: headers.origin, cookie: headers.cookie, isWebSocket };
}

/** Only a path; the form with a whole URL is for proxies. The path stays as it was sent, for the files to judge. */
function parseTarget(target: string | undefined): { path: string; query: URLSearchParams } | undefined {
  if (target?.startsWith('/') !== true) return undefined;
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  return { path, query: new URLSearchParams(question === -1 ? '' : target.slice(question)) };
}

function refuse(response: http.ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
  });
  response.end(`${text}\n`);
}
