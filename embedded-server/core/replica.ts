/**
 * What one server holds of the ensemble's state, whatever its role: the database, the newest transactions and both epochs
 * (PROTOCOL.md 5.11). The epochs here are those on disk: they change when their writing is confirmed.
 */
import { assert } from '../../shared/assert.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { CommittedLog, LoggedTxn } from './committed-log.ts';
import type { Applied, Database } from './database.ts';
import type { RestoredData } from './quorum-effects.ts';

export class Replica {
  #data: RestoredData;
  #acceptedEpoch: number;
  #currentEpoch: number;
  #unsettledCount = 0;

  constructor({
    data,
    acceptedEpoch,
    currentEpoch,
  }: {
    data: RestoredData;
    acceptedEpoch: number;
    currentEpoch: number;
  }) {
    assert(acceptedEpoch >= currentEpoch, `epoch ${currentEpoch} was established but never accepted`);
    this.#data = data;
    this.#acceptedEpoch = acceptedEpoch;
    this.#currentEpoch = currentEpoch;
  }

  get database(): Database {
    return this.#data.database;
  }

  get history(): CommittedLog {
    return this.#data.history;
  }

  get lastZxid(): Zxid {
    return this.#data.database.lastProcessedZxid;
  }

  /** The newest epoch that this server promised to follow nothing older than. */
  get acceptedEpoch(): number {
    return this.#acceptedEpoch;
  }

  /** The newest epoch whose history this server has. */
  get currentEpoch(): number {
    return this.#currentEpoch;
  }

  /** How often something was applied by {@link apply}. */
  get unsettledCount(): number {
    return this.#unsettledCount;
  }

  onAcceptedEpochStored(epoch: number): void {
    assert(epoch >= this.#acceptedEpoch, 'the accepted epoch goes back');
    this.#acceptedEpoch = epoch;
  }

  onCurrentEpochStored(epoch: number): void {
    assert(epoch >= this.#currentEpoch && epoch <= this.#acceptedEpoch, `epoch ${epoch} was not accepted`);
    this.#currentEpoch = epoch;
  }

  /** The disk holds something else now: a snapshot of the leader's, or less than before. */
  replace(data: RestoredData): void {
    this.#data = data;
  }

  /** Applies a transaction without anybody to answer, and without a quorum's word: it may be taken back. */
  apply(txn: LoggedTxn): Applied {
    this.#unsettledCount++;
    this.history.add(txn);
    return this.database.apply(txn.entry);
  }
}
