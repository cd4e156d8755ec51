/** Bringing the connected server up to date with the leader; the path is echoed, it need not exist. */
import { OpCode } from './op-code.ts';
import { type Operation, type PathOnly, decodePath, encodePath } from './operation.ts';

/** `SyncRequest => path(ustring)`; `SyncResponse => path(ustring)` */
export const sync: Operation<PathOnly, PathOnly> = {
  name: 'sync',
  opCode: OpCode.sync,
  encodeRequest: encodePath,
  decodeRequest: decodePath,
  encodeResponse: encodePath,
  decodeResponse: decodePath,
};
