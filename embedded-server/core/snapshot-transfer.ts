/**
 * A database as the bytes that a leader sends to a learner that is too far behind (PROTOCOL.md 5.6), and back. In one go:
 * the core stands still meanwhile, so what it sends is the state at one moment, and no fuzzy snapshot.
 */
import { StorageError } from '../../shared/errors.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { ItemStream } from '../../shared/storage-format/item-stream.ts';
import {
  SNAPSHOT_END,
  SnapshotBodyDecoder,
  encodeSnapshotNode,
  encodeSnapshotTables,
} from '../../shared/storage-format/snapshot-body.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Database } from './database.ts';
import { SnapshotLoader } from './snapshot-loader.ts';

export function encodeDatabase({ tree, sessionTimeoutsMs }: Database): Uint8Array {
  const writer = new JuteWriter(64 * 1024);
  encodeSnapshotTables(writer, {
    sessions: [...sessionTimeoutsMs].map(([sessionId, timeoutMs]) => ({ sessionId, timeoutMs })),
    acls: tree.acls.entries(),
  });
  for (const [path, { data, acl, stat }] of tree.entries()) {
    encodeSnapshotNode(writer, {
      path: path === '/' ? '' : path,
      data,
      aclId: tree.acls.aclIdOf(acl),
      stat,
    });
  }
  writer.writeString(SNAPSHOT_END);
  return writer.finish();
}

/** Fills `database`, which must be fresh. Throws StorageError or ProtocolError when `body` is no whole snapshot. */
export function decodeDatabase(body: Uint8Array, zxid: Zxid, database: Database): void {
  const stream = new ItemStream({ itemBytesMax: body.length });
  const loader = new SnapshotLoader(database);
  stream.push(body);
  if (!new SnapshotBodyDecoder(stream, loader).advance()) {
    throw new StorageError('CORRUPT', 'a snapshot that does not end');
  }
  loader.finish(zxid);
}
