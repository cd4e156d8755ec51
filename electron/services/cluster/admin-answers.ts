/**
 * What AdminServers tell over HTTP, sparingly: `monitor` has what `mntr` has, also where the whitelist forbids that, and the Date
 * of the answer is the server's clock. An AdminServer that does not answer is left alone for a while.
 */
import type { ServerRole } from '../../../shared/api/common.ts';
import { parseRole } from './four-letter-words/lines.ts';
import type { Mntr } from './four-letter-words/mntr.ts';

export interface AdminAnswer {
  readonly mntr: Mntr | undefined;
  /** Of the server's clock before Zabra's; undefined where the answer took too long to say. */
  readonly clockAheadMs: number | undefined;
  readonly tookMs: number;
  readonly atMs: number;
}

const ANSWER_MS_MAX = 2_000;
const TEXT_CHARACTERS_MAX = 1024 * 1024;
const AGE_MS_MAX = 4_000;
const SILENT_AGE_MS_MAX = 30_000;
/** A Date is cut to a second: on average the clock is half a second further. */
const DATE_CUT_MS = 500;
const CLOCK_TOOK_MS_MAX = 500;

interface Asked {
  readonly answer: Promise<AdminAnswer | undefined>;
  holdsUntilMs: number;
}

export class AdminAnswers {
  readonly #asked = new Map<string, Asked>();

  /** `url` without a slash at its end. Undefined where nothing of use is heard. */
  async of(url: string): Promise<AdminAnswer | undefined> {
    const known = this.#asked.get(url);
    if (known !== undefined && performance.now() < known.holdsUntilMs) return known.answer;
    const asked: Asked = { answer: ask(url), holdsUntilMs: Infinity };
    this.#asked.set(url, asked);
    const answer = await asked.answer;
    asked.holdsUntilMs = performance.now() + (answer === undefined ? SILENT_AGE_MS_MAX : AGE_MS_MAX);
    return answer;
  }
}

async function ask(url: string): Promise<AdminAnswer | undefined> {
  const sentMs = Date.now();
  try {
    const response = await fetch(`${url}/commands/monitor`, {
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      redirect: 'error',
    });
    const text = await response.text();
    const atMs = Date.now();
    const dateMs = Date.parse(response.headers.get('date') ?? '');
    const mntr = text.length > TEXT_CHARACTERS_MAX ? undefined : parseMonitor(text);
    const tookMs = atMs - sentMs;
    const tellsClock = !Number.isNaN(dateMs) && tookMs <= CLOCK_TOOK_MS_MAX;
    return {
      mntr,
      clockAheadMs: tellsClock ? dateMs + DATE_CUT_MS - (sentMs + tookMs / 2) : undefined,
      tookMs,
      atMs,
    };
  } catch {
    // Nobody listens there, it is no AdminServer, or it is too slow: what it would tell is not known.
    return undefined;
  }
}

/** Undefined for what is no answer to `monitor`; a server that does not serve says so with an error. */
export function parseMonitor(text: string): Mntr | undefined {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { command, error, ...metrics } = parsed as Record<string, unknown>;
  if (command !== 'monitor' || (error !== null && error !== undefined)) return undefined;
  const values = Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) =>
      typeof value === 'number' || typeof value === 'string' ? [[`zk_${name}`, String(value)]] : [],
    ),
  );
  const role: ServerRole | undefined = parseRole(values.zk_server_state);
  return { values, role };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
