/** Ending a session: the server answers, removes its ephemerals and closes the connection (PROTOCOL.md 2.11). */
import { OpCode } from './op-code.ts';
import { type Nothing, type Operation, decodeNothing, encodeNothing } from './operation.ts';

export const closeSession: Operation<Nothing, Nothing> = {
  name: 'closeSession',
  opCode: OpCode.closeSession,
  encodeRequest: encodeNothing,
  decodeRequest: decodeNothing,
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};
