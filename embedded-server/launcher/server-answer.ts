/** Asks a server by the word `srvr`, which every whitelist allows, whether it serves and in which role. */
import net from 'node:net';

import { type Zxid, zxidFromHex } from '../../shared/zxid.ts';

export type ServerAnswer =
  /** Nobody answers at the port. */
  | { readonly kind: 'unreachable' }
  /** The server is there and takes no requests: it looks for a leader or is joining one. */
  | { readonly kind: 'looking' }
  | { readonly kind: 'serving'; readonly mode: ServingMode; readonly zxid: Zxid };

const SERVING_MODES = ['leader', 'follower', 'observer', 'standalone'] as const;
export type ServingMode = (typeof SERVING_MODES)[number];

const ANSWER_MS_MAX = 1000;
const ANSWER_CHARACTERS_MAX = 10_000;

export interface ClientAddress {
  readonly host: string;
  readonly clientPort: number;
}

export async function askServer(address: ClientAddress): Promise<ServerAnswer> {
  const text = await ask(address);
  if (text === undefined) return { kind: 'unreachable' };
  const mode = SERVING_MODES.find((candidate) => candidate === valueOf(text, 'Mode'));
  const zxid = valueOf(text, 'Zxid') ?? '';
  if (mode === undefined || !/^0x[0-9a-f]{1,16}$/.test(zxid)) return { kind: 'looking' };
  return { kind: 'serving', mode, zxid: zxidFromHex(zxid) };
}

/** A line `name: value` of the answer. */
function valueOf(text: string, name: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}: `));
  return line?.slice(name.length + 2).trim();
}

/** What it says until it hangs up or is silent for too long; undefined for nothing. */
function ask({ host, clientPort }: ClientAddress): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port: clientPort, timeout: ANSWER_MS_MAX });
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > ANSWER_CHARACTERS_MAX) socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    // 'close' follows; what had come by then counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text === '' ? undefined : text);
    });
    socket.write('srvr');
  });
}
