/** What an ensemble does, in one sentence: from its processes, its links and what its servers tell. Pure. */
import type { EnsembleDto, EnsembleLiveDto } from '../../../shared/api/ensembles.ts';
import { isRunning, sidesOf } from './partition.ts';

export type Verdict =
  | { readonly kind: 'stopped' | 'starting' | 'stopping' | 'failed' | 'asking' }
  /** Who leads is null while nobody does. */
  | { readonly kind: 'partitioned'; readonly sides: string; readonly leader: number | null }
  | { readonly kind: 'serving'; readonly leader: number; readonly epoch: number | null }
  | { readonly kind: 'standalone' }
  | { readonly kind: 'no-quorum'; readonly running: number; readonly voters: number }
  | { readonly kind: 'electing' };

export function judgeEnsemble(ensemble: EnsembleDto, live: EnsembleLiveDto | null): Verdict {
  const { state, servers } = ensemble;
  if (state !== 'running') return { kind: state };
  const { sides, voterCount } = sidesOf(ensemble);
  const leader = leaderOf(live) ?? null;
  if (sides.length > 1) {
    return { kind: 'partitioned', sides: sides.map(({ sids }) => sids.join(' ')).join(' | '), leader };
  }
  const voters = servers.filter((server) => server.role === 'participant' && isRunning(server)).length;
  if (voters <= voterCount / 2) return { kind: 'no-quorum', running: voters, voters: voterCount };
  if (live === null || live.servers.length === 0) return { kind: 'asking' };
  if (live.servers.some(({ mode }) => mode === 'standalone')) return { kind: 'standalone' };
  if (leader === null) return { kind: 'electing' };
  const epoch = live.servers.find(({ sid }) => sid === leader)?.currentEpoch ?? null;
  return { kind: 'serving', leader, epoch };
}

/** Who leads. One that was cut off takes a while to notice: of several, the one of the latest epoch. */
export function leaderOf(live: EnsembleLiveDto | null): number | undefined {
  const leading = (live?.servers ?? []).filter(({ mode }) => mode === 'leader');
  return leading.toSorted((x, y) => (y.currentEpoch ?? 0) - (x.currentEpoch ?? 0))[0]?.sid;
}

export type Tone = 'ok' | 'warn' | 'danger' | 'off';

export function toneOf({ kind }: Verdict): Tone {
  switch (kind) {
    case 'serving':
    case 'standalone':
      return 'ok';
    case 'stopped':
    case 'asking':
      return 'off';
    case 'failed':
    case 'no-quorum':
      return 'danger';
    case 'starting':
    case 'stopping':
    case 'partitioned':
    case 'electing':
      return 'warn';
  }
}
