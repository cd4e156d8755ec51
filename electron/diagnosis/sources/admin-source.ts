/**
 * What one server's AdminServer offers: a builtin server's stream of events, from the oldest that it still has; of an Apache
 * server who it is and what time it has, by the Date of its answers.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { ServerEventDto } from '../../../shared/api/server-events.ts';
import type { Observation } from '../observation.ts';

export interface AdminOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly now: () => number;
  readonly observe: (observation: Observation) => void;
  /** The client port that goes with it is known. */
  readonly onIdentified: (identity: { sid: number; clientPort: number | undefined }) => void;
  readonly signal: AbortSignal;
}

const RETRY_MS = 500;
/** With what the client port is asked, fewer than two questions a second. */
const CLOCK_MS = 5000;
const ANSWER_MS_MAX = 3000;
const LINE_BYTES_MAX = 1024 * 1024;

/** Listens until the signal aborts. */
export async function listenToAdmin(options: AdminOptions): Promise<void> {
  const { signal } = options;
  const reader = new EventReader(options);
  let sid: number | undefined;
  while (!signal.aborted) {
    const outcome = await reader.read();
    if (outcome === 'not-builtin') {
      sid ??= await identify(options);
      if (sid !== undefined) await readClock(options, sid);
    }
    const pauseMs = outcome === 'not-builtin' ? CLOCK_MS : RETRY_MS;
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

class EventReader {
  readonly #options: AdminOptions;
  #afterSeq = 0;
  #isApache = false;

  constructor(options: AdminOptions) {
    this.#options = options;
  }

  /** Resolves when the stream has ended, or there is none. */
  async read(): Promise<'ended' | 'not-builtin'> {
    if (this.#isApache) return 'not-builtin';
    const { url, signal } = this.#options;
    try {
      const response = await fetch(`${url}/events?after=${this.#afterSeq}`, {
        signal,
      });
      if (response.status === 404) {
        await response.body?.cancel();
        this.#isApache = true;
        return 'not-builtin';
      }
      if (response.ok && response.body !== null) await this.#consume(response.body);
    } catch {
      // The process is gone, or the stream broke: what its next one tells begins anew.
      this.#afterSeq = 0;
    }
    return 'ended';
  }

  async #consume(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LINE_BYTES_MAX) return;
      for (const line of lines) this.#onLine(line);
    }
    this.#afterSeq = 0;
  }

  #onLine(line: string): void {
    if (line === '') return;
    const parsed = ServerEventDto.safeParse(parseJson(line));
    // A newer server may tell what this version does not know.
    if (!parsed.success) return;
    const event = parsed.data;
    const { now, observe, onIdentified } = this.#options;
    if (this.#afterSeq === 0) onIdentified({ sid: event.sid, clientPort: undefined });
    this.#afterSeq = event.seq;
    observe({ kind: 'told', atMs: now(), event });
  }
}

/** Of an Apache server; undefined when it does not say. */
async function identify({ url, signal, onIdentified }: AdminOptions): Promise<number | undefined> {
  const answer = await ask(`${url}/commands/configuration`, signal);
  const conf = answer === undefined ? undefined : parseJson(answer.text);
  if (typeof conf !== 'object' || conf === null) return undefined;
  const { server_id: sid, client_port: clientPort } = conf as Record<string, unknown>;
  if (typeof sid !== 'number') return undefined;
  onIdentified({ sid, clientPort: typeof clientPort === 'number' ? clientPort : undefined });
  return sid;
}

async function readClock({ url, signal, now, observe }: AdminOptions, sid: number): Promise<void> {
  const sentMs = now();
  const answer = await ask(`${url}/commands/ruok`, signal);
  const atMs = now();
  const serverMs = answer?.date === null || answer === undefined ? NaN : Date.parse(answer.date);
  // A slow answer says little about when it was made.
  if (Number.isNaN(serverMs) || atMs - sentMs > RETRY_MS * 2) return;
  observe({ kind: 'clock-read', atMs, sid, serverMs });
}

async function ask(
  url: string,
  signal: AbortSignal,
): Promise<{ text: string; date: string | null } | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    return { text: await response.text(), date: response.headers.get('date') };
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
