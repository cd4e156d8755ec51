/** Servers as sampled, as members of a quorum: who votes, who runs, and how far each log is. Pure. */
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { type QuorumRules, majorityRules, parseQuorumRules } from '../../../shared/quorum-rules.ts';
import type { QuorumMember } from '../../../shared/quorum-what-if.ts';
import { zxidEpoch, zxidFromHex } from '../../../shared/zxid.ts';

export interface KnownQuorum {
  readonly rules: QuorumRules;
  /** A majority of the servers seen, since nobody tells the configuration. */
  readonly isGuessed: boolean;
  readonly members: readonly QuorumMember[];
}

type Sampled = Pick<ServerDto, 'sid' | 'role' | 'failure' | 'isServing' | 'zxid'>;

/** Undefined where no server says its number: then nothing can be said of them by name. */
export function knownQuorum(servers: readonly Sampled[], configText: string | null): KnownQuorum | undefined {
  const named = servers.flatMap((server) => (server.sid === null ? [] : [{ ...server, sid: server.sid }]));
  const parsed = configText === null ? undefined : parseQuorumRules(configText);
  const isObserver = ({ role }: Sampled): boolean => role === 'observer';
  const sids = (some: readonly { sid: number }[]): number[] =>
    some.map(({ sid }) => sid).sort((x, y) => x - y);
  const rules =
    parsed ??
    majorityRules(
      sids(named.filter((server) => !isObserver(server) && server.role !== 'standalone')),
      sids(named.filter(isObserver)),
    );
  if (rules.voters.length === 0) return undefined;
  const ledEpoch = newestEpochServed(named);
  return {
    rules,
    isGuessed: parsed === undefined,
    members: rules.voters.map((sid) => {
      const server = named.find((each) => each.sid === sid);
      return server === undefined
        ? { sid, isUp: false, isLeader: false, peerEpoch: null, zxid: null }
        : memberOf(server, ledEpoch);
    }),
  };
}

function memberOf(server: Sampled & { sid: number }, ledEpoch: number | null): QuorumMember {
  const { sid, failure, isServing, role, zxid: hex } = server;
  const zxid = hex === null ? null : zxidFromHex(hex);
  // Whoever serves follows the present epoch, even before its first transaction.
  const peerEpoch = isServing && ledEpoch !== null ? ledEpoch : zxid === null ? null : zxidEpoch(zxid);
  return { sid, isUp: failure === null, isLeader: isServing && role === 'leader', peerEpoch, zxid };
}

function newestEpochServed(servers: readonly Sampled[]): number | null {
  const epochs = servers.flatMap(({ isServing, zxid }) =>
    isServing && zxid !== null ? [zxidEpoch(zxidFromHex(zxid))] : [],
  );
  return epochs.length === 0 ? null : Math.max(...epochs);
}
