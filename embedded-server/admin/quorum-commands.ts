/** Commands of the AdminServer about the ensemble: who leads, who votes, who observes, and where this server stands. */
import { zxidCounter, zxidEpoch, zxidToHex } from '../../shared/zxid.ts';
import type { EnsembleServer, QuorumAddress } from '../core/ensemble-config.ts';
import type { AdminView, LearnerView, QuorumView } from './admin-view.ts';
import type { JsonObject } from './jackson-json.ts';

export function leader({ quorum }: AdminView): JsonObject {
  if (!quorum) return { error: 'server is not initialized' };
  const [address] = quorum.ensemble.servers.get(quorum.leader)?.addresses ?? [];
  return {
    is_leader: quorum.peerState === 'LEADING',
    leader_id: quorum.leader,
    leader_ip: address?.host ?? '',
  };
}

/** Those of a leader; here nobody else has observers. */
export function observers({ quorum }: AdminView): JsonObject {
  const connected = observersOf(quorum);
  return {
    synced_observers: connected.length,
    observers: connected.map((link) => ({
      remote_socket_address: link.address === undefined ? '' : `/${link.address}`,
      sid: link.name,
      established: link.establishedWallMs,
      queued_packets_size: link.unsentBytes,
      packets_received: link.stats.packetsReceived,
      packets_sent: link.stats.packetsSent,
      requests: link.stats.requests,
      last_zxid: link.stats.lastZxid,
    })),
  };
}

export function resetObserverStats({ quorum }: AdminView): JsonObject {
  for (const { stats } of observersOf(quorum)) stats.reset();
  return {};
}

function observersOf(quorum: QuorumView | undefined): readonly LearnerView[] {
  return quorum?.learners.filter(({ isObserver, isSynced }) => isObserver && isSynced) ?? [];
}

export function votingView({ quorum }: AdminView): JsonObject {
  const members = quorum ? [...quorum.ensemble.servers.values()] : [];
  const voters = members.filter(({ role }) => role === 'participant');
  return {
    current_config: Object.fromEntries(voters.map((member) => [String(member.sid), describeMember(member)])),
  };
}

function describeMember({ addresses, clientAddress, role }: EnsembleServer): JsonObject {
  return {
    server_addresses: addresses.map(quorumAddressOf),
    election_addresses: addresses.map(electionAddressOf),
    client_address: clientAddress ?? '',
    learner_type: role,
  };
}

function quorumAddressOf({ host, quorumPort }: QuorumAddress): string {
  return `${host}:${quorumPort}`;
}

function electionAddressOf({ host, electionPort }: QuorumAddress): string {
  return `${host}:${electionPort}`;
}

/** Compat: a server that does not serve tells nothing but that. */
export function zabState({ server, quorum }: AdminView): JsonObject {
  if (quorum?.isServing !== true) return { voting: false, zabstate: '' };
  const member = quorum.ensemble.servers.get(quorum.sid);
  const addresses = member?.addresses ?? [];
  const { lastProcessedZxid } = server.database;
  return {
    myid: quorum.sid,
    is_leader: quorum.peerState === 'LEADING',
    quorum_address: describeOwn(addresses, quorumAddressOf, ({ quorumPort }) => quorumPort),
    election_address: describeOwn(addresses, electionAddressOf, ({ electionPort }) => electionPort),
    client_address: member?.clientAddress ?? '',
    voting: member?.role === 'participant',
    last_zxid: zxidToHex(lastProcessedZxid),
    zab_epoch: zxidEpoch(lastProcessedZxid),
    zab_counter: zxidCounter(lastProcessedZxid),
    zabstate: quorum.zabState.toLowerCase(),
  };
}

/** Where this server listens itself; the first address is used, and reached. */
function describeOwn(
  addresses: readonly QuorumAddress[],
  textOf: (address: QuorumAddress) => string,
  portOf: (address: QuorumAddress) => number,
): JsonObject {
  const all = addresses.map(textOf);
  const [first = ''] = all;
  const reachable = all.slice(0, 1);
  return {
    empty: all.length === 0,
    all_addresses: all,
    all_reachable_addresses: reachable,
    one: first,
    reachable_address: first,
    wildcard_addresses: addresses.map((address) => `0.0.0.0:${portOf(address)}`),
    all_ports: addresses.map(portOf),
    all_host_strings: addresses.map(({ host }) => host),
    all_reachable_addresses_or_all: reachable,
    reachable_or_one: first,
  };
}
