/** Deleting a znode that has no children (PROTOCOL.md 2.4). */
import { OpCode } from './op-code.ts';
import {
  type Nothing,
  type Operation,
  type VersionedPath,
  decodeNothing,
  decodeVersionedPath,
  encodeNothing,
  encodeVersionedPath,
} from './operation.ts';

/** `DeleteRequest => path(ustring) version(int)`, no response record. */
export const deleteNode: Operation<VersionedPath, Nothing> = {
  name: 'delete',
  opCode: OpCode.delete,
  encodeRequest: encodeVersionedPath,
  decodeRequest: decodeVersionedPath,
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};
