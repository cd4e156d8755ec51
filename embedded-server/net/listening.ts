/** Opening and closing the ports between servers. */
import type { Server } from 'node:net';

import type { HostPort } from './host-port.ts';

/** Resolves when the port is open; rejects with the system's error, EADDRINUSE for one. Later errors go to `onError`. */
export function listenOn(server: Server, address: HostPort, onError: (error: Error) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      server.on('error', onError);
      resolve();
    });
  });
}

/** Resolves when the port is closed and no connection of it is left; whoever calls this ends those. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
