/** Taking back what a log has behind a zxid (PROTOCOL.md 5.7, 6.3). */
import { describe, expect, test } from 'vitest';

import { leadsUpTo, truncateLog } from '../../../../embedded-server/storage/truncate-log.ts';
import { readTxnLog } from '../../../../embedded-server/storage/txn-log-reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { encodeTxnLogHeader, encodeTxnLogRecord } from '../../../../shared/storage-format/txn-log-file.ts';
import { makeZxid, toZxid } from '../../../../shared/zxid.ts';
import { MemoryFileSystem } from '../../../support/memory-file-system.ts';
import {
  type Transaction,
  TransactionMaker,
  creating,
  emptyDatabase,
} from '../../../support/transactions.ts';

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

test('interrupted anywhere: what is left can be started from, at its old end or at the new one', async () => {
  const whole = makeDisk();
  await truncateLog(whole, FOLDERS, toZxid(3n));
  const steps = whole.calls.length;
  for (let done = 0; done < steps; done++) {
    const disk = makeDisk();
    disk.failing = () => (disk.calls.length > done ? 'EIO' : undefined);
    await expect(truncateLog(disk, FOLDERS, toZxid(3n))).rejects.toThrow();
    disk.failing = () => undefined;
    disk.crash();
    const newest = (await disk.list(FOLDER))
      .filter((name) => name.startsWith('snapshot.'))
      .map((name) => Number(name.slice('snapshot.'.length)))
      .sort((a, b) => a - b)
      .at(-1)!;
    const behind = (await zxids(disk)).filter((zxid) => zxid > newest);
    expect(behind).toEqual(behind.map((_, at) => newest + 1 + at));
    expect(newest + behind.length).toBeGreaterThanOrEqual(3);
  }
});

describe('whether the disk leads up to a zxid', () => {
  const at = (counter: number, epoch = 0): ReturnType<typeof makeZxid> => makeZxid({ epoch, counter });
  const withEnd = new Uint8Array([...new Uint8Array(15), 0, 0, 0, 1, 0x2f]);

  async function makeDiskWith(snapshots: readonly bigint[]): Promise<MemoryFileSystem> {
    const disk = makeDisk();
    for (const zxid of [0, 4, 7]) await disk.remove(`${FOLDER}/snapshot.${zxid}`);
    for (const zxid of snapshots) disk.put(`${FOLDER}/snapshot.${zxid.toString(16)}`, withEnd);
    return disk;
  }

  test.each([4, 5, 7, 9])('to %d: a snapshot in front of it, and all behind that', async (counter) => {
    expect(await leadsUpTo(await makeDiskWith([4n]), FOLDERS, at(counter))).toBe(true);
  });

  test('not to what is in front of all snapshots', async () => {
    expect(await leadsUpTo(await makeDiskWith([4n]), FOLDERS, at(3))).toBe(false);
    expect(await leadsUpTo(await makeDiskWith([]), FOLDERS, at(3))).toBe(false);
  });

  test('not by a snapshot that was not written to its end', async () => {
    const disk = await makeDiskWith([]);
    disk.put(`${FOLDER}/snapshot.4`, new Uint8Array(20));
    expect(await leadsUpTo(disk, FOLDERS, at(5))).toBe(false);
  });

  test("not into what a leader's snapshot brought without its transactions", async () => {
    const disk = await makeDiskWith([0n, at(20)]);
    expect(await leadsUpTo(disk, FOLDERS, at(9))).toBe(true);
    expect(await leadsUpTo(disk, FOLDERS, at(12))).toBe(false);
    expect(await leadsUpTo(disk, FOLDERS, at(20))).toBe(true);
  });

  test('to the start of an epoch: only when its first transaction tells that nothing is missing', async () => {
    expect(await leadsUpTo(await makeDiskWith([0n]), FOLDERS, at(0, 1))).toBe(false);
    const disk = await makeDiskWith([0n]);
    const database = emptyDatabase();
    database.beginEpoch(at(0, 1));
    const maker = new TransactionMaker(database);
    maker.openSession();
    disk.put(`${FOLDER}/log.100000001`, logOf(maker.transactions));
    expect(await leadsUpTo(disk, FOLDERS, at(0, 1))).toBe(true);
    expect(await leadsUpTo(disk, FOLDERS, at(1, 1))).toBe(true);
  });
});
