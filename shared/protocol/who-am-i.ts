/** Asking which identities a connection has (PROTOCOL.md 2.4, since 3.7). */
import { OpCode } from './op-code.ts';
import { type Nothing, type Operation, decodeNothing, encodeNothing } from './operation.ts';

export interface ClientInfo {
  readonly authScheme: string;
  /** For `digest` the user's name without the hash. */
  readonly user: string;
}

export interface WhoAmIResponse {
  readonly clientInfo: readonly ClientInfo[];
}

/** `WhoAmIResponse => clientInfo(vector<authScheme(ustring) user(ustring)>)`, no request record. */
export const whoAmI: Operation<Nothing, WhoAmIResponse> = {
  name: 'whoAmI',
  opCode: OpCode.whoAmI,
  encodeRequest: encodeNothing,
  decodeRequest: decodeNothing,
  encodeResponse(writer, response) {
    writer.writeVector(response.clientInfo, (to, info) => {
      to.writeString(info.authScheme);
      to.writeString(info.user);
    });
  },
  decodeResponse(reader) {
    return {
      clientInfo: reader.readVector(
        (from) => ({ authScheme: from.readString(), user: from.readString() }),
        8,
      ),
    };
  },
};
