/** One step of a SASL exchange (PROTOCOL.md 2.17). */
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { OpCode } from './op-code.ts';
import type { Operation } from './operation.ts';

export interface SaslToken {
  readonly token: Uint8Array | null;
}

function encodeToken(writer: JuteWriter, record: SaslToken): void {
  writer.writeBuffer(record.token);
}

function decodeToken(reader: JuteReader): SaslToken {
  return { token: reader.readBuffer() };
}

/** `GetSASLRequest => token(buffer)`; `SetSASLResponse => token(buffer)` */
export const sasl: Operation<SaslToken, SaslToken> = {
  name: 'sasl',
  opCode: OpCode.sasl,
  encodeRequest: encodeToken,
  decodeRequest: decodeToken,
  encodeResponse: encodeToken,
  decodeResponse: decodeToken,
};
