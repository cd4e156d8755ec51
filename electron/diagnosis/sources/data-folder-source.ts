/**
 * Follows the transaction log in one server's data folder: who opened and closed sessions, who changed ACLs, what was
 * refused. The newest file from its begin, as what is known already, and then whatever is written. Reads only.
 */
import { readFile, readdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Perms } from '../../../shared/acl.ts';
import { AppError } from '../../../shared/errors.ts';
import { sessionIdToHex } from '../../../shared/ids.ts';
import { JuteReader } from '../../../shared/jute/reader.ts';
import { VERSION_FOLDER, dataFiles } from '../../../shared/storage-format/file-names.ts';
import { type LogEntry, type Txn, decodeLogEntry } from '../../../shared/storage-format/txn.ts';
import { TXN_LOG_HEADER_BYTES, readTxnLogPlace } from '../../../shared/storage-format/txn-log-file.ts';
import type { CommittedChange, Observation } from '../observation.ts';
import { FileTail } from './file-tail.ts';

export interface DataFolderOptions {
  /** `dataDir` (or `dataLogDir`) of the server, or its `version-2`. */
  readonly folder: string;
  /** Whose it is, where that is known. */
  readonly sid?: number;
  readonly now: () => number;
  readonly observe: (observation: Observation) => void;
  readonly signal: AbortSignal;
}

const LOOK_MS = 250;
/** More only where a record is longer: Apache's logs end in megabytes of reserved space. */
const PIECE_BYTES = 64 * 1024;
/** Looks between two of the free space of its disk. */
const SPACE_LOOKS = 8;

/** Reads until the signal aborts. Rejects when the folder cannot be read at the start. */
export async function followDataFolder(options: DataFolderOptions): Promise<void> {
  const { folder, signal } = options;
  const names = await readdir(folder);
  const logFolder = names.includes(VERSION_FOLDER) ? path.join(folder, VERSION_FOLDER) : folder;
  const reader = new LogReader(options, { logFolder, sid: options.sid ?? (await readSid(folder)) });
  for (let look = 0; !signal.aborted; look++) {
    await reader.look();
    if (look % SPACE_LOOKS === 0) await reader.lookForSpace();
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Apache servers have their number in a file. */
async function readSid(folder: string): Promise<number | undefined> {
  for (const place of [folder, path.dirname(folder)]) {
    const text = await readFile(path.join(place, 'myid'), 'utf8').catch(() => '');
    if (/^\d+\s*$/.test(text)) return Number(text);
  }
  return undefined;
}

class LogReader {
  readonly #options: DataFolderOptions;
  readonly #logFolder: string;
  readonly #sid: number | undefined;
  #tail: FileTail | undefined;
  /** What was there before Zabra watched has the times of its transactions. */
  #isCaughtUp = false;

  constructor(
    options: DataFolderOptions,
    { logFolder, sid }: { logFolder: string; sid: number | undefined },
  ) {
    this.#options = options;
    this.#logFolder = logFolder;
    this.#sid = sid;
  }

  async look(): Promise<void> {
    try {
      await this.#read();
      const newest = await this.#newest();
      if (newest !== undefined && newest !== this.#tail?.path) {
        this.#tail = new FileTail(newest, TXN_LOG_HEADER_BYTES);
        await this.#read();
      }
    } catch (error) {
      // A log that is being cut, or was purged under our hands: the next look sees what became of it.
      if (!isExpected(error)) throw error;
    }
    this.#isCaughtUp = true;
  }

  async lookForSpace(): Promise<void> {
    const { now, observe, folder } = this.#options;
    const space = await statfs(folder).catch(() => undefined);
    if (space === undefined) return;
    observe({
      kind: 'disk-space',
      atMs: now(),
      sid: this.#sid,
      source: folder,
      freeBytes: space.bavail * space.bsize,
    });
  }

  async #newest(): Promise<string | undefined> {
    const file = dataFiles('log', await readdir(this.#logFolder)).at(-1);
    return file === undefined ? undefined : path.join(this.#logFolder, file.name);
  }

  async #read(): Promise<void> {
    const tail = this.#tail;
    if (tail === undefined) return;
    for (let bytesWanted = PIECE_BYTES; ;) {
      const window = await tail.peek(bytesWanted);
      let at = 0;
      let place = readTxnLogPlace(window, at, false);
      for (; place.kind === 'record'; place = readTxnLogPlace(window, at, false)) {
        this.#tell(decodeLogEntry(new JuteReader(place.entry)));
        at = place.end;
      }
      tail.take(at);
      const isLonger = place.kind === 'more' && window.length === bytesWanted;
      if (at === 0 && !isLonger) return;
      bytesWanted = place.kind === 'more' ? Math.max(PIECE_BYTES, place.bytesNeeded) : PIECE_BYTES;
    }
  }

  #tell({ header, txn }: LogEntry): void {
    const { now, observe, folder } = this.#options;
    const timeMs = Number(header.timeMs);
    for (const change of changesOf(txn)) {
      observe({
        kind: 'committed',
        atMs: this.#isCaughtUp ? now() : Math.min(timeMs, now()),
        sid: this.#sid,
        source: folder,
        fact: {
          zxid: header.zxid,
          sessionId: sessionIdToHex(header.clientId),
          cxid: header.cxid,
          timeMs,
          change,
        },
      });
    }
  }
}

function changesOf(txn: Txn): CommittedChange[] {
  switch (txn.op) {
    case 'createSession':
      return [{ op: 'createSession', timeoutMs: txn.timeoutMs }];
    case 'closeSession':
      return [{ op: 'closeSession', ephemerals: txn.paths }];
    case 'setACL': {
      const admins = txn.acl.filter(({ perms }) => (perms & Perms.ADMIN) !== 0);
      return [{ op: 'setACL', path: txn.path, adminIds: admins.map(({ id }) => `${id.scheme}:${id.id}`) }];
    }
    case 'reconfig':
      return [{ op: 'reconfig' }];
    case 'error':
      return [{ op: 'error', errorNumber: txn.err }];
    case 'multi':
      return txn.txns.flatMap(changesOf);
    default:
      return [{ op: 'write' }];
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof AppError || (error instanceof Error && 'code' in error);
}
