/** The plain TCP transport, and what the operating system's errors mean to a person. */
import net from 'node:net';
import { ConnectionError, type ConnectionErrorCode } from '../../shared/errors.ts';
import { type HostPort, formatHostPort } from './connect-string.ts';
import type { Connection, ConnectionListener, Transport } from './transport.ts';

export const tcpTransport: Transport = {
  open(host, listener) {
    return new TcpConnection(host, listener);
  },
};

class TcpConnection implements Connection {
  readonly #socket: net.Socket;
  #isClosed = false;

  constructor(host: HostPort, listener: ConnectionListener) {
    let failure: Error | undefined;
    this.#socket = net.connect({ host: host.host, port: host.port, noDelay: true });
    this.#socket.on('connect', () => {
      if (!this.#isClosed) listener.onOpen();
    });
    this.#socket.on('data', (chunk: Buffer) => {
      // As a plain Uint8Array: a Buffer's slice() would be a view where every reader expects a copy.
      if (!this.#isClosed) listener.onChunk(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    });
    this.#socket.on('error', (error) => {
      failure = error;
    });
    this.#socket.on('close', () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      listener.onClose(describeSocketError(failure, formatHostPort(host)));
    });
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }
}

const PROBLEM_BY_ERRNO: ReadonlyMap<string, readonly [ConnectionErrorCode, string]> = new Map([
  ['ECONNREFUSED', ['CONNECTION_REFUSED', 'nothing listens on that port']],
  ['ENOTFOUND', ['HOST_NOT_FOUND', 'the host name is not known']],
  ['EAI_AGAIN', ['HOST_NOT_FOUND', 'the host name could not be looked up now']],
  ['ENODATA', ['HOST_NOT_FOUND', 'the host name has no address']],
  ['ETIMEDOUT', ['CONNECTION_TIMEOUT', 'the host does not answer']],
  ['EHOSTUNREACH', ['NETWORK_UNREACHABLE', 'there is no route to the host']],
  ['ENETUNREACH', ['NETWORK_UNREACHABLE', 'there is no route to its network']],
  ['EHOSTDOWN', ['NETWORK_UNREACHABLE', 'the host is down']],
  ['ENETDOWN', ['NETWORK_UNREACHABLE', 'the network is down']],
  ['ECONNRESET', ['CONNECTION_CLOSED', 'the server closed the connection']],
  ['EPIPE', ['CONNECTION_CLOSED', 'the server closed the connection']],
  ['EADDRNOTAVAIL', ['NETWORK_UNREACHABLE', 'the address cannot be reached from here']],
]);

/** The ConnectionError for a socket that closed, with or without an error. */
export function describeSocketError(failure: Error | undefined, server: string): ConnectionError {
  if (failure === undefined) {
    return new ConnectionError('CONNECTION_CLOSED', `${server} closed the connection`, { server });
  }
  const errno = errnoOf(failure);
  const [code, meaning] =
    PROBLEM_BY_ERRNO.get(errno) ?? (['CONNECTION_CLOSED', 'the connection broke'] as const);
  return new ConnectionError(code, `${server}: ${meaning} (${errno === '' ? failure.message : errno})`, {
    server,
    cause: failure,
  });
}

function errnoOf(failure: Error): string {
  // Several addresses of one name that all failed come as one AggregateError; the first stands for all.
  if (failure instanceof AggregateError) {
    const [first] = failure.errors as readonly unknown[];
    return first instanceof Error ? errnoOf(first) : '';
  }
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : '';
}
