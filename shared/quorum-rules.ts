/**
 * Who votes in an ensemble and what a quorum of them is, as the text of /zookeeper/config, `conf` or a zoo.cfg says it
 * (PROTOCOL.md 2.15, 4.6). Lenient: what it does not know it leaves out, since it reads what servers of any version print.
 * What a server itself demands of its configuration is embedded-server/core/ensemble-config.ts. Pure.
 */
import type { Sid } from './ids.ts';
import { HierarchicalVerifier, MajorityVerifier, type QuorumVerifier } from './quorum-verifier.ts';

export interface QuorumGroup {
  readonly group: number;
  readonly sids: readonly Sid[];
}

export interface QuorumRules {
  readonly voters: readonly Sid[];
  readonly observers: readonly Sid[];
  /** Empty where a majority of the voters is a quorum. */
  readonly groups: readonly QuorumGroup[];
  /** Of voters that are in a group; the others have weight 1. */
  readonly weights: ReadonlyMap<Sid, number>;
}

/** Undefined where the text names no voter. */
export function parseQuorumRules(text: string): QuorumRules | undefined {
  const roles = new Map<Sid, 'voter' | 'observer'>();
  const groups = new Map<number, readonly Sid[]>();
  const weights = new Map<Sid, number>();
  for (const line of text.split('\n')) {
    const [, key, digits, value = ''] = /^\s*(server|group|weight)\.(\d{1,10})\s*=\s*(.*)$/.exec(line) ?? [];
    const number = Number(digits);
    if (key === 'server') roles.set(number, /:observer\s*(;|\||$)/i.test(value) ? 'observer' : 'voter');
    else if (key === 'group') groups.set(number, value.split(':').map(Number).filter(Number.isInteger));
    else if (key === 'weight' && /^\d{1,9}\s*$/.test(value)) weights.set(number, Number(value));
  }
  const withRole = (wanted: 'voter' | 'observer'): Sid[] =>
    [...roles].flatMap(([sid, role]) => (role === wanted ? [sid] : [])).sort((a, b) => a - b);
  const voters = withRole('voter');
  if (voters.length === 0) return undefined;
  return {
    voters,
    observers: withRole('observer'),
    groups: [...groups].map(([group, sids]) => ({ group, sids })).sort((a, b) => a.group - b.group),
    weights,
  };
}

/** A majority of these voters, where nothing more is known. */
export function majorityRules(voters: readonly Sid[], observers: readonly Sid[] = []): QuorumRules {
  return { voters, observers, groups: [], weights: new Map() };
}

export function verifierOf({ voters, groups, weights }: QuorumRules): QuorumVerifier {
  if (groups.length === 0) return new MajorityVerifier(voters);
  const groupOf = new Map(groups.flatMap(({ group, sids }) => sids.map((sid) => [sid, group] as const)));
  return new HierarchicalVerifier({ voters, groupOf, weights });
}
