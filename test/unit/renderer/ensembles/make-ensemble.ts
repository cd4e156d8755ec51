/** Ensembles for tests of what the page makes of them. */
import type {
  EnsembleDto,
  EnsembleLiveDto,
  EnsembleServerDto,
  LinkDto,
  LiveServerDto,
} from '../../../../shared/api/ensembles.ts';

const WHOLE = { isCut: false, delayMs: 0, bytesPerSecond: null };
const CUT = { ...WHOLE, isCut: true };

const USUAL = { syncDelayMs: 0, isDiskFull: false, clockSkewMs: 0 };

export function ensembleOf(options: {
  readonly voters: number;
  readonly observers?: number;
  /** Links that are cut, as `1-3`; `1>3` for what 1 sends to 3. */
  readonly cut?: readonly string[];
  readonly processes?: Readonly<Record<number, EnsembleServerDto['process']>>;
  readonly state?: EnsembleDto['state'];
}): EnsembleDto {
  const { voters, observers = 0, cut = [], processes = {}, state = 'running' } = options;
  const sids = Array.from({ length: voters + observers }, (_, index) => index + 1);
  return {
    hasChangeableServers: true,
    ensembleId: 'e',
    name: 'lab',
    connectionId: 'c',
    engine: 'builtin',
    state,
    sinceMs: 0,
    failure: null,
    servers: sids.map((sid) => ({
      sid,
      role: sid <= voters ? 'participant' : 'observer',
      clientPort: 2180 + sid,
      process: processes[sid] ?? 'running',
      pid: 100 + sid,
      failure: null,
      conditions: USUAL,
    })),
    links: sids.flatMap((a) =>
      sids
        .filter((b) => b > a)
        .map((b): LinkDto => ({
          a,
          b,
          there: cut.includes(`${a}-${b}`) || cut.includes(`${a}>${b}`) ? CUT : WHOLE,
          back: cut.includes(`${a}-${b}`) || cut.includes(`${b}>${a}`) ? CUT : WHOLE,
        })),
    ),
  };
}

export function liveServer(sid: number, changes: Partial<LiveServerDto> = {}): LiveServerDto {
  return {
    sid,
    rssBytes: 100 * 1024 * 1024,
    isAnswering: true,
    mode: 'follower',
    peerState: 'FOLLOWING',
    zabState: 'BROADCAST',
    logicalClock: 1,
    vote: 3,
    acceptedEpoch: 1,
    currentEpoch: 1,
    lastLogged: '0x100000005',
    lastCommitted: '0x100000005',
    outstanding: 0,
    syncedLearners: null,
    syncedLearnerCount: null,
    sessions: 2,
    ephemerals: 1,
    digest: null,
    ...changes,
  };
}

export function liveOf(...servers: readonly LiveServerDto[]): EnsembleLiveDto {
  return { atMs: 1, servers: [...servers] };
}

export const leads = (sid: number, changes: Partial<LiveServerDto> = {}): LiveServerDto =>
  liveServer(sid, { mode: 'leader', peerState: 'LEADING', ...changes });

export const looks = (sid: number, changes: Partial<LiveServerDto> = {}): LiveServerDto =>
  liveServer(sid, {
    mode: 'looking',
    peerState: 'LOOKING',
    zabState: 'ELECTION',
    lastCommitted: null,
    sessions: null,
    ephemerals: null,
    ...changes,
  });
