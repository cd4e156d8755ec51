/**
 * Who of an ensemble can reach whom, by its links: the sides of a partition, and whether a side has a majority of the
 * voters. Pure. A link that is cut one way joins nobody, since no connection can be made over it.
 */
import type { EnsembleDto, EnsembleServerDto, LinkDto } from '../../../shared/api/ensembles.ts';

export interface Side {
  /** Ascending. */
  readonly sids: readonly number[];
  /** Participants among them whose process runs. */
  readonly voterCount: number;
  readonly hasQuorum: boolean;
}

export interface Sides {
  /** The one with the lowest sid first; one alone where nothing is cut apart. */
  readonly sides: readonly Side[];
  /** Of the whole ensemble, running or not. */
  readonly voterCount: number;
}

export const isWhole = ({ there, back }: LinkDto): boolean => !there.isCut && !back.isCut;

export const isRunning = ({ process }: EnsembleServerDto): boolean => process === 'running';

export function sidesOf({ servers, links }: Pick<EnsembleDto, 'servers' | 'links'>): Sides {
  const voterCount = servers.filter(isVoter).length;
  const sides = joined(
    servers.map(({ sid }) => sid),
    links.filter(isWhole),
    links.length === 0,
  ).map((sids): Side => {
    const running = servers.filter(
      (server) => sids.includes(server.sid) && isVoter(server) && isRunning(server),
    );
    return { sids, voterCount: running.length, hasQuorum: running.length > voterCount / 2 };
  });
  return { sides, voterCount };
}

function isVoter({ role }: EnsembleServerDto): boolean {
  return role === 'participant';
}

/** Sids in sets that links join. An ensemble that tells no links has none that could be cut. */
function joined(
  sids: readonly number[],
  links: readonly Pick<LinkDto, 'a' | 'b'>[],
  areAllJoined: boolean,
): readonly (readonly number[])[] {
  if (areAllJoined) return [sids.toSorted(ascending)];
  const sideOf = new Map(sids.map((sid) => [sid, sid]));
  for (const { a, b } of links) {
    const [kept, gone] = [sideOf.get(a), sideOf.get(b)];
    if (kept === undefined || gone === undefined || kept === gone) continue;
    for (const [sid, side] of sideOf) if (side === gone) sideOf.set(sid, kept);
  }
  const groups = new Map<number, number[]>();
  for (const sid of sids.toSorted(ascending)) {
    const side = sideOf.get(sid) ?? sid;
    groups.set(side, [...(groups.get(side) ?? []), sid]);
  }
  return [...groups.values()];
}

function ascending(x: number, y: number): number {
  return x - y;
}

export interface PartitionChoice {
  readonly kind: 'isolate-leader' | 'isolate-follower' | 'halves';
  /** Who is cut off from all others. */
  readonly group: readonly number[];
}

/** The partitions that one wants most often, by the roles as they are now; those that make sense. */
export function partitionChoices(
  servers: readonly EnsembleServerDto[],
  leader: number | undefined,
): readonly PartitionChoice[] {
  const voters = servers.filter(isVoter).map(({ sid }) => sid);
  if (servers.length < 2) return [];
  const follower = voters.find((sid) => sid !== leader);
  const minority = voters.slice(0, Math.floor(voters.length / 2));
  return [
    ...(leader === undefined ? [] : [{ kind: 'isolate-leader', group: [leader] } as const]),
    ...(follower === undefined ? [] : [{ kind: 'isolate-follower', group: [follower] } as const]),
    ...(minority.length < 2 ? [] : [{ kind: 'halves', group: minority } as const]),
  ];
}
