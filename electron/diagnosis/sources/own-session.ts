/**
 * What a session of Zabra's can read: the ensemble's configuration, and quotas with their use. Two or three requests every few
 * seconds to one server; nothing is watched that other clients change often, and nothing is written. The session is that of
 * an open connection where there is one, else one of its own.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { AppError } from '../../../shared/errors.ts';
import { ZooKeeperClient } from '../../client/client.ts';
import { formatHostPort } from '../../client/connect-string.ts';
import { parseEnsembleConfig } from '../../services/cluster/server-addresses.ts';
import type { ReadingClient } from '../../services/connections/open-connection.ts';
import { QuotaIndex } from '../../services/znodes/quota-index.ts';
import { limitsPath, statsPath, toQuotaDto } from '../../services/znodes/quota.ts';
import { isTerminal } from '../../client/session-types.ts';
import type { Observation, QuotaUse } from '../observation.ts';

interface LookOptions {
  readonly now: () => number;
  readonly observe: (observation: Observation) => void;
  readonly signal: AbortSignal;
}

export interface OwnSessionOptions extends LookOptions {
  /** Without a chroot: the configuration and quotas lie outside. */
  readonly connectString: string;
}

export interface LookedThrough {
  readonly client: ReadingClient;
  /** Whether it sees the whole tree, and so the quotas. */
  readonly seesQuotas: boolean;
}

export interface LookThroughOptions extends LookOptions {
  /** What to read with; undefined while there is nothing. */
  readonly through: () => LookedThrough | undefined;
}

const SESSION_TIMEOUT_MS = 30_000;
const LOOK_MS = 5000;
const RETRY_MS = 2000;
/** Looks between two at the configuration, which client ports tell as well. */
const CONFIG_LOOKS = 4;

/** Looks until the signal aborts, with a new session whenever one has expired. */
export async function lookWithOwnSession(options: OwnSessionOptions): Promise<void> {
  const { connectString, signal } = options;
  while (!hasAborted(signal)) {
    const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: SESSION_TIMEOUT_MS });
    try {
      await client.connect({ keepTrying: true, signal });
      const look = new OwnLook({ client, seesQuotas: true }, options);
      while (!hasAborted(signal) && !isTerminal(client.facts.state)) {
        await look.look();
        await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
      }
    } catch (error) {
      if (!(error instanceof AppError) && !hasAborted(signal)) throw error;
    } finally {
      // A server that is not there any more cannot be told.
      await Promise.race([client.close(), delay(RETRY_MS, undefined, { ref: false })]);
      client.abandon();
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Looks until the signal aborts, through whichever session there is. */
export async function lookThrough(options: LookThroughOptions): Promise<void> {
  const { signal, through } = options;
  let look: OwnLook | undefined;
  while (!hasAborted(signal)) {
    const present = through();
    if (look?.client !== present?.client) look = present && new OwnLook(present, options);
    await look?.look();
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** A function, since it changes between two looks at it. */
function hasAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

class OwnLook {
  readonly client: ReadingClient;
  readonly #options: LookOptions;
  readonly #quotas: QuotaIndex | undefined;
  #nextQuota = 0;
  #looks = 0;
  /** By path, as long as the index of quotas stays the same: it is made anew when a limit changes. */
  readonly #limits = new Map<string, string>();
  #indexed: ReadonlySet<string> | undefined;

  constructor({ client, seesQuotas }: LookedThrough, options: LookOptions) {
    this.client = client;
    this.#options = options;
    this.#quotas = seesQuotas ? new QuotaIndex(client) : undefined;
  }

  /** What cannot be read now, while the connection is lost or there is no leader, is read at the next look. */
  async look(): Promise<void> {
    try {
      if (this.#looks++ % CONFIG_LOOKS === 0) await this.#readConfig();
      if (this.#quotas !== undefined) await this.#readQuotas(this.#quotas);
    } catch (error) {
      if (!(error instanceof AppError) && !hasAborted(this.#options.signal)) throw error;
    }
  }

  async #readConfig(): Promise<void> {
    const { now, observe, signal } = this.#options;
    const { data } = await this.client.getConfig({ signal });
    const text = new TextDecoder().decode(data ?? new Uint8Array());
    for (const { sid, client } of parseEnsembleConfig(text)) {
      observe({ kind: 'identified', atMs: now(), server: formatHostPort(client), sid });
    }
    const members = [...text.matchAll(/^server\.(\d+)=[^\n]*:(participant|observer)\b/gm)];
    const version = /^version=(\S+)/m.exec(text)?.[1];
    if (members.length === 0 || version === undefined) return;
    const sidsOf = (role: string): number[] =>
      members.filter((member) => member[2] === role).map((member) => Number(member[1]));
    observe({
      kind: 'configured',
      atMs: now(),
      version,
      participants: sidsOf('participant'),
      observers: sidsOf('observer'),
    });
  }

  /** One at each look. */
  async #readQuotas(quotas: QuotaIndex): Promise<void> {
    const indexed = await quotas.paths();
    if (indexed !== this.#indexed) this.#limits.clear();
    this.#indexed = indexed;
    const paths = [...indexed];
    const path = paths[this.#nextQuota++ % paths.length];
    const use = path === undefined ? undefined : await this.#readQuota(path);
    if (use === undefined) return;
    this.#options.observe({ kind: 'quotas-exceeded', atMs: this.#options.now(), exceeded: [use] });
  }

  async #readQuota(path: string): Promise<QuotaUse | undefined> {
    const { signal } = this.#options;
    const text = async (node: string): Promise<string> => {
      const { data } = await this.client.getData(node, { signal });
      return new TextDecoder().decode(data ?? new Uint8Array());
    };
    try {
      const limits = this.#limits.get(path) ?? (await text(limitsPath(path)));
      this.#limits.set(path, limits);
      return excessOf(path, toQuotaDto(limits, await text(statsPath(path))));
    } catch (error) {
      // Removed meanwhile, or not ours to read.
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }
}

function excessOf(path: string, quota: ReturnType<typeof toQuotaDto>): QuotaUse | undefined {
  const { count, bytes, countLimit, bytesLimit, countHardLimit, bytesHardLimit } = quota;
  const over = (use: number, limit: number): boolean => limit >= 0 && use > limit;
  // A hard limit keeps the use at the limit: reached is exceeded, for whoever wants to write.
  const reached = (use: number, limit: number): boolean => limit >= 0 && use >= limit;
  const use = (unit: 'nodes' | 'bytes', used: number, limit: number, isHard: boolean): QuotaUse => ({
    path,
    excess: { unit, used, limit },
    isHard,
  });
  if (reached(count, countHardLimit)) return use('nodes', count, countHardLimit, true);
  if (reached(bytes, bytesHardLimit)) return use('bytes', bytes, bytesHardLimit, true);
  if (over(count, countLimit)) return use('nodes', count, countLimit, false);
  if (over(bytes, bytesLimit)) return use('bytes', bytes, bytesLimit, false);
  return undefined;
}
