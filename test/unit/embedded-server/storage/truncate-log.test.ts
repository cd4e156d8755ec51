/** Taking back what a log has behind a zxid (PROTOCOL.md 5.7, 6.3). */
import { expect, test } from 'vitest';

import { truncateLog } from '../../../../embedded-server/storage/truncate-log.ts';
import { readTxnLog } from '../../../../embedded-server/storage/txn-log-reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { encodeTxnLogHeader, encodeTxnLogRecord } from '../../../../shared/storage-format/txn-log-file.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import { MemoryFileSystem } from '../../../support/memory-file-system.ts';
import { type Transaction, TransactionMaker, creating } from '../../../support/transactions.ts';

const FOLDER = '/data/version-2';
const FOLDERS = { snapshots: FOLDER, logs: FOLDER };

function logOf(transactions: readonly Transaction[]): Uint8Array {
  const writer = new JuteWriter();
  encodeTxnLogHeader(writer);
  for (const { bytes } of transactions) encodeTxnLogRecord(writer, bytes);
  writer.writeRaw(new Uint8Array(50));
  return writer.finish();
}

function makeDisk(): MemoryFileSystem {
  const maker = new TransactionMaker();
  const sessionId = maker.openSession();
  for (let at = 2; at <= 9; at++) maker.write(creating(`/n${at}`), sessionId);
  const disk = new MemoryFileSystem();
  disk.put(`${FOLDER}/log.1`, logOf(maker.transactions.slice(0, 4)));
  disk.put(`${FOLDER}/log.5`, logOf(maker.transactions.slice(4, 7)));
  disk.put(`${FOLDER}/log.8`, logOf(maker.transactions.slice(7)));
  for (const name of ['snapshot.0', 'snapshot.4', 'snapshot.7'])
    disk.put(`${FOLDER}/${name}`, new Uint8Array(20));
  return disk;
}

async function zxids(disk: MemoryFileSystem): Promise<number[]> {
  const all: number[] = [];
  for (const name of (await disk.list(FOLDER)).filter((file) => file.startsWith('log.'))) {
    await readTxnLog(disk, `${FOLDER}/${name}`, ({ header }) => {
      all.push(Number(header.zxid));
      return true;
    });
  }
  return all;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
  'to %d: everything up to it stays, in whichever file it is',
  async (last) => {
    const disk = makeDisk();
    await truncateLog(disk, FOLDERS, toZxid(BigInt(last)));
    disk.crash();
    expect(await zxids(disk)).toEqual(Array.from({ length: last }, (_, at) => at + 1));
    const snapshots = (await disk.list(FOLDER)).filter((name) => name.startsWith('snapshot.'));
    expect(snapshots).toEqual(
      ['snapshot.0', 'snapshot.4', 'snapshot.7'].filter((_, at) => [0, 4, 7][at]! <= last),
    );
  },
);

test('to before the first: no log is left', async () => {
  const disk = makeDisk();
  await truncateLog(disk, FOLDERS, toZxid(0n));
  expect(await disk.list(FOLDER)).toEqual(['snapshot.0']);
});
