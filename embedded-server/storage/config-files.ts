/**
 * The configuration of the ensemble on disk, under the names and in the format of Apache's dynamic configuration files
 * (PROTOCOL.md 6.7): `zoo.cfg.dynamic.<version>` is the one that holds, its version in hex in its name;
 * `zoo.cfg.dynamic.next` is one that is about to, its version in a line of its own. Each is replaced as a whole.
 *
 * Differs: Apache keeps them beside its zoo.cfg, which it rewrites to name them. Here there is no such file: what the
 * servers of an ensemble were told to begin with gives way to what is found here.
 */
import path from 'node:path';

import type { FileSystem } from './file-system.ts';

const PREFIX = 'zoo.cfg.dynamic.';
const NEXT = `${PREFIX}next`;
const COMMITTED = /^zoo\.cfg\.dynamic\.([0-9a-f]{1,16})$/;
const VERSION_LINE = /^version=([0-9a-f]{1,16})$/;
const TEXT_BYTES_MAX = 512 * 1024;

/** As /zookeeper/config would show them; undefined where there is none. */
export interface StoredConfigs {
  readonly committed: string | undefined;
  readonly lastSeen: string | undefined;
}

export async function readConfigs(fileSystem: FileSystem, folder: string): Promise<StoredConfigs> {
  const names = await fileSystem.list(folder);
  const newest = versionsOf(names).at(-1);
  return {
    committed:
      newest === undefined
        ? undefined
        : `${await readText(fileSystem, path.join(folder, `${PREFIX}${newest}`))}\nversion=${newest}`,
    lastSeen: names.includes(NEXT) ? await readText(fileSystem, path.join(folder, NEXT)) : undefined,
  };
}

/** Resolves when it is durable, and what it takes the place of is gone. */
export async function writeCommittedConfig(
  fileSystem: FileSystem,
  folder: string,
  text: string,
): Promise<void> {
  const lines = text.split('\n');
  const version =
    lines.map((line) => VERSION_LINE.exec(line)?.[1]).find((found) => found !== undefined) ?? '0';
  const members = lines.filter((line) => !VERSION_LINE.test(line)).sort();
  const name = `${PREFIX}${version}`;
  await replaceFile(fileSystem, path.join(folder, name), `${members.join('\n')}\n`);
  await fileSystem.syncFolder(folder);
  const names = await fileSystem.list(folder);
  const isSuperseded = (other: string): boolean =>
    other !== version && BigInt(`0x${other}`) < BigInt(`0x${version}`);
  for (const old of versionsOf(names).filter(isSuperseded)) {
    await fileSystem.remove(path.join(folder, `${PREFIX}${old}`));
  }
  if (!names.includes(NEXT)) return;
  const next = await readText(fileSystem, path.join(folder, NEXT));
  if (next.split('\n').includes(`version=${version}`)) await fileSystem.remove(path.join(folder, NEXT));
}

/** Resolves when it is durable. */
export async function writeLastSeenConfig(
  fileSystem: FileSystem,
  folder: string,
  text: string,
): Promise<void> {
  await replaceFile(fileSystem, path.join(folder, NEXT), `${text}\n`);
  await fileSystem.syncFolder(folder);
}

/** In the order of their versions. */
function versionsOf(names: readonly string[]): string[] {
  const versions = names.flatMap((name) => COMMITTED.exec(name)?.[1] ?? []);
  return versions.sort((a, b) => Number(BigInt(`0x${a}`) - BigInt(`0x${b}`)));
}

async function readText(fileSystem: FileSystem, file: string): Promise<string> {
  const open = await fileSystem.open(file, 'read');
  try {
    const bytes = new Uint8Array(Math.min(await open.size(), TEXT_BYTES_MAX));
    const count = await open.read(bytes, 0);
    return Buffer.from(bytes.subarray(0, count)).toString('utf8').trim();
  } finally {
    await open.close();
  }
}

async function replaceFile(fileSystem: FileSystem, file: string, text: string): Promise<void> {
  const open = await fileSystem.open(`${file}.tmp`, 'create');
  try {
    await open.write(Buffer.from(text), 0);
    await open.sync();
  } finally {
    await open.close();
  }
  await fileSystem.rename(`${file}.tmp`, file);
}
