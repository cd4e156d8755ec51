/**
 * Asks a server a four-letter word and says how its port took the question. What fails tells as much as an answer: a process
 * that is gone refuses, one that is paused accepts and is silent, a machine that is gone does neither.
 */
import type { Standing } from '../../../shared/api/sentences.ts';
import net from 'node:net';

import { decodeUtf8 } from '../../../shared/jute/utf8.ts';
import type { HostPort } from '../../client/connect-string.ts';
import type { FourLetterWord } from '../../client/four-letter-word.ts';

export interface PortAnswer {
  readonly standing: Standing;
  /** Undefined without an answer, and where the whitelist does not have the word. */
  readonly text: string | undefined;
  readonly isForbidden: boolean;
}

export const ANSWER_MS_MAX = 1500;
const TEXT_BYTES_MAX = 8 * 1024 * 1024;
const NOT_WHITELISTED = 'is not executed because it is not in the whitelist';
const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests';

/** Never rejects. */
export function askPort({ host, port }: HostPort, word: FourLetterWord): Promise<PortAnswer> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, noDelay: true });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isConnected = false;
    const settle = (standing: Standing, text?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ standing, text, isForbidden: false });
    };
    const timer = setTimeout(() => {
      settle(isConnected ? 'silent' : 'unroutable');
    }, ANSWER_MS_MAX);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(read(word, decodeUtf8(Buffer.concat(chunks))));
    };
    socket.on('connect', () => {
      isConnected = true;
      socket.write(word);
    });
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= TEXT_BYTES_MAX) chunks.push(chunk);
      else finish();
    });
    socket.on('end', finish);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (chunks.length > 0) finish();
      else settle(standingOf(error, isConnected));
    });
  });
}

function read(word: FourLetterWord, text: string): PortAnswer {
  if (text.startsWith(NOT_SERVING)) return { standing: 'looking', text: undefined, isForbidden: false };
  if (text === '') return { standing: 'hung-up', text: undefined, isForbidden: false };
  if (text.startsWith(`${word} ${NOT_WHITELISTED}`))
    return { standing: 'serving', text: undefined, isForbidden: true };
  return { standing: 'serving', text, isForbidden: false };
}

function standingOf({ code }: NodeJS.ErrnoException, isConnected: boolean): Standing {
  // Whoever is turned away may be reset before it has heard that it is connected.
  if (isConnected || code === 'ECONNRESET' || code === 'EPIPE') return 'hung-up';
  return code === 'ECONNREFUSED' ? 'refused' : 'unroutable';
}
