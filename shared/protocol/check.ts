/** Asserting a znode's version; only valid inside a multi (PROTOCOL.md 2.4, notes). */
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

/** `CheckVersionRequest => path(ustring) version(int)`, no response record. */
export const check: Operation<VersionedPath, Nothing> = {
  name: 'check',
  opCode: OpCode.check,
  encodeRequest: encodeVersionedPath,
  decodeRequest: decodeVersionedPath,
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};
