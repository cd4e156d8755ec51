/**
 * Follows the samples of one connection: completes each with what only two of them tell, and makes it a point of the history.
 * Between two samples a server may not have been asked again; its last interval then still stands.
 */
import type { ServerDto } from '../../../../shared/api/cluster.ts';
import type { HistoryPoint, ServerMoment } from '../../../../shared/api/cluster-history.ts';
import { zxidEpoch, zxidFromHex } from '../../../../shared/zxid.ts';
import { answeredMs, momentOf } from './moment.ts';
import { ZxidTrail } from './zxid-trail.ts';

interface Remembered {
  readonly told: ServerDto;
  readonly moment: ServerMoment;
}

export class SampleBook {
  readonly #remembered = new Map<string, Remembered>();
  readonly #trail = new ZxidTrail();

  /** The servers with `lag` and `moment`, and the point that they make. */
  onSample(
    servers: readonly ServerDto[],
    atMs: number,
  ): { readonly servers: ServerDto[]; readonly point: HistoryPoint } {
    const leader = servers.find(({ role, isServing }) => role === 'leader' && isServing);
    if (leader !== undefined && leader.zxid !== null && leader.zxidAtMs !== null) {
      this.#trail.onLeader(leader.server, { zxid: leader.zxid, atMs: leader.zxidAtMs });
    }
    const completed = servers.map((server) => this.#complete(server));
    return {
      servers: completed,
      point: {
        atMs,
        leader: leader?.server ?? null,
        epoch: epochOf(leader?.zxid ?? null),
        servers: Object.fromEntries(completed.map(({ server, moment }) => [server, moment])),
      },
    };
  }

  #complete(server: ServerDto): ServerDto {
    if (!server.isServing) {
      this.#remembered.delete(server.server);
      return server;
    }
    const before = this.#remembered.get(server.server);
    const isSame = before !== undefined && answeredMs(before.told) === answeredMs(server);
    const told = { ...server, lag: this.#lagOf(server) };
    const moment = isSame ? { ...before.moment, ...momentOf(undefined, told) } : momentOf(before?.told, told);
    this.#remembered.set(server.server, { told: isSame ? before.told : told, moment });
    return { ...told, moment };
  }

  #lagOf({ role, zxid, zxidAtMs }: ServerDto): ServerDto['lag'] {
    const isLearner = role === 'follower' || role === 'observer';
    return isLearner && zxid !== null && zxidAtMs !== null
      ? this.#trail.lagOf({ zxid, atMs: zxidAtMs })
      : null;
  }
}

function epochOf(zxid: string | null): number | null {
  return zxid === null ? null : zxidEpoch(zxidFromHex(zxid));
}
