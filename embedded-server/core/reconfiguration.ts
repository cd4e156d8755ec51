/**
 * Works out the configuration that a reconfig asks for (the membership half of ZooKeeper's PrepRequestProcessor for
 * reconfig; PROTOCOL.md 7.2). Pure: whether the ensemble may be changed just now is the leader's to say.
 *
 * A change is incremental (servers that join or change, servers that leave) or in bulk (all members anew). Only majority
 * quorums can be changed incrementally, since nobody could say which group a new server is in.
 */
import type { Sid } from '../../shared/ids.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import { ConfigError } from './config.ts';
import {
  type EnsembleConfig,
  type EnsembleServer,
  makeEnsembleConfig,
  parseEnsembleConfig,
  parseServer,
} from './ensemble-config.ts';

/** A key of a bulk change; anything else there is refused. */
const MEMBER_KEY = /^(server\.\d+|group\.\d+|weight\.\d+|version)$/;

/** What is asked for, under `version`; or the code of what is wrong with it. */
export function planReconfiguration({
  current,
  request,
  version,
}: {
  current: EnsembleConfig;
  request: ReconfigRequest;
  version: bigint;
}): EnsembleConfig | number {
  try {
    const { newMembers } = request;
    if (newMembers !== null) return parseMembers(newMembers, version);
    return current.isHierarchical ? ErrorCode.BADARGUMENTS : changeMembers(current, request, version);
  } catch (error) {
    if (error instanceof ConfigError) return ErrorCode.BADARGUMENTS;
    throw error;
  }
}

/** Compat: members may be separated by commas or by line ends. */
function parseMembers(newMembers: string, version: bigint): EnsembleConfig {
  const entries: (readonly [string, string])[] = [];
  for (const line of newMembers.split(/[,\n]/).map((text) => text.trim())) {
    if (line === '') continue;
    const [key = '', value = ''] = line.split(/\s*[=]\s*/, 2);
    if (!MEMBER_KEY.test(key)) throw new ConfigError(`${key} is no member`);
    if (key !== 'version') entries.push([key, value]);
  }
  return parseEnsembleConfig([...entries, ['version', version.toString(16)]]);
}

function changeMembers(
  current: EnsembleConfig,
  { joiningServers, leavingServers }: ReconfigRequest,
  version: bigint,
): EnsembleConfig | number {
  const servers = new Map(current.servers);
  for (const leaving of splitList(leavingServers)) {
    const sid = parseSid(leaving);
    // Compat: what is no number at all is told apart from a server that is not there, which is no mistake.
    if (sid === undefined) return ErrorCode.MARSHALLINGERROR;
    servers.delete(sid);
  }
  for (const joining of splitList(joiningServers)) {
    const [key = '', line, ...rest] = joining.split('=').map((part) => part.trim());
    if (line === undefined || rest.length > 0) return ErrorCode.BADARGUMENTS;
    const sid = parseSid(key.slice(key.lastIndexOf('.') + 1));
    if (sid === undefined) return ErrorCode.MARSHALLINGERROR;
    const server = parseServer(sid, line);
    if (!isComplete(server)) return ErrorCode.BADARGUMENTS;
    servers.delete(sid);
    for (const other of servers.values()) if (hasCommonAddress(server, other)) return ErrorCode.BADARGUMENTS;
    servers.set(sid, server);
  }
  return makeEnsembleConfig({ servers, version });
}

function splitList(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseSid(text: string): Sid | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A server that joins has to name all of its ports, each for one purpose. */
function isComplete({ addresses, clientAddress }: EnsembleServer): boolean {
  return (
    clientAddress !== undefined &&
    addresses.every(({ quorumPort, electionPort }) => quorumPort !== electionPort)
  );
}

function hasCommonAddress(a: EnsembleServer, b: EnsembleServer): boolean {
  const taken = new Set(addressesOf(b));
  return addressesOf(a).some((address) => taken.has(address));
}

function addressesOf({ addresses, clientAddress }: EnsembleServer): string[] {
  const all = addresses.flatMap(({ host, quorumPort, electionPort }) => [
    `${host}:${quorumPort}`,
    `${host}:${electionPort}`,
  ]);
  if (clientAddress !== undefined) all.push(clientAddress);
  return all;
}
