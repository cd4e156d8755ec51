/** The bodies of replies to writes that succeeded (the writes of ZooKeeper's FinalRequestProcessor; PROTOCOL.md 2.4). */
import { assert, assertNever } from '../../shared/assert.ts';
import type { JuteWriter } from '../../shared/jute/writer.ts';
import { multi } from '../../shared/protocol/multi.ts';
import { encodeStat } from '../../shared/protocol/stat.ts';
import type { Txn } from '../../shared/storage-format/txn.ts';
import type { DataTree } from './data-tree.ts';
import type { Applied } from './database.ts';

/** Demands that `applied` is what came of `txn` just now, without an error: the stat is taken from the tree as it is. */
export function encodeWriteReply(writer: JuteWriter, txn: Txn, applied: Applied, tree: DataTree): void {
  switch (txn.op) {
    case 'create':
      writer.writeString(applied.path);
      break;
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      writer.writeString(applied.path);
      writeStat(writer, applied.path, tree);
      break;
    case 'setData':
    case 'setACL':
      writeStat(writer, applied.path, tree);
      break;
    case 'reconfig': {
      const node = tree.get(applied.path);
      writer.writeBuffer(node?.data ?? null);
      writeStat(writer, applied.path, tree);
      break;
    }
    case 'multi':
      multi.encodeResponse(writer, applied.results ?? []);
      break;
    case 'delete':
    case 'deleteContainer':
    case 'check':
    case 'createSession':
    case 'closeSession':
    case 'error':
      break;
    default:
      assertNever(txn);
  }
}

function writeStat(writer: JuteWriter, path: string, tree: DataTree): void {
  const node = tree.get(path);
  assert(node !== undefined, `${path} was just written, but is not there`);
  encodeStat(writer, tree.statOf(node));
}
