/** The names of ZooKeeper's data files, which carry a zxid in hex (PROTOCOL.md 6.3, 6.4). */
import { type Zxid, toZxid } from '../zxid.ts';

/** Inside a data folder; the number is that of the formats. */
export const VERSION_FOLDER = 'version-2';

export type DataFileKind = 'log' | 'snapshot';

export interface DataFile {
  readonly name: string;
  /** Of a log: its first record's. Of a snapshot: the last transaction that it holds completely. */
  readonly zxid: Zxid;
}

export function dataFileName(kind: DataFileKind, zxid: Zxid): string {
  return `${kind}.${BigInt.asUintN(64, zxid).toString(16)}`;
}

/** The files of one kind among `names`, oldest first. Compat: compressed snapshots have another ending and are not seen. */
export function dataFiles(kind: DataFileKind, names: readonly string[]): DataFile[] {
  const files: DataFile[] = [];
  for (const name of names) {
    const [prefix, hex = '', ...rest] = name.split('.');
    if (prefix !== kind || rest.length > 0 || !/^[0-9a-f]{1,16}$/i.test(hex)) continue;
    files.push({ name, zxid: toZxid(BigInt(`0x${hex}`)) });
  }
  return files.sort((a, b) => (a.zxid < b.zxid ? -1 : a.zxid > b.zxid ? 1 : 0));
}
