/**
 * The table of live states: one row a fact, one cell a server, and which cells differ from what the quorum has. Pure. What
 * moves with every write is compared only for servers that do not serve: the others are asked one after the other, so a
 * difference under load means nothing.
 */
import type { EnsembleDto, LiveServerDto } from '../../../shared/api/ensembles.ts';
import { formatBytes, formatCount, formatZxidHex } from '../../app/format.ts';
import { isRunning } from './partition.ts';

export const LIVE_FACTS = [
  'peerState',
  'zabState',
  'logicalClock',
  'vote',
  'acceptedEpoch',
  'currentEpoch',
  'lastLogged',
  'lastCommitted',
  'outstanding',
  'syncedLearners',
  'sessions',
  'ephemerals',
  'digest',
  'memory',
] as const;
export type LiveFact = (typeof LIVE_FACTS)[number];

/** Why a cell is empty. */
export type Absence =
  'stopped' | 'paused' | 'silent' | 'looking' | 'leader-only' | 'apache' | 'alone' | 'not-yet';

export interface LiveCell {
  readonly sid: number;
  /** Null: see `absence`. */
  readonly text: string | null;
  readonly absence: Absence | null;
  readonly differs: boolean;
}

export interface LiveRow {
  readonly fact: LiveFact;
  readonly cells: readonly LiveCell[];
}

/** What every server of a quorum has alike at any time. */
const SETTLED: ReadonlySet<LiveFact> = new Set(['acceptedEpoch', 'currentEpoch', 'digest']);
/** What is alike only while nobody writes. */
const MOVING: ReadonlySet<LiveFact> = new Set(['lastLogged', 'lastCommitted', 'ephemerals']);
/** What only the events of a builtin server tell. */
const BUILTIN_ONLY: ReadonlySet<LiveFact> = new Set(['logicalClock', 'vote', 'lastLogged', 'zabState']);
/** What only members of a quorum have. */
const QUORUM_ONLY: ReadonlySet<LiveFact> = new Set([
  'peerState',
  'zabState',
  'logicalClock',
  'vote',
  'acceptedEpoch',
  'currentEpoch',
  'syncedLearners',
]);

export function liveRows(ensemble: EnsembleDto, servers: readonly LiveServerDto[]): readonly LiveRow[] {
  const bySid = new Map(servers.map((server) => [server.sid, server]));
  const model = servers.find(({ mode }) => mode === 'leader') ?? servers.find(serves);
  return LIVE_FACTS.map((fact) => ({
    fact,
    cells: ensemble.servers.map(({ sid }) => {
      const server = bySid.get(sid);
      const text = server === undefined ? null : textOf(fact, server);
      return {
        sid,
        text,
        absence: text === null ? absenceOf(fact, { ensemble, sid, server }) : null,
        differs: server !== undefined && model !== undefined && differs(fact, server, model),
      };
    }),
  }));
}

function serves({ mode }: LiveServerDto): boolean {
  return mode !== null && mode !== 'looking';
}

function textOf(fact: LiveFact, server: LiveServerDto): string | null {
  switch (fact) {
    case 'peerState':
    case 'zabState':
      return server[fact];
    case 'logicalClock':
    case 'vote':
    case 'acceptedEpoch':
    case 'currentEpoch':
      return textOr(server[fact], String);
    case 'lastLogged':
    case 'lastCommitted':
      return textOr(server[fact], formatZxidHex);
    case 'outstanding':
    case 'sessions':
    case 'ephemerals':
      return textOr(server[fact], formatCount);
    case 'syncedLearners':
      if (server.syncedLearners !== null) return server.syncedLearners.join(', ') || '0';
      return textOr(server.syncedLearnerCount, formatCount);
    case 'digest':
      return textOr(server.digest, ({ value }) => value.slice(0, 8));
    case 'memory':
      return textOr(server.rssBytes, formatBytes);
  }
}

function textOr<T>(value: T | null, format: (value: T) => string): string | null {
  return value === null ? null : format(value);
}

function differs(fact: LiveFact, server: LiveServerDto, model: LiveServerDto): boolean {
  if (server === model) return false;
  if (fact === 'peerState') return server.peerState === 'LOOKING';
  if (fact === 'zabState') return server.zabState !== null && server.zabState !== model.zabState;
  // Digests after different transactions cannot be compared.
  if (fact === 'digest' && server.digest?.zxid !== model.digest?.zxid) return false;
  if (!SETTLED.has(fact) && !(MOVING.has(fact) && !serves(server))) return false;
  const [text, wanted] = [textOf(fact, server), textOf(fact, model)];
  return text !== null && wanted !== null && text !== wanted;
}

function absenceOf(
  fact: LiveFact,
  { ensemble, sid, server }: { ensemble: EnsembleDto; sid: number; server: LiveServerDto | undefined },
): Absence {
  const process = ensemble.servers.find((one) => one.sid === sid);
  if (process?.process === 'paused') return 'paused';
  if (process === undefined || !isRunning(process)) return 'stopped';
  if (server === undefined) return 'not-yet';
  if (!server.isAnswering) return 'silent';
  if (fact === 'syncedLearners' && server.mode !== 'leader') return 'leader-only';
  if (ensemble.servers.length === 1 && QUORUM_ONLY.has(fact)) return 'alone';
  if (ensemble.engine === 'apache' && BUILTIN_ONLY.has(fact)) return 'apache';
  return serves(server) ? 'not-yet' : 'looking';
}
