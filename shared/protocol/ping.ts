/** Keeping a session alive; sent with xid -2, no body either way (PROTOCOL.md 2.1). */
import { OpCode } from './op-code.ts';
import { type Nothing, type Operation, decodeNothing, encodeNothing } from './operation.ts';

export const ping: Operation<Nothing, Nothing> = {
  name: 'ping',
  opCode: OpCode.ping,
  encodeRequest: encodeNothing,
  decodeRequest: decodeNothing,
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};
