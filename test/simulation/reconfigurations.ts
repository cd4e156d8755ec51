/**
 * Changes of the ensemble for a simulated run: servers that join, leave or change their role, one at a time or in bulk,
 * with quorums by majority or by groups. Most can be carried out, some are refused.
 */
import {
  type EnsembleConfig,
  parseEnsembleConfig,
  parseEnsembleText,
} from '../../embedded-server/core/ensemble-config.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import type { Prng } from '../fuzz/prng.ts';

type ServerRole = 'participant' | 'observer';

/** Of all requests. */
const SHARE = 0.05;
const ANY_VERSION = -1n;
const STALE_VERSION = 1n;

function addressOf(sid: number, role: ServerRole): string {
  return `10.0.0.${sid}:2888:3888:${role};10.0.0.${sid}:2181`;
}

export function initialEnsemble({
  participants,
  observers,
  groups,
}: {
  participants: number;
  observers: number;
  /** The lines of groups and weights. */
  groups: readonly (readonly [key: string, value: string])[];
}): EnsembleConfig {
  const lines = Array.from({ length: participants + observers }, (_, at) => {
    const role = at < participants ? 'participant' : 'observer';
    return [`server.${at + 1}`, addressOf(at + 1, role)] as const;
  });
  return parseEnsembleConfig([...lines, ...groups]);
}

/** What server `sid` begins with: one that is not in the ensemble yet knows itself as well. */
export function withNewcomer(ensemble: EnsembleConfig, sid: number, prng: Prng): EnsembleConfig {
  if (ensemble.servers.has(sid)) return ensemble;
  // Which group a newcomer is in nobody could tell, unless it has no vote.
  const role = ensemble.isHierarchical || prng.chance(0.5) ? 'observer' : 'participant';
  return parseEnsembleText(`server.${sid}=${addressOf(sid, role)}\n${ensemble.text}`);
}

export class Reconfigurations {
  readonly #prng: Prng;
  /** Of all servers that there are, in the ensemble or not. */
  readonly #sids: readonly number[];

  constructor(prng: Prng, sids: readonly number[]) {
    this.#prng = prng;
    this.#sids = sids;
  }

  /** What a client is to ask for now; undefined mostly. */
  pick(): ReconfigRequest | undefined {
    const prng = this.#prng;
    if (!prng.chance(SHARE)) return undefined;
    const curConfigId = prng.chance(0.1) ? STALE_VERSION : ANY_VERSION;
    const nothing = { joiningServers: null, leavingServers: null, newMembers: null, curConfigId };
    const sid = prng.pick(this.#sids);
    const choice = prng.below(100);
    if (choice < 45) return { ...nothing, joiningServers: this.#line(sid) };
    if (choice < 70) return { ...nothing, leavingServers: String(sid) };
    if (choice < 80) {
      return { ...nothing, joiningServers: this.#line(sid), leavingServers: String(prng.pick(this.#sids)) };
    }
    return { ...nothing, newMembers: this.#bulk() };
  }

  #line(sid: number): string {
    return `server.${sid}=${addressOf(sid, this.#prng.chance(0.7) ? 'participant' : 'observer')}`;
  }

  #bulk(): string {
    const prng = this.#prng;
    const sids = this.#sids.filter(() => prng.chance(0.7));
    const lines = sids.map((sid) => this.#line(sid));
    if (prng.chance(0.3)) {
      lines.push(`group.1=${sids.filter((_, at) => at % 2 === 0).join(':')}`);
      lines.push(`group.2=${sids.filter((_, at) => at % 2 === 1).join(':')}`);
      for (const sid of sids) if (prng.chance(0.3)) lines.push(`weight.${sid}=${prng.below(3)}`);
    }
    return lines.join(prng.chance(0.5) ? ',' : '\n');
  }
}
