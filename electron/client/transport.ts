/**
 * What a session needs of a byte stream to a server. TCP is the one transport today (tcp-transport.ts); TLS and SSH tunnels
 * fit behind the same two interfaces.
 */
import type { ConnectionError } from '../../shared/errors.ts';
import type { HostPort } from './connect-string.ts';

export interface ConnectionListener {
  onOpen(): void;
  /** `chunk` belongs to the listener from here on. */
  onChunk(chunk: Uint8Array): void;
  /** Called once, whether or not the connection was ever open; never after {@link Connection.close}. */
  onClose(error: ConnectionError): void;
}

export interface Connection {
  /** Demands that the connection is open. Bytes leave in the order of the calls. */
  send(bytes: Uint8Array): void;
  /** Ends the connection at once; the listener hears nothing after this. */
  close(): void;
}

export interface Transport {
  /** Begins to connect. The listener is called later, never from within this call. */
  open(host: HostPort, listener: ConnectionListener): Connection;
}
