/**
 * Recovery: folders that Apache 3.8.0 wrote, torn tails at every byte, damage that must be refused, snapshots that cannot be
 * read (PROTOCOL.md 6.3 to 6.5).
 */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import type { Database } from '../../../../embedded-server/core/database.ts';
import { SnapshotWriter } from '../../../../embedded-server/core/snapshot-writer.ts';
import { type Recovered, recover } from '../../../../embedded-server/storage/recovery.ts';
import { writeSnapshot } from '../../../../embedded-server/storage/snapshot-files.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { type SnapshotDigest, SnapshotEncoder } from '../../../../shared/storage-format/snapshot-file.ts';
import { encodeTxnLogHeader, encodeTxnLogRecord } from '../../../../shared/storage-format/txn-log-file.ts';
import type { SessionId } from '../../../../shared/ids.ts';
import { MemoryFileSystem } from '../../../support/memory-file-system.ts';
import {
  type Transaction,
  TransactionMaker,
  creating,
  emptyDatabase,
  seeDatabase,
} from '../../../support/transactions.ts';
import type { SeenTree } from '../../../support/varied-tree.ts';

const FOLDER = '/data/version-2';
const FIXTURE = fileURLToPath(new URL('../../../fixtures/data-folder/apache-3.8.0', import.meta.url));
/** Of a busy machine: the snapshot has the digest of 0x3e, and what a multi, 0x3f, had done by then. */
const EARLY_DIGEST_FIXTURE = `${FIXTURE}-early-digest`;
const SEEN = JSON.parse(readFileSync(`${FIXTURE}/seen.json`, 'utf8')) as SeenTree;

interface Outcome extends Recovered {
  readonly warnings: readonly string[];
}

async function recoverFrom(disk: MemoryFileSystem, trustEmptySnapshot = false): Promise<Outcome> {
  const warnings: string[] = [];
  const recovered = await recover({
    fileSystem: disk,
    folders: { snapshots: FOLDER, logs: FOLDER },
    freshDatabase: emptyDatabase,
    trustEmptySnapshot,
    elapsedMs: () => 0,
    onWarning: (message) => warnings.push(message),
  });
  return { ...recovered, warnings };
}

function apacheDisk(omit: (name: string) => boolean = () => false, fixture = FIXTURE): MemoryFileSystem {
  const disk = new MemoryFileSystem();
  for (const name of readdirSync(`${fixture}/version-2`)) {
    if (!omit(name)) disk.put(`${FOLDER}/${name}`, readFileSync(`${fixture}/version-2/${name}`));
  }
  return disk;
}

/** As a client saw it, but for the sessions of the client that looked. */
function expectApachesTree({ database, digestMismatches, warnings }: Outcome): void {
  expect(seeDatabase(database)).toEqual(SEEN);
  expect(database.tree.recomputeDigest()).toBe(database.tree.digest);
  expect(digestMismatches).toBe(0);
  expect(warnings).toEqual([]);
}

describe('recovery: Apache', () => {
  test.each(['snapshot.22', 'snapshot.17', 'snapshot.10', 'snapshot.8', 'snapshot.0'])(
    'the tree is what a client saw, with %s as the newest snapshot',
    async (newest) => {
      const disk = apacheDisk((name) => {
        const [kind, hex = ''] = name.split('.');
        return kind === 'snapshot' && parseInt(hex, 16) > parseInt(newest.split('.')[1] ?? '', 16);
      });
      expectApachesTree(await recoverFrom(disk));
    },
  );

  test('the ephemerals of the session that was left are still there, and its timeout', async () => {
    const { database } = await recoverFrom(apacheDisk());
    const owners = [...database.tree.ephemeralOwners.keys()];
    expect(owners).toHaveLength(1);
    expect(database.orphanedOwners()).toEqual([]);
    expect(database.sessionTimeoutsMs.get(owners[0] as SessionId)).toBe(120_000);
  });

  test.each(['snapshot.22', 'snapshot.17'])('a bit of %s flips: the one before is taken', async (name) => {
    const disk = apacheDisk();
    // A snapshot that stands behind the damaged one would be taken in its place.
    for (const other of name === 'snapshot.17' ? ['snapshot.22'] : [])
      await disk.remove(`${FOLDER}/${other}`);
    flipBit(disk, name, 8 * 300);
    const outcome = await recoverFrom(disk);
    expect(outcome.warnings.join()).toMatch(`${name} is damaged`);
    expectApachesTree({ ...outcome, warnings: [] });
  });

  test('a snapshot that was not written to its end is passed over', async () => {
    const disk = apacheDisk();
    const file = `${FOLDER}/snapshot.22`;
    disk.put(file, disk.read(file).subarray(0, 3000));
    const outcome = await recoverFrom(disk);
    expect(outcome.warnings.join()).toMatch('snapshot.22 was not written to its end');
    expectApachesTree({ ...outcome, warnings: [] });
  });

  test('a log that would have to follow an older snapshot is missing: refused', async () => {
    const disk = apacheDisk((name) => name === 'log.19');
    flipBit(disk, 'snapshot.22', 8 * 300);
    await expect(recoverFrom(disk)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('0x18 is followed by 0x24') as string,
    });
  });

  test('a snapshot with the digest of the transaction before is no mismatch: what follows proves the tree', async () => {
    const disk = apacheDisk(undefined, EARLY_DIGEST_FIXTURE);
    const { database, digestMismatches, warnings } = await recoverFrom(disk);
    expect([digestMismatches, warnings]).toEqual([0, []]);
    expect(database.lastProcessedZxid).toBe(0x3fn);
    expect(database.tree.recomputeDigest()).toBe(database.tree.digest);
  });

  test('without what follows nobody can tell, and it is one', async () => {
    const disk = apacheDisk((name) => name.startsWith('log.'), EARLY_DIGEST_FIXTURE);
    const { digestMismatches, warnings } = await recoverFrom(disk);
    expect(digestMismatches).toBe(1);
    expect(warnings.join()).toMatch('not that of transaction 0x3e');
  });
});

function flipBit(disk: MemoryFileSystem, name: string, bit: number): void {
  const bytes = disk.read(`${FOLDER}/${name}`);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  disk.put(`${FOLDER}/${name}`, bytes);
}

/** A folder with snapshot.0 and one log of some transactions. */
class Folder {
  readonly disk = new MemoryFileSystem();
  readonly transactions: readonly Transaction[];
  /** Where each record begins, and where the last ends. */
  readonly offsets: number[] = [];

  private constructor(transactions: readonly Transaction[]) {
    this.transactions = transactions;
  }

  static async make(): Promise<Folder> {
    const maker = new TransactionMaker();
    const sessionId = maker.openSession();
    for (const path of ['/a', '/b', '/b/c']) maker.write(creating(path, { data: 'data' }), sessionId);
    const folder = new Folder(maker.transactions);
    await writeSnapshot(folder.disk, FOLDER, new SnapshotWriter(emptyDatabase()));
    folder.putLog('log.1', folder.transactions);
    return folder;
  }

  putLog(name: string, transactions: readonly Transaction[], reservedBytes = 64): void {
    const writer = new JuteWriter();
    encodeTxnLogHeader(writer);
    this.offsets.length = 0;
    for (const { bytes } of transactions) {
      this.offsets.push(writer.length);
      encodeTxnLogRecord(writer, bytes);
    }
    this.offsets.push(writer.length);
    writer.writeRaw(new Uint8Array(reservedBytes));
    this.disk.put(`${FOLDER}/${name}`, writer.finish());
  }

  get log(): Uint8Array {
    return this.disk.read(`${FOLDER}/log.1`);
  }

  set log(bytes: Uint8Array) {
    this.disk.put(`${FOLDER}/log.1`, bytes);
  }
}

describe('recovery: torn tails', () => {
  test.each([
    ['the file ends there', false],
    ['reserved space follows', true],
  ])(
    'the last record cut at any byte, %s: all before it is there, and it is cut off',
    async (_name, isPadded) => {
      const folder = await Folder.make();
      const whole = folder.log;
      const [start = 0, end = 0] = folder.offsets.slice(-2);
      const before = folder.transactions.at(-2)?.entry.header.zxid;
      for (let length = start; length < end; length++) {
        const torn = new Uint8Array(isPadded ? whole.length : length);
        torn.set(whole.subarray(0, length));
        folder.log = torn;
        const { database } = await recoverFrom(folder.disk);
        expect(database.lastProcessedZxid).toBe(before);
        expect(database.tree.get('/b/c')).toBeUndefined();
        expect(database.tree.get('/b')).toBeDefined();
        // What is cut off once is not found again, and the log reads as a whole one.
        expect(folder.log.subarray(start).every((byte) => byte === 0)).toBe(true);
        expect((await recoverFrom(folder.disk)).warnings).toEqual([]);
      }
    },
  );

  test('a bit flips in the last record: taken for a torn one, as an unfinished write may leave it', async () => {
    const folder = await Folder.make();
    flipBit(folder.disk, 'log.1', ((folder.offsets.at(-2) ?? 0) + 20) * 8);
    const { database, warnings } = await recoverFrom(folder.disk);
    expect(database.tree.get('/b/c')).toBeUndefined();
    expect(warnings.join()).toMatch('with an entry with a wrong checksum');
  });

  test('any bit flips in a record that others follow: refused, and the file is left alone', async () => {
    const folder = await Folder.make();
    const whole = folder.log;
    const [start = 0, end = 0] = folder.offsets.slice(1, 3);
    for (let bit = start * 8; bit < end * 8; bit++) {
      folder.log = whole;
      flipBit(folder.disk, 'log.1', bit);
      const damaged = folder.log;
      await expect(recoverFrom(folder.disk), `bit ${bit}`).rejects.toMatchObject({ code: 'CORRUPT' });
      expect(folder.log).toEqual(damaged);
    }
  });

  test('a log whose first record never came is removed', async () => {
    for (const bytes of [0, 7, 16, 80]) {
      const folder = await Folder.make();
      const header = new JuteWriter();
      encodeTxnLogHeader(header);
      const content = new Uint8Array(bytes);
      if (bytes >= 16) content.set(header.finish());
      folder.disk.put(`${FOLDER}/log.6`, content);
      const { database } = await recoverFrom(folder.disk);
      expect(database.tree.get('/b/c')).toBeDefined();
      expect(await folder.disk.list(FOLDER)).toEqual(['snapshot.0', 'log.1']);
    }
  });

  test('a header of zeros was never made durable: nothing was acknowledged', async () => {
    const folder = await Folder.make();
    folder.disk.put(`${FOLDER}/log.6`, new Uint8Array(4096));
    await recoverFrom(folder.disk);
    expect(await folder.disk.list(FOLDER)).not.toContain('log.6');
  });

  test('a torn tail in front of another log is where a former run ended', async () => {
    const folder = await Folder.make();
    const { transactions } = folder;
    folder.putLog('log.4', transactions.slice(3));
    folder.putLog('log.1', transactions.slice(0, 3));
    const torn = Buffer.concat([
      folder.log.subarray(0, folder.offsets.at(-1)),
      Buffer.from('00000000deadbeef', 'hex'),
    ]);
    folder.log = torn;
    const { database } = await recoverFrom(folder.disk);
    expect(database.lastProcessedZxid).toBe(transactions.at(-1)?.entry.header.zxid);
  });
});

describe('recovery: what is there, and what is not', () => {
  test('a log longer than what is read at a time gives every byte of every node', async () => {
    const maker = new TransactionMaker();
    const sessionId = maker.openSession();
    for (let at = 0; at < 12; at++) {
      maker.write(creating(`/n${at}`, { data: String.fromCharCode(97 + at).repeat(300_001) }), sessionId);
    }
    const folder = await Folder.make();
    folder.putLog('log.1', maker.transactions);
    const { database } = await recoverFrom(folder.disk);
    expect(seeDatabase(database)).toEqual(seeDatabase(maker.database));
  });

  test('a snapshot has its name only when it is durable', async () => {
    const disk = new MemoryFileSystem();
    await writeSnapshot(disk, FOLDER, new SnapshotWriter(emptyDatabase()));
    disk.crash();
    expect(await disk.list(FOLDER)).toEqual(['snapshot.0']);
    expect((await recoverFrom(disk)).warnings).toEqual([]);
  });

  test('a snapshot that fails leaves nothing behind', async () => {
    const disk = new MemoryFileSystem();
    disk.freeBytes = 100;
    const writing = writeSnapshot(disk, FOLDER, new SnapshotWriter(emptyDatabase()));
    await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await disk.list(FOLDER)).toEqual([]);
  });

  test('an empty folder is a fresh tree', async () => {
    const { database, snapshotZxid } = await recoverFrom(new MemoryFileSystem());
    expect(snapshotZxid).toBeUndefined();
    expect(seeDatabase(database)).toEqual(seeDatabase(emptyDatabase()));
  });

  test('a log without a snapshot is refused, unless it is said to be the whole history', async () => {
    const folder = await Folder.make();
    await folder.disk.remove(`${FOLDER}/snapshot.0`);
    await expect(recoverFrom(folder.disk)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('snapshot.trust.empty=true') as string,
    });
    const { database } = await recoverFrom(folder.disk, true);
    expect(database.tree.get('/b/c')).toBeDefined();
  });

  test('no snapshot that can be read is not the same as none', async () => {
    const folder = await Folder.make();
    await folder.disk.remove(`${FOLDER}/log.1`);
    flipBit(folder.disk, 'snapshot.0', 8 * 40);
    await expect(recoverFrom(folder.disk)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('a file that is no log is refused', async () => {
    const folder = await Folder.make();
    folder.log = Buffer.alloc(100, 'x');
    await expect(recoverFrom(folder.disk)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('what an interrupted snapshot left behind is removed', async () => {
    const folder = await Folder.make();
    folder.disk.put(`${FOLDER}/partial-snapshot.3`, new Uint8Array(10));
    await recoverFrom(folder.disk);
    expect(await folder.disk.list(FOLDER)).toEqual(['snapshot.0', 'log.1']);
  });

  test('transactions that two logs hold are applied once', async () => {
    const folder = await Folder.make();
    folder.putLog('log.3', folder.transactions.slice(2));
    folder.putLog('log.1', folder.transactions);
    const { replayedCount } = await recoverFrom(folder.disk);
    expect(replayedCount).toBe(folder.transactions.length);
  });

  test('a digest that does not match is counted, and said once', async () => {
    const folder = await Folder.make();
    // Another history up to here: the tree lacks /a, whose creation the digests count.
    const [first, second, ...rest] = folder.transactions;
    if (!first || !second) throw new Error('too few transactions');
    const other = new TransactionMaker();
    const sessionId = other.openSession();
    other.write(creating('/z'), sessionId);
    folder.putLog('log.1', [first, ...other.transactions.slice(1), ...rest]);
    const { digestMismatches, warnings } = await recoverFrom(folder.disk);
    expect(digestMismatches).toBe(rest.length);
    expect(warnings).toHaveLength(1);
  });

  test('a snapshot whose digest does not match counts too, when what follows does not match either', async () => {
    const folder = await Folder.make();
    const [first, second, ...rest] = folder.transactions;
    if (!first || !second?.entry.digest) throw new Error('too few transactions');
    const other = new TransactionMaker();
    other.write(creating('/z'), other.openSession());
    const { zxid } = second.entry.header;
    const digest = { ...second.entry.digest, zxid };
    folder.disk.put(`${FOLDER}/snapshot.2`, snapshotOf(other.database, digest));
    const { digestMismatches, warnings } = await recoverFrom(folder.disk);
    expect(digestMismatches).toBe(1 + rest.length);
    expect(warnings.join()).toMatch('not that of transaction 0x2');
  });
});

function snapshotOf({ tree }: Database, digest: SnapshotDigest): Uint8Array {
  const encoder = new SnapshotEncoder();
  encoder.begin({ sessions: [], acls: tree.acls.entries() });
  for (const [path, { data, acl, stat }] of tree.entries()) {
    encoder.node({ path: path === '/' ? '' : path, data, aclId: tree.acls.aclIdOf(acl), stat });
  }
  return encoder.end(digest);
}
