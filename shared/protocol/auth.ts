/** Adding an identity to a connection; sent with xid -4 (PROTOCOL.md 2.16). */
import { OpCode } from './op-code.ts';
import { type Nothing, type Operation, decodeNothing, encodeNothing } from './operation.ts';

export interface AuthRequest {
  readonly scheme: string;
  /** For `digest`: the bytes of `user:password`. */
  readonly auth: Uint8Array | null;
}

/** `AuthPacket => type(int, 0) scheme(ustring) auth(buffer)`, no response record. */
export const auth: Operation<AuthRequest, Nothing> = {
  name: 'auth',
  opCode: OpCode.auth,
  encodeRequest(writer, request) {
    writer.writeInt(0);
    writer.writeString(request.scheme);
    writer.writeBuffer(request.auth);
  },
  decodeRequest(reader) {
    reader.readInt();
    return { scheme: reader.readString(), auth: reader.readBuffer() };
  },
  encodeResponse: encodeNothing,
  decodeResponse: decodeNothing,
};
