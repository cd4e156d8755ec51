/**
 * Works out what each server of an ensemble is told: its folder, its ports, and zoo.cfg as this one server must see it.
 * Pure; the ports and links are there already.
 *
 * Every server has a view of its own. `server.<itself>` names the address where it really listens, since a server listens
 * where its own line says; every other line names the link from here to that server (link-proxy.ts), so that whatever one
 * server dials at another goes through the link between the two and can be cut there.
 *
 * Servers that can be reconfigured tell each other these lines, so theirs name where everybody really is. Links are a
 * private matter of each then: `zabra.dial.<sid>`, which Zabra's own servers know. Apache's do not, and go without links.
 */
import path from 'node:path';

import {
  type EnsembleDescription,
  type ServerDescription,
  isReconfigurable,
} from './ensemble-description.ts';

/** What followers connect to, and what votes go to. */
export interface QuorumPorts {
  readonly quorumPort: number;
  readonly electionPort: number;
}

export interface ListeningPorts extends QuorumPorts {
  /** Where the AdminServer listens, unless it is not wanted. */
  readonly adminPort: number | undefined;
}

export interface PlannedServer {
  readonly sid: number;
  readonly name: string;
  readonly role: 'participant' | 'observer';
  /** Where clients connect. */
  readonly host: string;
  readonly clientPort: number;
  readonly adminPort: number | undefined;
  /** Of the AdminServer, without a slash at its end. */
  readonly adminUrl: string | undefined;
  /** Holds what the launcher writes about this server: configuration and log. */
  readonly folder: string;
  /** Holds what the server itself keeps; its log may be kept apart. */
  readonly dataFolder: string;
  readonly logFolder: string;
  /** Keys and values of zoo.cfg. */
  readonly entries: Readonly<Record<string, string>>;
}

export interface PlanOptions {
  readonly description: EnsembleDescription;
  readonly folder: string;
  /** By sid. */
  readonly ports: ReadonlyMap<number, ListeningPorts>;
  /** Where `from` reaches `to`; not asked where the two are one. */
  readonly link: (ends: { readonly from: number; readonly to: number }) => QuorumPorts;
}

export const CLIENT_HOST_DEFAULT = '127.0.0.1';
const QUORUM_HOST = '127.0.0.1';

/** Apache's own example has these. They are in the way of nothing and shorten every election after a fault. */
const QUORUM_DEFAULTS = { tickTime: '2000', initLimit: '10', syncLimit: '5' };

export function planEnsemble(options: PlanOptions): PlannedServer[] {
  const { description, folder, ports } = options;
  const host = description.config['clientPortAddress'] ?? CLIENT_HOST_DEFAULT;
  return description.servers.map(({ sid, role, clientPort }) => {
    const serverFolder = path.join(folder, `server-${sid}`);
    const dataFolder = description.config['dataDir'] ?? path.join(serverFolder, 'data');
    const adminPort = ports.get(sid)?.adminPort;
    return {
      sid,
      name: `server.${sid}`,
      role,
      host,
      clientPort,
      adminPort,
      adminUrl: adminPort === undefined ? undefined : `http://${adminHost(description)}:${adminPort}`,
      folder: serverFolder,
      dataFolder,
      logFolder: description.config['dataLogDir'] ?? dataFolder,
      entries: {
        dataDir: dataFolder,
        clientPort: String(clientPort),
        clientPortAddress: host,
        ...(adminPort === undefined
          ? { 'admin.enableServer': 'false' }
          : { 'admin.serverAddress': QUORUM_HOST, 'admin.serverPort': String(adminPort) }),
        ...(description.servers.length === 1 ? {} : quorumEntries(options, sid)),
        ...description.config,
      },
    };
  });
}

/** Where this machine reaches it. */
function adminHost({ config }: EnsembleDescription): string {
  const host = config['admin.serverAddress'] ?? QUORUM_HOST;
  if (host === '0.0.0.0' || host === '::') return QUORUM_HOST;
  return host.includes(':') ? `[${host}]` : host;
}

/** Where `from` dials the others, as far as that is not where they are: `host:quorumPort:electionPort` by sid. */
export function dialRoutes(
  { description, ports, link }: Pick<PlanOptions, 'description' | 'ports' | 'link'>,
  from: number,
): Record<string, string> {
  const routes: Record<string, string> = {};
  if (!isReconfigurable(description)) return routes;
  for (const { sid } of description.servers) {
    if (sid === from) continue;
    const { quorumPort, electionPort } = link({ from, to: sid });
    if (electionPort === ports.get(sid)?.electionPort) continue;
    routes[sid] = `${QUORUM_HOST}:${quorumPort}:${electionPort}`;
  }
  return routes;
}

/** The line of a server as all others know it: its value for zoo.cfg. */
export function serverLine(
  { config }: EnsembleDescription,
  { role, clientPort }: ServerDescription,
  { quorumPort, electionPort }: QuorumPorts,
): string {
  const host = config['clientPortAddress'] ?? CLIENT_HOST_DEFAULT;
  return `${QUORUM_HOST}:${quorumPort}:${electionPort}:${role};${host}:${clientPort}`;
}

function quorumEntries(options: PlanOptions, self: number): Record<string, string> {
  const { description, ports, link } = options;
  const { servers } = description;
  const participants = servers.filter(({ role }) => role === 'participant');
  const entries: Record<string, string> = { ...QUORUM_DEFAULTS };
  // Apache would run one participant without a quorum, and then refuse its observers.
  if (participants.length === 1) entries['standaloneEnabled'] = 'false';
  if (servers.find(({ sid }) => sid === self)?.role === 'observer') entries['peerType'] = 'observer';
  for (const server of servers) {
    const { sid } = server;
    const isReal = sid === self || isReconfigurable(description);
    const reached = isReal ? ports.get(sid) : link({ from: self, to: sid });
    if (reached === undefined) throw new RangeError(`server ${sid} has no ports`);
    entries[`server.${sid}`] = serverLine(description, server, reached);
  }
  for (const [sid, route] of Object.entries(dialRoutes(options, self))) entries[`zabra.dial.${sid}`] = route;
  return entries;
}
