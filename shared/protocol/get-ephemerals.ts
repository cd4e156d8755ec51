/** Listing the requesting session's ephemeral nodes below a prefix (PROTOCOL.md 2.4, since 3.6). */
import { OpCode } from './op-code.ts';
import type { Operation } from './operation.ts';

export interface GetEphemeralsRequest {
  /** A plain string prefix; '' or '/' stands for all. */
  readonly prefixPath: string;
}

export interface GetEphemeralsResponse {
  readonly ephemerals: readonly string[];
}

/** `GetEphemeralsRequest => prefixPath(ustring)`; `GetEphemeralsResponse => ephemerals(vector<ustring>)` */
export const getEphemerals: Operation<GetEphemeralsRequest, GetEphemeralsResponse> = {
  name: 'getEphemerals',
  opCode: OpCode.getEphemerals,
  encodeRequest(writer, request) {
    writer.writeString(request.prefixPath);
  },
  decodeRequest(reader) {
    return { prefixPath: reader.readString() };
  },
  encodeResponse(writer, response) {
    writer.writeVector(response.ephemerals, (to, path) => {
      to.writeString(path);
    });
  },
  decodeResponse(reader) {
    return { ephemerals: reader.readVector((from) => from.readString()) };
  },
};
