/** A whole shell as `npm start -- --no-open` makes it, in a folder of its own, with a client over its WebSocket. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { type BrowserShell, startBrowserShell } from '../../../../electron/launch/browser-shell.ts';
import { PROFILE_DEFAULTS, type ProfileDraft } from '../../../../shared/api/connections.ts';
import type { Contract } from '../../../../shared/api/contract.ts';
import { customJsonSerializers } from '../../../../shared/api/serializers.ts';

export type Api = ContractRouterClient<Contract>;

export interface TestShell {
  readonly shell: BrowserShell;
  readonly folder: string;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  readonly port: number;
  readonly cookie: string;
  readonly api: Api;
  /** Ends it as Ctrl+C does, and removes its folder. */
  stop(): Promise<void>;
  /** Ends it as Ctrl+C does, and starts it again on what it has kept. */
  restart(): Promise<TestShell>;
}

export async function startTestShell(): Promise<TestShell> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zabra-shell-'));
  const rendererFolder = path.join(folder, 'renderer');
  mkdirSync(rendererFolder);
  writeFileSync(path.join(rendererFolder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  writeFileSync(path.join(folder, 'secret.txt'), 'outside');
  return startOn(folder);
}

async function startOn(folder: string): Promise<TestShell> {
  const shell = await startBrowserShell({
    dataFolder: path.join(folder, 'data'),
    rendererFolder: path.join(folder, 'renderer'),
    port: undefined,
    version: '0.0.0-test',
  });
  const url = new URL(shell.host.printedUrl);
  const entered = await fetch(url, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  const socket = new WebSocket(`ws://${url.host}/api`, { headers: { cookie }, origin: url.origin });
  return {
    shell,
    folder,
    origin: url.origin,
    port: Number(url.port),
    cookie,
    api: clientOver(socket),
    async stop() {
      socket.close();
      await shell.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    async restart() {
      socket.close();
      await shell.stop();
      return startOn(folder);
    },
  };
}

export function clientOver(socket: WebSocket): Api {
  // Two declarations of one WebSocket: ws's and the browser's, which the link is typed with.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket, customJsonSerializers });
  return createORPCClient(link);
}

export function draftOf(servers: string, changes: Partial<ProfileDraft> = {}): ProfileDraft {
  return { ...PROFILE_DEFAULTS, name: 'test', servers, ...changes };
}

/** Reads a stream until a value is what is waited for; the test's time limit bounds it. Ends the stream. */
export async function until<T>(stream: AsyncIterable<T>, isIt: (value: T) => boolean): Promise<T> {
  for await (const value of stream) if (isIt(value)) return value;
  throw new Error('the stream ended before it came');
}

/** What a call fails with: the data of the contract's FAILURE. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'defined' in error && error.defined === true && 'data' in error)
      return error.data;
    throw error;
  }
  throw new Error('the call did not fail');
}
