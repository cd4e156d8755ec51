/** A disk for one server of these tests: does what it is told, when it is told, and forgets the rest in a crash. */
import { CommittedLog, type LoggedTxn } from '../../embedded-server/core/committed-log.ts';
import type { RestoredData, StorageOperation } from '../../embedded-server/core/quorum-effects.ts';
import { decodeDatabase } from '../../embedded-server/core/snapshot-transfer.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { decodeLogEntry } from '../../shared/storage-format/txn.ts';
import { type Zxid, ZXID_NONE, zxidEpoch } from '../../shared/zxid.ts';
import { emptyDatabase } from '../support/transactions.ts';

interface Snapshot {
  readonly zxid: Zxid;
  readonly body: Uint8Array;
}

export interface DiskContent {
  readonly log?: readonly LoggedTxn[];
  readonly acceptedEpoch?: number;
  readonly currentEpoch?: number;
}

export class PaperDisk {
  log: LoggedTxn[];
  acceptedEpoch: number;
  currentEpoch: number;
  #snapshot: Snapshot | undefined;

  constructor({ log = [], acceptedEpoch = 0, currentEpoch = acceptedEpoch }: DiskContent) {
    this.log = [...log];
    this.acceptedEpoch = acceptedEpoch;
    this.currentEpoch = currentEpoch;
  }

  /** The zxids of the log, as `epoch.counter`. */
  get history(): string[] {
    return this.log.map(({ entry }) => showZxid(entry.header.zxid));
  }

  /** Returns what is left where that is to be told. */
  carryOut(operation: StorageOperation): RestoredData | undefined {
    switch (operation.op) {
      case 'append':
        this.log.push({ entry: decodeLogEntry(new JuteReader(operation.entry)), bytes: operation.entry });
        return undefined;
      case 'truncate':
        if (this.#snapshot && this.#snapshot.zxid > operation.zxid) return undefined;
        this.log = this.log.filter(({ entry }) => entry.header.zxid <= operation.zxid);
        return this.read();
      case 'snapshot':
        this.#snapshot = { zxid: operation.zxid, body: operation.body };
        this.log = [];
        return undefined;
      case 'acceptedEpoch':
        this.acceptedEpoch = operation.epoch;
        return undefined;
      case 'currentEpoch':
        this.currentEpoch = operation.epoch;
        return undefined;
      case 'committedConfig':
      case 'lastSeenConfig':
        return undefined;
    }
  }

  read(): RestoredData {
    const database = emptyDatabase();
    const { zxid, body } = this.#snapshot ?? { zxid: ZXID_NONE, body: undefined };
    if (body) decodeDatabase(body, zxid, database);
    for (const { entry } of this.log) database.apply(entry);
    return { database, history: new CommittedLog(this.log, 500) };
  }

  /** What a starting server finds: the epoch of its last transaction is one that it followed. */
  restore(): { readonly data: RestoredData; readonly acceptedEpoch: number; readonly currentEpoch: number } {
    const data = this.read();
    const lastEpoch = zxidEpoch(data.database.lastProcessedZxid);
    return {
      data,
      acceptedEpoch: Math.max(this.acceptedEpoch, lastEpoch),
      currentEpoch: Math.max(this.currentEpoch, lastEpoch),
    };
  }
}

export function showZxid(zxid: Zxid): string {
  return zxid < 0n ? '-' : `${zxidEpoch(zxid)}.${Number(zxid & 0xffff_ffffn)}`;
}
