/**
 * Who is in an ensemble and who votes: the `server.N`, `group.N` and `weight.N` lines of zoo.cfg, and the text of
 * /zookeeper/config that servers show, exchange and compare (ZooKeeper's QuorumVerifier.toString; PROTOCOL.md 2.15, 6.7).
 */
import type { Sid } from '../../shared/ids.ts';
import { ConfigError, type ServerConfig } from './config.ts';
import { HierarchicalVerifier, MajorityVerifier, type QuorumVerifier } from '../../shared/quorum-verifier.ts';

export interface QuorumAddress {
  /** As written; an IPv6 address in brackets. */
  readonly host: string;
  readonly quorumPort: number;
  readonly electionPort: number;
}

export interface EnsembleServer {
  readonly sid: Sid;
  /** At least one. */
  readonly addresses: readonly QuorumAddress[];
  readonly role: 'participant' | 'observer';
  /** `host:port` of clients, when the line names it. */
  readonly clientAddress: string | undefined;
}

export interface EnsembleConfig {
  /** 0 until a reconfiguration; else the zxid of the newest. */
  readonly version: bigint;
  readonly servers: ReadonlyMap<Sid, EnsembleServer>;
  readonly verifier: QuorumVerifier;
  /** Whether its quorums are those of groups and weights. */
  readonly isHierarchical: boolean;
  /** As /zookeeper/config holds it. */
  readonly text: string;
}

const ADDRESS = /^(\[[^\]]+\]|[^:[\]]+):(\d+):(\d+)(?::(participant|observer))?$/;
const CLIENT = /^(?:(\[[^\]]+\]|[^:[\]]+):)?(\d+)$/;
const ANY_HOST = '0.0.0.0';
const PORT_MAX = 65_535;

/** Reads `key=value` pairs, of which it takes server, group, weight and version. Throws ConfigError. */
export function parseEnsembleConfig(
  entries: Iterable<readonly [key: string, value: string]>,
): EnsembleConfig {
  const servers = new Map<Sid, EnsembleServer>();
  const groups = new Map<number, readonly Sid[]>();
  const weights = new Map<Sid, number>();
  let version = 0n;
  for (const [key, value] of entries) {
    const match = /^(server|group|weight)\.(\d+)$/.exec(key);
    const number = Number(match?.[2]);
    if (match?.[1] === 'server') servers.set(number, parseServer(number, value));
    else if (match?.[1] === 'group')
      groups.set(
        number,
        value.split(':').map((sid) => wholeNumber(key, sid)),
      );
    else if (match?.[1] === 'weight') weights.set(number, wholeNumber(key, value));
    else if (key === 'version') version = parseVersion(value);
  }
  return makeEnsembleConfig({ servers, groups, weights, version });
}

/**
 * The ensemble that a server of this configuration is in; undefined when it runs alone. Throws ConfigError when what an
 * ensemble needs is missing.
 */
export function ensembleOf(config: ServerConfig): EnsembleConfig | undefined {
  if (config.ensembleLines.length === 0) return undefined;
  const ensemble = parseEnsembleConfig(config.ensembleLines);
  const { voters } = ensemble.verifier;
  if (voters.size === 1 && config.standaloneEnabled) {
    if (ensemble.servers.size === 1) return undefined;
    throw new ConfigError('observers need standaloneEnabled=false where there is one participant');
  }
  for (const [key, ticks] of [
    ['initLimit', config.initLimitTicks],
    ['syncLimit', config.syncLimitTicks],
  ] as const) {
    if (ticks === 0) throw new ConfigError(`${key} is missing: a server of an ensemble needs it`);
  }
  return ensemble;
}

/** Reads what {@link EnsembleConfig.text} holds. Throws ConfigError. */
export function parseEnsembleText(text: string): EnsembleConfig {
  return parseEnsembleConfig(
    text.split('\n').map((line) => {
      const equals = line.indexOf('=');
      if (equals === -1) throw new ConfigError(`no key=value: ${line}`);
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
}

/** The same servers and quorums under another version. */
export function withVersion(config: EnsembleConfig, version: bigint): EnsembleConfig {
  return parseEnsembleText(`${membershipText(config)}\nversion=${version.toString(16)}`);
}

/** What of {@link EnsembleConfig.text} remains when nobody minds the version. */
export function membershipText({ text }: EnsembleConfig): string {
  return text.slice(0, text.lastIndexOf('\n'));
}

/** Where servers reach each other: two that say the same are one place. */
export function quorumAddressText({ addresses }: EnsembleServer): string {
  return addresses.map(({ host, quorumPort }) => `${host}:${quorumPort}`).join('|');
}

function wholeNumber(key: string, text: string): number {
  if (!/^\d{1,15}$/.test(text.trim())) throw new ConfigError(`${key}: ${text} is no whole number`);
  return Number(text);
}

function parseVersion(text: string): bigint {
  if (!/^[0-9a-f]{1,16}$/i.test(text)) throw new ConfigError(`version=${text}: must be a zxid in hex`);
  return BigInt.asIntN(64, BigInt(`0x${text}`));
}

export function parseServer(sid: Sid, line: string): EnsembleServer {
  const [spec = '', client] = line.split(';');
  let role: EnsembleServer['role'] = 'participant';
  const addresses = spec.split('|').map((text) => {
    const match = ADDRESS.exec(text.trim());
    if (!match) {
      throw new ConfigError(
        `server.${sid}=${line}: must be host:quorumPort:electionPort[:participant|observer][;clientPort]`,
      );
    }
    if (match[4] === 'observer') role = 'observer';
    const address = { host: match[1] ?? '', quorumPort: Number(match[2]), electionPort: Number(match[3]) };
    if (Math.max(address.quorumPort, address.electionPort) > PORT_MAX) {
      throw new ConfigError(`server.${sid}=${line}: no port is above ${PORT_MAX}`);
    }
    return address;
  });
  return { sid, addresses, role, clientAddress: parseClient(sid, client) };
}

function parseClient(sid: Sid, client: string | undefined): string | undefined {
  if (client === undefined) return undefined;
  const match = CLIENT.exec(client.trim());
  if (!match || Number(match[2]) > PORT_MAX) {
    throw new ConfigError(`server.${sid}: ;${client} must be ;[host:]clientPort`);
  }
  return `${match[1] ?? ANY_HOST}:${match[2] ?? ''}`;
}

/** Throws ConfigError when these servers are no ensemble. */
export function makeEnsembleConfig({
  servers,
  groups = new Map(),
  weights = new Map(),
  version,
}: {
  servers: ReadonlyMap<Sid, EnsembleServer>;
  groups?: ReadonlyMap<number, readonly Sid[]>;
  weights?: ReadonlyMap<Sid, number>;
  version: bigint;
}): EnsembleConfig {
  const voters = [...servers.values()].filter(({ role }) => role === 'participant').map(({ sid }) => sid);
  if (voters.length === 0) throw new ConfigError('an ensemble needs at least one participant');
  const groupOf = new Map<Sid, number>();
  for (const [group, members] of groups) for (const sid of members) groupOf.set(sid, group);
  const strangers = voters.filter((sid) => groups.size > 0 && !groupOf.has(sid));
  if (strangers.length > 0) throw new ConfigError(`server.${strangers.join(', server.')}: in no group`);
  const isHierarchical = groups.size > 0;
  const verifier = isHierarchical
    ? new HierarchicalVerifier({ voters, groupOf, weights })
    : new MajorityVerifier(voters);
  const lines = [...servers.values()].sort((a, b) => a.sid - b.sid).map(formatServer);
  if (isHierarchical) lines.push(...formatGroups(groupOf), ...formatWeights(voters, weights));
  lines.push(`version=${BigInt.asUintN(64, version).toString(16)}`);
  return { version, servers, verifier, isHierarchical, text: lines.join('\n') };
}

function formatGroups(groupOf: ReadonlyMap<Sid, number>): string[] {
  const members = new Map<number, Sid[]>();
  for (const [sid, group] of [...groupOf].sort(([a], [b]) => a - b)) {
    members.set(group, [...(members.get(group) ?? []), sid]);
  }
  return [...members].sort(([a], [b]) => a - b).map(([group, sids]) => `group.${group}=${sids.join(':')}`);
}

/** Compat: a voter whose weight nobody gave is written with the weight 1 that it has. */
function formatWeights(voters: readonly Sid[], weights: ReadonlyMap<Sid, number>): string[] {
  const all = new Map([...voters.map((sid) => [sid, 1] as const), ...weights]);
  return [...all].sort(([a], [b]) => a - b).map(([sid, weight]) => `weight.${sid}=${weight}`);
}

function formatServer({ sid, addresses, role, clientAddress }: EnsembleServer): string {
  const spec = addresses
    .map(({ host, quorumPort, electionPort }) => `${host}:${quorumPort}:${electionPort}`)
    .join('|');
  return `server.${sid}=${spec}:${role}${clientAddress === undefined ? '' : `;${clientAddress}`}`;
}
