/** Servers for tests of samples, history and health: they serve and tell nothing, but for what a test says. */
import type { ServerDto } from '../../../../../shared/api/cluster.ts';
import type { HistoryPoint, ServerMoment } from '../../../../../shared/api/cluster-history.ts';
import type { HealthView } from '../../../../../electron/services/cluster/health/rule.ts';
import { server } from '../../../renderer/cluster/make-server.ts';

export const NOW_MS = 1_800_000_000_000;

export function leader(name: string, known: Partial<ServerDto> = {}): ServerDto {
  return server(name, { role: 'leader', ...known });
}

export function follower(name: string, known: Partial<ServerDto> = {}): ServerDto {
  return server(name, { role: 'follower', ...known });
}

/** A point every two seconds up to now, the oldest first, each with the same moment of one server. */
export function pointsOf(name: string, moments: readonly ServerMoment[]): HistoryPoint[] {
  return moments.map((moment, at) => ({
    atMs: NOW_MS - (moments.length - 1 - at) * 2_000,
    leader: null,
    epoch: null,
    servers: { [name]: moment },
  }));
}

export function repeat(moment: ServerMoment, count: number): ServerMoment[] {
  return new Array<ServerMoment>(count).fill(moment);
}

export function view(servers: readonly ServerDto[], known: Partial<HealthView> = {}): HealthView {
  return { servers, points: [], epochsMs: [], atMs: NOW_MS, ...known };
}
