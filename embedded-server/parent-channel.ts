/**
 * The way from a server process back to its parent: Node's IPC when it was forked, Electron's message port when it is a
 * utility process, nothing when a person started it by hand.
 */
import type { ToParent, ToServer } from './server-messages.ts';

export interface ParentChannel {
  readonly isThere: boolean;
  send(message: ToParent): void;
  onMessage(listener: (message: ToServer) => void): void;
  /** The parent is gone, by now or already. Never called where there was none. */
  onLost(listener: () => void): void;
}

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function openParentChannel(): ParentChannel {
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  if (parentPort) return overPort(parentPort);
  return process.connected ? overIpc() : nobody;
}

function overPort(port: ParentPort): ParentChannel {
  return {
    isThere: true,
    send(message) {
      port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', ({ data }) => {
        if (isToServer(data)) listener(data);
      });
    },
    // Electron ends its utility processes with itself.
    onLost: () => undefined,
  };
}

function overIpc(): ParentChannel {
  return {
    isThere: true,
    send(message) {
      // A parent that is just going away is told nothing; 'disconnect' follows.
      if (process.connected) process.send?.(message, () => undefined);
    },
    onMessage(listener) {
      process.on('message', (message) => {
        if (isToServer(message)) listener(message);
      });
    },
    onLost(listener) {
      // It may have gone while the server was starting.
      if (process.connected) process.once('disconnect', listener);
      else queueMicrotask(listener);
    },
  };
}

const nobody: ParentChannel = {
  isThere: false,
  send: () => undefined,
  onMessage: () => undefined,
  onLost: () => undefined,
};

function isToServer(message: unknown): message is ToServer {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    (message.kind === 'stop' || message.kind === 'conditions')
  );
}
