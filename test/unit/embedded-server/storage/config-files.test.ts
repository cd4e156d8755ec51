/** Configurations on disk, in the files and the format of Apache (PROTOCOL.md 6.7). */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  readConfigs,
  writeCommittedConfig,
  writeLastSeenConfig,
} from '../../../../embedded-server/storage/config-files.ts';
import { nodeFileSystem } from '../../../../embedded-server/storage/file-system.ts';

const OLD = 'server.1=a:1:2:participant\nserver.2=b:1:2:participant\nversion=9';
const NEW = 'server.1=a:1:2:participant\nserver.3=c:1:2:observer\nversion=100000003';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zabra-config-files-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('config files: the version of what is committed is in its name, a newer one replaces it', async () => {
  await writeCommittedConfig(nodeFileSystem, folder, OLD);
  await writeCommittedConfig(nodeFileSystem, folder, NEW);
  expect(await readdir(folder)).toEqual(['zoo.cfg.dynamic.100000003']);
  expect(await readFile(path.join(folder, 'zoo.cfg.dynamic.100000003'), 'utf8')).toBe(
    'server.1=a:1:2:participant\nserver.3=c:1:2:observer\n',
  );
  expect(await readConfigs(nodeFileSystem, folder)).toEqual({ committed: NEW, lastSeen: undefined });
});

test('config files: what is about to be committed waits beside it, and is gone once it is', async () => {
  await writeCommittedConfig(nodeFileSystem, folder, OLD);
  await writeLastSeenConfig(nodeFileSystem, folder, NEW);
  expect(await readConfigs(nodeFileSystem, folder)).toEqual({ committed: OLD, lastSeen: NEW });
  await writeCommittedConfig(nodeFileSystem, folder, NEW);
  expect(await readConfigs(nodeFileSystem, folder)).toEqual({ committed: NEW, lastSeen: undefined });
});

test('config files: an empty folder holds none', async () => {
  expect(await readConfigs(nodeFileSystem, folder)).toEqual({ committed: undefined, lastSeen: undefined });
});
