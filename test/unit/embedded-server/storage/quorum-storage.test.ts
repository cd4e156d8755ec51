/** The disk of a server of an ensemble: operations in their order, truncation, snapshots of the leader's, epochs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { RestoredData, StorageOperation } from '../../../../embedded-server/core/quorum-effects.ts';
import { encodeDatabase } from '../../../../embedded-server/core/snapshot-transfer.ts';
import { QuorumStorage } from '../../../../embedded-server/storage/quorum-storage.ts';
import { makeZxid } from '../../../../shared/zxid.ts';
import { TransactionMaker, creating, emptyDatabase, seeDatabase } from '../../../support/transactions.ts';
import { waitFor } from '../../../support/wait.ts';

let dataDir = '';
const opened: QuorumStorage[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'zabra-quorum-storage-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
  rmSync(dataDir, { recursive: true, force: true });
});

interface Stored {
  readonly storageId: number;
  readonly reloaded: RestoredData | undefined;
}

async function open(): Promise<{ storage: QuorumStorage; stored: Stored[] }> {
  const storage = await QuorumStorage.open({
    config: {
      dataDir,
      dataLogDir: undefined,
      preAllocKib: 4,
      snapCount: 1000,
      snapSizeLimitKib: 0,
      txnLogSizeLimitKib: 0,
      snapRetainCount: 3,
      purgeIntervalHours: 0,
      trustEmptySnapshot: false,
      fsyncWarningMs: 1000,
    },
    freshDatabase: emptyDatabase,
    elapsedMs: () => 0,
    random: () => 0.5,
    onLog: () => undefined,
  });
  opened.push(storage);
  const stored: Stored[] = [];
  storage.start({
    onStored: (storageId, reloaded) => stored.push({ storageId, reloaded }),
    onFailed: (error) => {
      throw error;
    },
    snapshots: { database: () => storage.restored.data.database, unsettledCount: () => 0 },
  });
  return { storage, stored };
}

async function reopen(): Promise<QuorumStorage> {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
  return (await open()).storage;
}

/** Runs operations numbered from 1 and resolves when the last is stored. */
async function runAll(
  { storage, stored }: { storage: QuorumStorage; stored: Stored[] },
  operations: readonly StorageOperation[],
): Promise<void> {
  for (const [index, operation] of operations.entries()) storage.run(index + 1, operation);
  await waitFor('all is stored', () => stored.at(-1)?.storageId === operations.length);
}

function makeAppends(count: number): { maker: TransactionMaker; appends: StorageOperation[] } {
  const maker = new TransactionMaker();
  const sessionId = maker.openSession();
  for (let made = 1; made < count; made++) maker.write(creating(`/n${made}`), sessionId);
  const appends = maker.transactions.map(
    ({ entry, bytes }) => ({ op: 'append', zxid: entry.header.zxid, entry: bytes }) as const,
  );
  return { maker, appends };
}

test('what is appended is there after a restart, with the newest transactions at hand, byte for byte', async () => {
  const { maker, appends } = makeAppends(10);
  await runAll(await open(), appends);
  const { data } = (await reopen()).restored;
  expect(seeDatabase(data.database)).toEqual(seeDatabase(maker.database));
  expect(data.history.txns.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
    maker.transactions.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
  );
});

test('truncation waits for what is being appended, reports what is left, and what follows goes on from there', async () => {
  const { appends } = makeAppends(10);
  const opening = await open();
  const fourth = makeZxid({ epoch: 0, counter: 4 });
  await runAll(opening, [...appends, { op: 'truncate', zxid: fourth }, appends[4]!]);
  const truncated = opening.stored.find(({ storageId }) => storageId === appends.length + 1);
  expect(truncated?.reloaded?.database.lastProcessedZxid).toBe(fourth);
  expect(truncated?.reloaded?.history.txns).toHaveLength(4);
  expect((await reopen()).restored.data.database.lastProcessedZxid).toBe(fourth + 1n);
});

test('what cannot be cut stays as it is, and nothing is reported but that', async () => {
  const { appends } = makeAppends(10);
  const opening = await open();
  const beyond = makeZxid({ epoch: 0, counter: 20 });
  await runAll(opening, [...appends, { op: 'truncate', zxid: beyond }]);
  expect(opening.stored.at(-1)).toEqual({ storageId: appends.length + 1, reloaded: undefined });
  expect((await reopen()).restored.data.database.lastProcessedZxid).toBe(makeZxid({ epoch: 0, counter: 10 }));
});

test("a leader's snapshot takes the place of everything, newer transactions included", async () => {
  const { maker, appends } = makeAppends(10);
  const other = makeAppends(5).maker;
  const zxid = makeZxid({ epoch: 0, counter: 5 });
  await runAll(await open(), [...appends, { op: 'snapshot', zxid, body: encodeDatabase(other.database) }]);
  const { database } = (await reopen()).restored.data;
  expect(database.lastProcessedZxid).toBe(zxid);
  expect(seeDatabase(database)).toEqual(seeDatabase(other.database));
  expect(seeDatabase(database)).not.toEqual(seeDatabase(maker.database));
});

test('epochs are kept as Apache keeps them, and one that holds no number is refused', async () => {
  await runAll(await open(), [
    { op: 'acceptedEpoch', epoch: 7 },
    { op: 'currentEpoch', epoch: 6 },
  ]);
  expect(readFileSync(path.join(dataDir, 'version-2', 'acceptedEpoch'), 'utf8')).toBe('7');
  expect((await reopen()).restored).toMatchObject({ acceptedEpoch: 7, currentEpoch: 6 });
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
  writeFileSync(path.join(dataDir, 'version-2', 'currentEpoch'), 'six');
  await expect(open()).rejects.toMatchObject({ code: 'CORRUPT' });
});
