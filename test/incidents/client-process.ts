/** Starts a client in a process of its own (client-main.ts), which can be killed and frozen as any client can. */
import { fileURLToPath } from 'node:url';

import { deferred } from '../../electron/client/deferred.ts';
import { ChildLines } from '../interop/child-lines.ts';
import { within } from '../support/wait.ts';

const START_MS_MAX = 20_000;
const MAIN = fileURLToPath(new URL('client-main.ts', import.meta.url));

export interface ClientProcess {
  /** As `0x…`. */
  readonly sessionId: string;
  /** `host:port` of the server that it is connected to now. */
  readonly server: string;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Closes its session and ends. */
  close(): Promise<void>;
}

export async function startClientProcess({
  connectString,
  timeoutMs,
}: {
  readonly connectString: string;
  readonly timeoutMs: number;
}): Promise<ClientProcess> {
  const { promise: connected, resolve } = deferred<string>();
  let server = '';
  const child = new ChildLines({
    file: process.execPath,
    args: [MAIN, connectString, String(timeoutMs)],
    onLine(line) {
      const [word = '', sessionId = '', address = ''] = line.split(' ');
      if (word !== 'connected') return;
      server = address;
      resolve(sessionId);
    },
  });
  const sessionId = await within('the client connects', connected, START_MS_MAX);
  return {
    sessionId,
    get server() {
      return server;
    },
    kill: () => child.kill(),
    freeze: () => child.signal('SIGSTOP'),
    thaw: () => child.signal('SIGCONT'),
    close: () => child.end(),
  };
}
