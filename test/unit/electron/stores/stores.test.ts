/** The stores with real files: schema, lock, settings, profiles, drafts, and where secrets go. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SETTINGS_DEFAULTS } from '../../../../shared/api/app.ts';
import { PROFILE_DEFAULTS, type ProfileDraft } from '../../../../shared/api/connections.ts';
import { silentLog } from '../../../../electron/log.ts';
import { dataFolderPath, ensureDataFolder } from '../../../../electron/stores/data-folder.ts';
import { migrate, openDatabase } from '../../../../electron/stores/database.ts';
import type { SecretVault } from '../../../../electron/stores/secret-store.ts';
import { openSafeStorageVault } from '../../../../electron/stores/safe-storage-vault.ts';
import { type Stores, openStores } from '../../../../electron/stores/stores.ts';

const draft: ProfileDraft = { ...PROFILE_DEFAULTS, name: 'dev', servers: '127.0.0.1:2181' };
let folder: string;
let opened: Stores[];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zabra-stores-'));
  opened = [];
});
afterEach(() => {
  for (const stores of opened) stores.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(vault?: SecretVault): Stores {
  const stores = openStores({ dataFolder: folder, vault, log: silentLog });
  opened.push(stores);
  return stores;
}

function reopen(vault?: SecretVault): Stores {
  for (const stores of opened.splice(0)) stores.close();
  return open(vault);
}

describe('the data folder', () => {
  const find = (platform: NodeJS.Platform, environment: Record<string, string> = {}): string =>
    dataFolderPath({ platform, homeFolder: '/home/ann', environment });

  test('follows the platform', () => {
    expect(find('linux')).toBe('/home/ann/.local/share/zabra');
    expect(find('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/zabra');
    expect(find('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/ann/.local/share/zabra');
    expect(find('darwin')).toBe('/home/ann/Library/Application Support/Zabra');
    expect(find('win32', { APPDATA: '/roaming' })).toBe('/roaming/Zabra');
  });

  test('ZABRA_DATA_DIR goes before everything', () => {
    expect(find('darwin', { ZABRA_DATA_DIR: '/elsewhere' })).toBe('/elsewhere');
    expect(find('linux', { ZABRA_DATA_DIR: '' })).toBe('/home/ann/.local/share/zabra');
  });

  test('is readable by its owner only', () => {
    const made = path.join(folder, 'a', 'b');
    ensureDataFolder(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  test('a file in its place is an IO error that names it', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => ensureDataFolder(path.join(folder, 'file', 'x'))).toThrow(
      expect.objectContaining({ code: 'IO', message: expect.stringContaining('file') }),
    );
  });
});

describe('the database', () => {
  test('another process is told who has the folder, and gets in when it is free', () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(path.resolve('electron/stores/database.ts'))};
      try { openDatabase(process.argv[1]).close(); console.log('open'); } catch (error) { console.log(error.code); }`;
    const ask = (): string =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script, folder], {
        encoding: 'utf8',
      }).stdout.trim();
    open();
    expect(ask()).toBe('LOCKED');
    opened.pop()!.close();
    expect(ask()).toBe('open');
  });

  test('a file that is no database is CORRUPT', () => {
    writeFileSync(path.join(folder, 'zabra.db'), 'x'.repeat(4096));
    expect(() => openDatabase(folder)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });

  test('migrations run once, in order, and a failed one leaves nothing behind', () => {
    const database = new DatabaseSync(':memory:');
    const steps = ['CREATE TABLE a (x)', 'INSERT INTO a VALUES (1)'];
    migrate(database, steps);
    migrate(database, steps);
    expect(database.prepare('SELECT count(*) AS n FROM a').get()?.n).toBe(1);
    expect(() => migrate(database, [...steps, 'INSERT INTO a VALUES (2); nonsense'])).toThrow();
    expect(database.prepare('SELECT count(*) AS n FROM a').get()?.n).toBe(1);
    migrate(database, [...steps, 'INSERT INTO a VALUES (3)']);
    expect(database.prepare('SELECT count(*) AS n FROM a').get()?.n).toBe(2);
    expect(() => migrate(database, steps)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
    database.close();
  });
});

describe('settings', () => {
  test('have defaults, and outlive a restart', () => {
    expect(open().settings.read()).toEqual(SETTINGS_DEFAULTS);
    opened[0]!.settings.save({ theme: 'dark', treeWidth: 400, language: undefined });
    expect(reopen().settings.read()).toEqual({ ...SETTINGS_DEFAULTS, theme: 'dark', treeWidth: 400 });
  });

  test('a stored value that is no longer valid counts as not set', () => {
    open().close();
    opened = [];
    const database = openDatabase(folder);
    database.exec(`INSERT INTO settings VALUES ('treeWidth', '7'), ('theme', '"light"'), ('unknown', '1')`);
    database.close();
    expect(open().settings.read()).toEqual({ ...SETTINGS_DEFAULTS, theme: 'light' });
  });
});

describe('profiles and drafts', () => {
  test('a profile outlives a restart and can be replaced', () => {
    const { connectionId } = open().profiles.insert(draft, { nowMs: 5, ensembleId: 'e' });
    expect(opened[0]!.profiles.update(connectionId, { ...draft, name: 'new' })).toBe(true);
    expect(opened[0]!.profiles.update('nobody', draft)).toBe(false);
    expect(reopen().profiles.list()).toEqual([
      { connectionId, draft: { ...draft, name: 'new' }, ensembleId: 'e', createdAtMs: 5 },
    ]);
  });

  test('drafts keep bytes, null and empty apart, and go with their profile', () => {
    const stores = open();
    const { connectionId } = stores.profiles.insert(draft, { nowMs: 1 });
    const edit = { connectionId, baseVersion: 3, baseMzxid: '0x1', editedAtMs: 9 };
    stores.drafts.save({ ...edit, path: '/b', baseData: null, data: new Uint8Array([0, 255]) });
    stores.drafts.save({ ...edit, path: '/a', baseData: new Uint8Array(), data: new Uint8Array() });
    expect(reopen().drafts.list(connectionId)).toEqual([
      { ...edit, path: '/a', baseData: new Uint8Array(), data: new Uint8Array() },
      { ...edit, path: '/b', baseData: null, data: new Uint8Array([0, 255]) },
    ]);
    opened[0]!.drafts.discard(connectionId, '/a');
    opened[0]!.profiles.delete(connectionId);
    expect(opened[0]!.drafts.list(connectionId)).toEqual([]);
  });

  test('the window state outlives a restart, and nonsense counts as none', () => {
    expect(open().windowState.read()).toBeUndefined();
    opened[0]!.windowState.save({ x: 1, y: 2, width: 800, height: 600, isMaximized: true });
    expect(reopen().windowState.read()).toEqual({ x: 1, y: 2, width: 800, height: 600, isMaximized: true });
  });
});

describe('secrets', () => {
  function newVault(): SecretVault & { readonly kept: Map<string, string>; isBroken: boolean } {
    const kept = new Map<string, string>();
    const vault = {
      kept,
      isBroken: false,
      seal(connectionId: string, secret: string) {
        if (vault.isBroken) throw new Error('locked');
        kept.set(connectionId, secret);
        return null;
      },
      open: (connectionId: string) => kept.get(connectionId),
      forget: (connectionId: string) => void kept.delete(connectionId),
    };
    return vault;
  }

  test('without a vault they live as long as this run', () => {
    const stores = open();
    const { connectionId } = stores.profiles.insert(draft, { nowMs: 1 });
    stores.secrets.write(connectionId, 'pw');
    expect([
      stores.secrets.kind,
      stores.secrets.placeOf(connectionId),
      stores.secrets.read(connectionId),
    ]).toEqual(['memory', 'memory', 'pw']);
    expect(reopen().secrets.read(connectionId)).toBeUndefined();
    expect(opened[0]!.secrets.placeOf(connectionId)).toBe('none');
  });

  test('with a vault they outlive it, and are not in the database', () => {
    const vault = newVault();
    const stores = open(vault);
    const { connectionId } = stores.profiles.insert(draft, { nowMs: 1 });
    stores.secrets.write(connectionId, 'top-secret');
    expect(stores.secrets.placeOf(connectionId)).toBe('stored');
    expect(reopen(vault).secrets.read(connectionId)).toBe('top-secret');
    opened[0]!.secrets.remove(connectionId);
    expect([vault.kept.size, opened[0]!.secrets.placeOf(connectionId)]).toEqual([0, 'none']);
  });

  test('a vault that refuses leaves the secret in memory', () => {
    const vault = newVault();
    const stores = open(vault);
    const { connectionId } = stores.profiles.insert(draft, { nowMs: 1 });
    stores.secrets.write(connectionId, 'old');
    vault.isBroken = true;
    stores.secrets.write(connectionId, 'new');
    expect([stores.secrets.placeOf(connectionId), stores.secrets.read(connectionId)]).toEqual([
      'memory',
      'new',
    ]);
  });

  test('safeStorage keeps a ciphertext in the database, and is not trusted with a key that everybody has', () => {
    const storage = {
      isEncryptionAvailable: () => true,
      encryptString: (text: string) => Buffer.from(text).reverse(),
      decryptString: (bytes: Buffer) => Buffer.from(bytes).reverse().toString(),
      getSelectedStorageBackend: () => 'gnome_libsecret',
    };
    const vault = openSafeStorageVault(storage, 'linux')!;
    const { connectionId } = open(vault).profiles.insert(draft, { nowMs: 1 });
    opened[0]!.secrets.write(connectionId, 'geheim');
    expect(reopen(vault).secrets.read(connectionId)).toBe('geheim');
    expect(
      openSafeStorageVault({ ...storage, getSelectedStorageBackend: () => 'basic_text' }, 'linux'),
    ).toBeUndefined();
    expect(
      openSafeStorageVault({ ...storage, isEncryptionAvailable: () => false }, 'darwin'),
    ).toBeUndefined();
  });
});
