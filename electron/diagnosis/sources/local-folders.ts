/**
 * Data folders of servers on this machine: `conf` names them, and where they can be read their transaction logs tell what no
 * question does. A server behind a tunnel may have the same address: its number, where the folder has one, must agree.
 */
import { readFile, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';

import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { Observation } from '../observation.ts';
import { type DataFolderOptions, followDataFolder } from './data-folder-source.ts';

export interface LocalFoldersOptions extends Omit<DataFolderOptions, 'folder' | 'sid'> {
  readonly servers: readonly HostPort[];
  /** Those that are followed already. */
  readonly folders: readonly string[];
}

const LOOPBACK = /^(127(\.\d+){3}|localhost|::1)$/;

export class LocalFolders {
  readonly #options: LocalFoldersOptions;
  readonly #servers: ReadonlySet<string>;
  readonly #known = new Set<string>();
  readonly #followed: Promise<unknown>[] = [];
  readonly #prepared: Promise<void>;

  constructor(options: LocalFoldersOptions) {
    this.#options = options;
    const local = options.servers.filter(({ host }) => LOOPBACK.test(host));
    this.#servers = new Set(local.map(formatHostPort));
    this.#prepared = this.#prepare();
  }

  onObservation(observation: Observation): void {
    if (observation.kind !== 'polled' || observation.answer?.word !== 'conf') return;
    if (!this.#servers.has(observation.server)) return;
    const { sid, values } = observation.answer;
    const folder = values.get('dataLogDir') ?? values.get('dataDir');
    // What is not ours to read, or gone meanwhile, is simply not followed.
    if (folder !== undefined) this.#followed.push(this.#follow(folder, sid).catch(() => undefined));
  }

  /** Resolves when nothing is followed any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#followed);
  }

  async #prepare(): Promise<void> {
    for (const folder of this.#options.folders) {
      for (const name of [folder, path.join(folder, 'version-2')]) {
        this.#known.add(await realpath(name).catch(() => name));
      }
    }
  }

  async #follow(named: string, sid = 0): Promise<void> {
    await this.#prepared;
    if (!path.isAbsolute(named)) return;
    const folder = await realpath(named);
    await readdir(folder);
    if (this.#known.has(folder) || !(await isOf(folder, sid))) return;
    this.#known.add(folder);
    await followDataFolder({ ...this.#options, folder, ...(sid > 0 ? { sid } : {}) });
  }
}

async function isOf(folder: string, sid: number): Promise<boolean> {
  const number = await readFile(path.join(path.dirname(folder), 'myid'), 'utf8').catch(() => undefined);
  return number === undefined || sid === 0 || Number(number) === sid;
}
