/**
 * An ensemble whose servers are of different engines, on the same ports as any: Zabra's own among Apache's. Its servers
 * are stopped, killed and wiped, its links cut, as those of an ensemble of one engine.
 */
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { apacheEngine } from '../../embedded-server/launcher/engine-apache.ts';
import { builtinEngine } from '../../embedded-server/launcher/engine-builtin.ts';
import type { ServerHandle } from '../../embedded-server/launcher/engine.ts';
import type { EngineName, ServerDescription } from '../../embedded-server/launcher/ensemble-description.ts';
import {
  type ListeningPorts,
  type PlannedServer,
  planEnsemble,
} from '../../embedded-server/launcher/ensemble-plan.ts';
import { PortPool } from '../../embedded-server/launcher/free-port.ts';
import { Links } from '../../embedded-server/launcher/links.ts';
import { type ServingMode, askServer } from '../../embedded-server/launcher/server-answer.ts';
import { TEST_JVM_FLAGS } from './apache-server.ts';
import { waitFor } from './wait.ts';

/** A leader says only so how it brings a learner up to date. */
const LEADER_LOG_FLAG =
  '-Dorg.slf4j.simpleLogger.log.org.apache.zookeeper.server.quorum.LearnerHandler=debug';
const CONVERGE_MS_MAX = 30_000;

interface MixedServer {
  readonly engine: EngineName;
  readonly plan: PlannedServer;
  handle: ServerHandle | undefined;
}

export interface OtherServers {
  readonly observers?: readonly EngineName[];
  /** With them there are no links to cut. */
  readonly newcomers?: readonly EngineName[];
}

export class MixedEnsemble {
  readonly links: Links;
  readonly #folder: string;
  readonly #servers: ReadonlyMap<number, MixedServer>;

  private constructor(folder: string, servers: ReadonlyMap<number, MixedServer>, links: Links) {
    this.#folder = folder;
    this.#servers = servers;
    this.links = links;
  }

  /**
   * Members are `engines` by sid, from 1 on, then observers; newcomers come last, and the others know nothing of them.
   * Starts nothing yet.
   */
  static async open(
    participants: readonly EngineName[],
    config: Readonly<Record<string, string>>,
    { observers = [], newcomers = [] }: OtherServers = {},
  ): Promise<MixedEnsemble> {
    const folder = await mkdtemp(path.join(tmpdir(), 'zabra-mixed-'));
    const pool = new PortPool();
    const engines = [...participants, ...observers, ...newcomers];
    const ports = new Map<number, ListeningPorts>();
    const servers: ServerDescription[] = [];
    for (const index of engines.keys()) {
      const sid = index + 1;
      ports.set(sid, {
        quorumPort: await pool.take(),
        electionPort: await pool.take(),
        adminPort: undefined,
      });
      const isObserver = index >= participants.length && observers.length > 0;
      servers.push({ sid, role: isObserver ? 'observer' : 'participant', clientPort: await pool.take() });
    }
    const listening = [...ports].map(([sid, at]) => ({ sid, ...at }));
    // A reconfiguration tells all servers one address of each, which no link has.
    const links = newcomers.length > 0 ? Links.none(listening) : await Links.open(listening, pool);
    const membersMax = engines.length - newcomers.length;
    const plans = servers.flatMap(({ sid }) =>
      planEnsemble({
        description: {
          version: 1,
          engine: 'builtin',
          config,
          servers: servers.filter((other) => other.sid <= membersMax || other.sid === sid),
        },
        folder,
        ports,
        link: (ends) => links.portsOf(ends),
      }).filter((plan) => plan.sid === sid),
    );
    const mixed = plans.map(
      (plan, index) => [plan.sid, { engine: engines[index]!, plan, handle: undefined }] as const,
    );
    return new MixedEnsemble(folder, new Map(mixed), links);
  }

  get sids(): readonly number[] {
    return [...this.#servers.keys()];
  }

  get connectString(): string {
    return this.sids.map((sid) => this.connectStringOf(sid)).join(',');
  }

  connectStringOf(sid: number): string {
    const { host, clientPort } = this.#server(sid).plan;
    return `${host}:${clientPort}`;
  }

  portOf(sid: number): number {
    return this.#server(sid).plan.clientPort;
  }

  /** Its line as others have it, in this role. */
  lineOf(sid: number, role: 'participant' | 'observer'): string {
    const key = `server.${sid}`;
    const line = this.#server(sid).plan.entries[key] ?? '';
    return `${key}=${line.replace(/:(participant|observer);/, `:${role};`)}`;
  }

  /** Apache's first, since they take longer: whoever is there first is elected without them. */
  async start(...sids: readonly number[]): Promise<void> {
    for (const engine of ['apache', 'builtin']) {
      const chosen = sids.map((sid) => this.#server(sid)).filter((server) => server.engine === engine);
      await Promise.all(chosen.map(startServer));
    }
  }

  async stop(sid: number): Promise<void> {
    const server = this.#server(sid);
    await server.handle?.stop();
    server.handle = undefined;
  }

  async kill(sid: number): Promise<void> {
    const server = this.#server(sid);
    await server.handle?.kill();
    server.handle = undefined;
  }

  /** Demands that it is stopped. */
  async wipe(sid: number): Promise<void> {
    await rm(this.#server(sid).plan.dataFolder, { recursive: true, force: true });
  }

  /** Resolves when it serves in this role. */
  untilMode(sid: number, mode: ServingMode): Promise<void> {
    return this.#until(sid, `is ${mode}`, (found) => found === mode);
  }

  /** Resolves when one of them leads. */
  async untilLedByOneOf(sids: readonly number[]): Promise<void> {
    const plans = sids.map((sid) => this.#server(sid).plan);
    await waitFor(
      `one of the servers ${sids.join(', ')} leads`,
      async () => {
        const answers = await Promise.all(plans.map((plan) => askServer(plan)));
        return answers.some((answer) => answer.kind === 'serving' && answer.mode === 'leader');
      },
      CONVERGE_MS_MAX,
    );
  }

  /** Resolves when it serves, in whatever role. */
  untilServing(sid: number): Promise<void> {
    return this.#until(sid, 'serves', () => true);
  }

  async #until(sid: number, what: string, isIt: (mode: ServingMode) => boolean): Promise<void> {
    const { plan } = this.#server(sid);
    await waitFor(
      `server ${sid} ${what}`,
      async () => {
        const answer = await askServer(plan);
        return answer.kind === 'serving' && isIt(answer.mode);
      },
      CONVERGE_MS_MAX,
    );
  }

  /** Resolves when it answers, and has no leader. */
  async untilLooking(sid: number): Promise<void> {
    const { plan } = this.#server(sid);
    const isLooking = async (): Promise<boolean> => (await askServer(plan)).kind === 'looking';
    await waitFor(`server ${sid} looks for a leader`, isLooking, CONVERGE_MS_MAX);
  }

  /** What an Apache server has written to its log. */
  logOf(sid: number): Promise<string> {
    return readFile(path.join(this.#server(sid).plan.folder, 'server.log'), 'utf8');
  }

  /** Whether `text` is in a transaction log of a server. */
  async hasLogged(sid: number, text: string): Promise<boolean> {
    const folder = path.join(this.#server(sid).plan.dataFolder, 'version-2');
    const logs = (await readdir(folder)).filter((name) => name.startsWith('log.'));
    const contents = await Promise.all(logs.map((name) => readFile(path.join(folder, name))));
    return contents.some((content) => content.includes(text));
  }

  async close(): Promise<void> {
    await Promise.all(this.sids.map((sid) => this.kill(sid)));
    await this.links.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #server(sid: number): MixedServer {
    const server = this.#servers.get(sid);
    if (!server) throw new Error(`there is no server ${sid}`);
    return server;
  }
}

async function startServer(server: MixedServer): Promise<void> {
  await mkdir(server.plan.folder, { recursive: true });
  const engine =
    server.engine === 'apache'
      ? apacheEngine({ apacheHome: undefined, jvmFlags: [...TEST_JVM_FLAGS, LEADER_LOG_FLAG] })
      : builtinEngine({ version: 'test', isOnDisk: true });
  server.handle = await engine.start(server.plan);
  await server.handle.up;
}
