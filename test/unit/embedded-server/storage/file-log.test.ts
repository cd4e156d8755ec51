/** The log on disk: one fsync for all that waits, nothing reported before it, nothing after a failure. */
import { afterEach, describe, expect, test } from 'vitest';

import { FileLog, type FileLogOptions } from '../../../../embedded-server/storage/file-log.ts';
import { readTxnLog } from '../../../../embedded-server/storage/txn-log-reader.ts';
import type { StorageError } from '../../../../shared/errors.ts';
import type { Zxid } from '../../../../shared/zxid.ts';
import { MemoryFileSystem } from '../../../support/memory-file-system.ts';
import { type Transaction, TransactionMaker, creating } from '../../../support/transactions.ts';
import { waitFor } from '../../../support/wait.ts';

const FOLDER = '/data/version-2';

class Bench {
  readonly disk = new MemoryFileSystem();
  readonly persisted: Zxid[] = [];
  readonly failures: StorageError[] = [];
  readonly transactions: Transaction[] = transactions(12);
  readonly log: FileLog;

  constructor(options: Partial<FileLogOptions> = {}) {
    this.log = new FileLog({
      fileSystem: this.disk,
      folder: FOLDER,
      reserveBytes: 8192,
      fileBytesMax: 0,
      elapsedMs: () => 0,
      onPersisted: (zxid) => this.persisted.push(zxid),
      onFailed: (error) => this.failures.push(error),
      onSynced: () => undefined,
      ...options,
    });
  }

  append(from: number, to = from): void {
    for (const { entry, bytes } of this.transactions.slice(from, to + 1)) {
      this.log.append(entry.header.zxid, bytes);
    }
  }

  async untilPersisted(at: number): Promise<void> {
    const zxid = this.transactions[at]?.entry.header.zxid;
    await waitFor(`transaction ${at} is persisted`, () => this.persisted.at(-1) === zxid);
  }

  /** The zxids in a file. */
  async zxidsOf(name: string): Promise<number[]> {
    const zxids: number[] = [];
    await readTxnLog(this.disk, `${FOLDER}/${name}`, ({ header }) => {
      zxids.push(Number(header.zxid));
      return true;
    });
    return zxids;
  }

  get syncs(): number {
    return this.disk.calls.filter((call) => call.startsWith('sync ')).length;
  }
}

function transactions(count: number): Transaction[] {
  const maker = new TransactionMaker();
  const sessionId = maker.openSession();
  for (let at = 1; at < count; at++) maker.write(creating(`/n${at}`, { data: 'x'.repeat(100) }), sessionId);
  return maker.transactions;
}

let bench = new Bench();
afterEach(async () => {
  await bench.log.close();
});

describe('file log', () => {
  test('what comes in one turn goes to disk with one fsync, and is reported once', async () => {
    bench = new Bench();
    bench.append(0, 4);
    expect(bench.persisted).toEqual([]);
    await bench.untilPersisted(4);
    expect(bench.persisted).toEqual([5n]);
    expect(bench.syncs).toBe(1);
    expect(await bench.zxidsOf('log.1')).toEqual([1, 2, 3, 4, 5]);
  });

  test('what comes while an fsync is under way goes together with the next one', async () => {
    bench = new Bench();
    let release: (() => void) | undefined;
    bench.disk.beforeSync = () => new Promise((resolve) => (release = resolve));
    bench.append(0);
    const finish = await waitFor('the fsync begins', () => release);
    bench.append(1, 3);
    bench.append(4, 6);
    expect(bench.persisted).toEqual([]);
    bench.disk.beforeSync = () => Promise.resolve();
    finish();
    await bench.untilPersisted(6);
    expect(bench.persisted).toEqual([1n, 7n]);
    expect(bench.syncs).toBe(2);
  });

  test('what is reported survives a crash, byte for byte', async () => {
    bench = new Bench();
    bench.append(0, 2);
    await bench.untilPersisted(2);
    bench.disk.crash();
    expect(await bench.zxidsOf('log.1')).toEqual([1, 2, 3]);
  });

  test('space is reserved ahead, in steps', async () => {
    bench = new Bench();
    bench.append(0);
    await bench.untilPersisted(0);
    expect(bench.disk.read(`${FOLDER}/log.1`).length).toBe(8192 + 16);
    bench.append(1, 11);
    await bench.untilPersisted(11);
    expect(bench.disk.calls.filter((call) => call === 'resize log.1')).toHaveLength(1);
  });

  test('rolled, it goes on in a file named after the first transaction in it', async () => {
    bench = new Bench();
    bench.append(0, 2);
    await bench.untilPersisted(2);
    bench.log.roll();
    bench.append(3, 5);
    await bench.untilPersisted(5);
    expect(await bench.disk.list(FOLDER)).toEqual(['log.1', 'log.4']);
    expect(await bench.zxidsOf('log.4')).toEqual([4, 5, 6]);
  });

  test('a file that is too large is continued in another', async () => {
    bench = new Bench({ fileBytesMax: 300 });
    for (let at = 0; at < 6; at++) {
      bench.append(at);
      await bench.untilPersisted(at);
    }
    expect((await bench.disk.list(FOLDER)).length).toBeGreaterThan(1);
  });

  test.each([
    ['sync', 'EIO', 'IO'],
    ['write', 'EIO', 'IO'],
    ['resize', 'ENOSPC', 'DISK_FULL'],
    ['open', 'EDQUOT', 'DISK_FULL'],
    ['syncFolder', 'EIO', 'IO'],
  ] as const)(
    '%s fails with %s: said once, as %s, and nothing is ever reported again',
    async (call, code, expected) => {
      bench = new Bench();
      bench.disk.failing = (made) => (made === call ? code : undefined);
      bench.append(0, 2);
      await waitFor('the failure is told', () => bench.failures.length > 0);
      bench.disk.failing = () => undefined;
      const callCount = bench.disk.calls.length;
      bench.append(3, 5);
      await bench.log.close();
      expect(bench.disk.calls).toHaveLength(callCount);
      expect(bench.failures).toMatchObject([{ code: expected }]);
      expect(bench.persisted).toEqual([]);
    },
  );

  test('a disk that is full in the middle of a batch loses nothing that was reported', async () => {
    bench = new Bench();
    bench.append(0, 2);
    await bench.untilPersisted(2);
    bench.disk.freeBytes = 200;
    bench.append(3, 6);
    await waitFor('the failure is told', () => bench.failures.length > 0);
    expect(bench.failures[0]).toMatchObject({ code: 'DISK_FULL' });
    expect(bench.failures[0]?.message).toContain('/data/version-2/log.1');
    expect(bench.persisted).toEqual([3n]);
    expect((await bench.zxidsOf('log.1')).slice(0, 3)).toEqual([1, 2, 3]);
  });

  test('closing writes what was handed in, and reports nothing', async () => {
    bench = new Bench();
    bench.append(0, 3);
    await bench.log.close();
    expect(bench.persisted).toEqual([]);
    expect(await bench.zxidsOf('log.1')).toEqual([1, 2, 3, 4]);
  });
});
