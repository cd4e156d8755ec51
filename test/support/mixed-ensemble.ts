/**
 * An ensemble whose servers are of different engines, on the same ports as any: Zabra's own among Apache's. Without links
 * that can be cut; servers are stopped, killed and wiped.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
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
import { type ServingMode, askServer } from '../../embedded-server/launcher/server-answer.ts';
import { TEST_JVM_FLAGS } from './apache-server.ts';
import { findFreePort } from './ports.ts';
import { waitFor } from './wait.ts';

const CONVERGE_MS_MAX = 30_000;

interface MixedServer {
  readonly engine: EngineName;
  readonly plan: PlannedServer;
  handle: ServerHandle | undefined;
}

export class MixedEnsemble {
  readonly #folder: string;
  readonly #servers: ReadonlyMap<number, MixedServer>;

  private constructor(folder: string, servers: ReadonlyMap<number, MixedServer>) {
    this.#folder = folder;
    this.#servers = servers;
  }

  /**
   * `engines` by sid, from 1 on, then those of newcomers, whom the others know nothing of; starts nothing yet.
   */
  static async open(
    members: readonly EngineName[],
    config: Readonly<Record<string, string>>,
    newcomers: readonly EngineName[] = [],
  ): Promise<MixedEnsemble> {
    const engines = [...members, ...newcomers];
    const folder = await mkdtemp(path.join(tmpdir(), 'zabra-mixed-'));
    const ports = new Map<number, ListeningPorts>();
    const servers: ServerDescription[] = [];
    for (const index of engines.keys()) {
      const sid = index + 1;
      ports.set(sid, {
        quorumPort: await findFreePort(),
        electionPort: await findFreePort(),
        adminPort: undefined,
      });
      servers.push({ sid, role: 'participant' as const, clientPort: await findFreePort() });
    }
    const plans = servers.flatMap(({ sid }) =>
      planEnsemble({
        description: {
          version: 1,
          engine: 'builtin',
          config,
          servers: servers.filter((other) => other.sid <= members.length || other.sid === sid),
        },
        folder,
        ports,
        link: ({ to }) => ports.get(to)!,
      }).filter((plan) => plan.sid === sid),
    );
    return new MixedEnsemble(
      folder,
      new Map(
        plans.map((plan, index) => [plan.sid, { engine: engines[index]!, plan, handle: undefined }] as const),
      ),
    );
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

  async close(): Promise<void> {
    await Promise.all(this.sids.map((sid) => this.kill(sid)));
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
      ? apacheEngine({ apacheHome: undefined, jvmFlags: TEST_JVM_FLAGS })
      : builtinEngine({ version: 'test', isOnDisk: true });
  server.handle = await engine.start(server.plan);
  await server.handle.up;
}
