/** The disk of a server as a whole: snapshots in time and while writes go on, failures that do and do not matter. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { DurableStorage, folderBytes } from '../../../../embedded-server/storage/durable-storage.ts';
import { type FileSystem, nodeFileSystem } from '../../../../embedded-server/storage/file-system.ts';
import type { StorageError } from '../../../../shared/errors.ts';
import type { SessionId } from '../../../../shared/ids.ts';
import { type Zxid, ZXID_NONE } from '../../../../shared/zxid.ts';
import { TransactionMaker, creating, emptyDatabase, seeDatabase } from '../../../support/transactions.ts';
import { waitFor } from '../../../support/wait.ts';

const CONFIG = {
  dataLogDir: undefined,
  preAllocKib: 4,
  snapCount: 20,
  snapSizeLimitKib: 0,
  txnLogSizeLimitKib: 0,
  snapRetainCount: 3,
  purgeIntervalHours: 0,
  trustEmptySnapshot: false,
  fsyncWarningMs: 1000,
};

let dataDir = '';
const opened: DurableStorage[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'zabra-storage-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
  rmSync(dataDir, { recursive: true, force: true });
});

/** A server's life with its disk: writes are applied when they are durable. */
class Life {
  readonly storage: DurableStorage;
  readonly maker: TransactionMaker;
  readonly logged: string[];
  readonly failures: StorageError[] = [];
  persisted: Zxid = ZXID_NONE;
  readonly #sessionId: SessionId;
  #count = 0;

  /** `onSlice` is called before each slice of a snapshot, and tells how much is not settled. */
  constructor(storage: DurableStorage, logged: string[], onSlice: () => number = () => 0) {
    this.storage = storage;
    this.logged = logged;
    this.maker = new TransactionMaker(storage.database);
    storage.start(
      {
        onPersisted: (zxid) => (this.persisted = zxid),
        onFailed: (error) => this.failures.push(error),
      },
      { database: () => storage.database, unsettledCount: onSlice },
    );
    this.#sessionId = this.maker.openSession();
    this.#append();
  }

  static async begin(
    options: { config?: Partial<typeof CONFIG>; fileSystem?: FileSystem; onSlice?: () => number } = {},
  ): Promise<Life> {
    const logged: string[] = [];
    return new Life(await openStorage(logged, options), logged, options.onSlice);
  }

  write(count: number): void {
    for (let done = 0; done < count; done++) {
      this.maker.write(creating(`/n-`, { mode: 'PERSISTENT_SEQUENTIAL', data: 'data' }), this.#sessionId);
      this.#append();
    }
  }

  #append(): void {
    for (const { entry, bytes } of this.maker.transactions.slice(this.#count)) {
      this.storage.append(entry.header.zxid, bytes);
    }
    this.#count = this.maker.transactions.length;
  }

  async untilPersisted(): Promise<void> {
    await waitFor('all is persisted', () => this.persisted === this.storage.database.lastProcessedZxid);
  }
}

async function openStorage(
  logged: string[],
  options: { config?: Partial<typeof CONFIG>; fileSystem?: FileSystem } = {},
): Promise<DurableStorage> {
  const storage = await DurableStorage.open({
    config: { ...CONFIG, dataDir, ...options.config },
    freshDatabase: emptyDatabase,
    elapsedMs: () => 0,
    random: () => 0,
    onLog: (_, message) => logged.push(message),
    ...(options.fileSystem && { fileSystem: options.fileSystem }),
  });
  opened.push(storage);
  return storage;
}

function filesOf(kind: string): string[] {
  return readdirSync(path.join(dataDir, 'version-2')).filter((name) => name.startsWith(kind));
}

function newestFirst(names: readonly string[]): string[] {
  const zxidOf = (name: string): number => parseInt(name.split('.')[1] ?? '', 16);
  return [...names].sort((a, b) => zxidOf(b) - zxidOf(a));
}

describe('durable storage', () => {
  test('a new folder begins with snapshot.0, so that the log has something to follow', async () => {
    await Life.begin();
    expect(filesOf('snapshot.')).toEqual(['snapshot.0']);
  });

  test('snapshots come while writes go on; everything is there again, from whichever of them', async () => {
    const life = await Life.begin();
    for (let round = 0; round < 10; round++) {
      life.write(7);
      await life.untilPersisted();
    }
    await life.storage.close();
    const snapshots = filesOf('snapshot.');
    // Of 71 transactions every 11th, and the one of the beginning.
    expect(snapshots.length).toBeGreaterThan(3);
    expect(snapshots.length).toBeLessThan(8);
    expect(filesOf('log.').length).toBe(snapshots.length);
    expect(filesOf('partial')).toEqual([]);
    const seen = seeDatabase(life.maker.database);
    for (const newest of newestFirst(snapshots)) {
      const logged: string[] = [];
      const storage = await openStorage(logged);
      expect(logged).toEqual([]);
      expect(storage.recovered.digestMismatches).toBe(0);
      expect(seeDatabase(storage.database)).toEqual(seen);
      await storage.close();
      rmSync(path.join(dataDir, 'version-2', newest));
    }
  });

  test('a snapshot during which something is applied that may be taken back is begun anew', async () => {
    let asked = 0;
    const lives: Life[] = [];
    const onSlice = (): number => {
      asked++;
      // The first snapshot has been begun and has one slice.
      if (asked === 3) lives[0]?.write(1);
      return asked < 3 ? 0 : 1;
    };
    const life = await Life.begin({ onSlice });
    lives.push(life);
    life.write(10);
    const begunAt = life.maker.database.lastProcessedZxid;
    await waitFor('a snapshot is taken', () => filesOf('snapshot.').length === 2);
    expect(filesOf('partial')).toEqual([]);
    expect(newestFirst(filesOf('snapshot.'))[0]).toBe(`snapshot.${(begunAt + 1n).toString(16)}`);
  });

  test('a snapshot that fails is said, and nothing else: the log has everything', async () => {
    const full: FileSystem = {
      ...nodeFileSystem,
      open: (file, mode) =>
        file.includes('partial-snapshot.b') && mode === 'create'
          ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
          : nodeFileSystem.open(file, mode),
    };
    const life = await Life.begin({ fileSystem: full });
    for (let round = 0; round < 11; round++) {
      life.write(1);
      await life.untilPersisted();
    }
    await waitFor('it is said', () => life.logged.some((line) => line.includes('the disk is full')));
    expect(life.failures).toEqual([]);
    life.write(3);
    await life.untilPersisted();
  });

  test('an fsync that fails is told, and nothing is persisted any more', async () => {
    const life = await Life.begin();
    await life.untilPersisted();
    await life.storage.close();
    const failing: FileSystem = {
      ...nodeFileSystem,
      async open(file, mode) {
        const open = await nodeFileSystem.open(file, mode);
        const eio = (): Promise<void> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
        return path.basename(file).startsWith('log.') && mode === 'create' ? { ...open, sync: eio } : open;
      },
    };
    const next = await Life.begin({ fileSystem: failing });
    next.write(2);
    await waitFor('the failure is told', () => next.failures.length > 0);
    expect(next.failures).toMatchObject([{ code: 'IO' }]);
    expect(next.persisted).toBe(ZXID_NONE);
  });

  test('a folder in use is refused, and free when its server has closed', async () => {
    const life = await Life.begin();
    expect(existsSync(path.join(dataDir, 'zabra.lock'))).toBe(true);
    await life.storage.close();
    expect(existsSync(path.join(dataDir, 'zabra.lock'))).toBe(false);
  });

  test('a folder that cannot be trusted is free again', async () => {
    mkdirSync(path.join(dataDir, 'version-2'));
    writeFileSync(path.join(dataDir, 'version-2', 'log.1'), 'no log');
    await expect(openStorage([])).rejects.toMatchObject({ code: 'CORRUPT' });
    expect(existsSync(path.join(dataDir, 'zabra.lock'))).toBe(false);
  });

  test('logs may have a folder of their own, and its size is its own', async () => {
    const dataLogDir = path.join(dataDir, 'logs');
    const life = await Life.begin({ config: { dataLogDir: dataLogDir as never } });
    await life.untilPersisted();
    expect(readdirSync(path.join(dataLogDir, 'version-2'))).toEqual(['log.1']);
    expect(filesOf('log.')).toEqual([]);
    expect(folderBytes(life.storage.folders.logs)).toBe(16 + 2 * 4096);
  });

  test('old files are removed at the start, as often as told', async () => {
    const life = await Life.begin();
    for (let round = 0; round < 12; round++) {
      life.write(7);
      await life.untilPersisted();
    }
    await life.storage.close();
    expect(filesOf('snapshot.').length).toBeGreaterThan(4);
    const next = await Life.begin({ config: { purgeIntervalHours: 1 } });
    await waitFor('it is said', () => next.logged.some((line) => line.includes('old data files removed')));
    expect(filesOf('snapshot.')).toHaveLength(3);
  });

  test('a slow fsync is worth a warning', async () => {
    let nowMs = 0;
    const logged: string[] = [];
    const storage = await DurableStorage.open({
      config: { ...CONFIG, dataDir },
      freshDatabase: emptyDatabase,
      elapsedMs: () => (nowMs += 1500),
      random: () => 0,
      onLog: (_, message) => logged.push(message),
    });
    opened.push(storage);
    const life = new Life(storage, logged);
    await life.untilPersisted();
    expect(logged.join()).toMatch('took 1500 ms for an fsync');
    expect(storage.fsyncMs.count).toBe(1);
  });
});
