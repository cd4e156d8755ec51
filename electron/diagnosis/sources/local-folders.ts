/**
 * Data folders of servers on this machine: `conf` names them, and where they can be read their transaction logs tell what no
 * question does. A server behind a tunnel may have the same address: its number, where the folder has one, must agree.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { VERSION_FOLDER } from '../../../shared/storage-format/file-names.ts';
import type { Observation } from '../observation.ts';
import { type DataFolderOptions, followDataFolder } from './data-folder-source.ts';

type LocalFoldersOptions = Omit<DataFolderOptions, 'folder' | 'sid'>;

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\]):\d+$/;

export class LocalFolders {
  readonly #options: LocalFoldersOptions;
  /** Folders of logs, by whatever name they were given. */
  readonly #known = new Set<string>();

  constructor(options: LocalFoldersOptions) {
    this.#options = options;
  }

  /** It is followed by somebody else. */
  know(folder: string): void {
    this.#known.add(folder);
    this.#known.add(path.join(folder, VERSION_FOLDER));
  }

  onObservation(observation: Observation): void {
    if (observation.kind !== 'polled' || observation.answer?.word !== 'conf') return;
    if (!LOOPBACK.test(observation.server)) return;
    const { sid, values } = observation.answer;
    const folder = values.get('dataLogDir') ?? values.get('dataDir');
    // What is not ours to read, or gone meanwhile, is simply not followed.
    if (folder !== undefined) void this.#follow(folder, sid).catch(() => this.#known.delete(folder));
  }

  async #follow(folder: string, sid = 0): Promise<void> {
    if (!path.isAbsolute(folder) || this.#known.has(folder)) return;
    this.#known.add(folder);
    const isOurs = await isOf(folder, sid);
    if (isOurs) await followDataFolder({ ...this.#options, folder, ...(sid > 0 ? { sid } : {}) });
  }
}

async function isOf(folder: string, sid: number): Promise<boolean> {
  const number = await readFile(path.join(path.dirname(folder), 'myid'), 'utf8').catch(() => undefined);
  return number === undefined || sid === 0 || Number(number) === sid;
}
