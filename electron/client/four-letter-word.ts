/**
 * Four-letter words: a command of four bytes on a fresh connection to the client port, answered with text and a closed
 * connection (PROTOCOL.md 3.1). Bounded in time and size. What the texts say is read elsewhere (electron/services).
 */
import net from 'node:net';
import { setTimeout as startTimeout, clearTimeout as stopTimeout } from 'node:timers';
import { ConnectionError } from '../../shared/errors.ts';
import { decodeUtf8, encodeUtf8 } from '../../shared/jute/utf8.ts';
import { type HostPort, formatHostPort } from './connect-string.ts';
import { deferred } from './deferred.ts';
import { describeSocketError } from './tcp-transport.ts';

export type FourLetterWord =
  | 'conf'
  | 'cons'
  | 'dump'
  | 'envi'
  | 'hash'
  | 'isro'
  | 'mntr'
  | 'ruok'
  | 'srvr'
  | 'stat'
  | 'wchc'
  | 'wchp'
  | 'wchs';

/** What a server made of the word. Only `ok` carries an answer. */
export type FourLetterAnswer =
  | { readonly status: 'ok'; readonly text: string }
  /** The server's 4lw.commands.whitelist does not name the word. */
  | { readonly status: 'notWhitelisted' }
  /** The server runs but has no leader, or is starting. */
  | { readonly status: 'notServing' }
  /** More than the caller takes; the rest was not read. */
  | { readonly status: 'tooLong' };

export interface FourLetterOptions {
  readonly timeoutMs?: number;
  /** `wchp` and `dump` of a large ensemble are long. */
  readonly textBytesMax?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS_DEFAULT = 5_000;
const TEXT_BYTES_MAX_DEFAULT = 16 * 1024 * 1024;
const NOT_WHITELISTED = 'is not executed because it is not in the whitelist';
const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests';

/**
 * Asks one server. Rejects with ConnectionError: it cannot be reached, answers too slowly, or closes without an answer; and with the signal's reason when that aborts.
 */
export async function sendFourLetterWord(
  host: HostPort,
  word: FourLetterWord,
  options: FourLetterOptions = {},
): Promise<FourLetterAnswer> {
  const answer = await exchange(host, word, options);
  if (answer === undefined) return { status: 'tooLong' };
  const text = decodeUtf8(answer);
  if (text.startsWith(`${word} ${NOT_WHITELISTED}`)) return { status: 'notWhitelisted' };
  if (text.startsWith(NOT_SERVING)) return { status: 'notServing' };
  if (text === '') {
    const server = formatHostPort(host);
    throw new ConnectionError(
      'NOT_ZOOKEEPER',
      `${server} closed the connection without an answer to ${word}`,
      { server },
    );
  }
  return { status: 'ok', text };
}

/** Whether `host` serves reads and writes, as a client on a read-only server wants to know. Never rejects. */
export async function isReadWriteServer(host: HostPort): Promise<boolean> {
  try {
    const answer = await sendFourLetterWord(host, 'isro', { timeoutMs: 1_000, textBytesMax: 1024 });
    return answer.status === 'ok' && answer.text.trim() === 'rw';
  } catch (error) {
    if (error instanceof ConnectionError) return false;
    throw error;
  }
}

/** Undefined when there is more than `textBytesMax`. */
function exchange(
  host: HostPort,
  word: FourLetterWord,
  { timeoutMs = TIMEOUT_MS_DEFAULT, textBytesMax = TEXT_BYTES_MAX_DEFAULT, signal }: FourLetterOptions,
): Promise<Uint8Array | undefined> {
  const server = formatHostPort(host);
  const { promise, resolve, reject } = deferred<Uint8Array | undefined>();
  const socket = net.connect({ host: host.host, port: host.port, noDelay: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const fail = (error: Error): void => {
    reject(error);
    socket.destroy();
  };
  const timer = startTimeout(() => {
    fail(
      new ConnectionError('CONNECTION_TIMEOUT', `${server} did not answer ${word} within ${timeoutMs} ms`, {
        server,
      }),
    );
  }, timeoutMs);
  const onAbort = (): void => {
    fail(abortReason(signal));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  socket.on('connect', () => socket.write(encodeUtf8(word)));
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= textBytesMax) chunks.push(chunk);
    else {
      resolve(undefined);
      socket.destroy();
    }
  });
  socket.on('end', () => {
    resolve(Buffer.concat(chunks));
  });
  socket.on('error', (error) => {
    // Compat: a server that closes with our bytes unread resets the connection; what it said before is the answer.
    if (chunks.length > 0) resolve(Buffer.concat(chunks));
    else reject(describeSocketError(error, server));
  });
  return promise.finally(() => {
    stopTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    socket.destroy();
  });
}

/** What an aborted call rejects with: the signal's own reason. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
