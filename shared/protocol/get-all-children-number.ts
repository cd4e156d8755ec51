/** Counting a znode's descendants of all depths (PROTOCOL.md 2.4, since 3.6). */
import { OpCode } from './op-code.ts';
import { type Operation, type PathOnly, decodePath, encodePath } from './operation.ts';

export interface GetAllChildrenNumberResponse {
  readonly totalNumber: number;
}

/** `GetAllChildrenNumberRequest => path(ustring)`; `GetAllChildrenNumberResponse => totalNumber(int)` */
export const getAllChildrenNumber: Operation<PathOnly, GetAllChildrenNumberResponse> = {
  name: 'getAllChildrenNumber',
  opCode: OpCode.getAllChildrenNumber,
  encodeRequest: encodePath,
  decodeRequest: decodePath,
  encodeResponse(writer, response) {
    writer.writeInt(response.totalNumber);
  },
  decodeResponse(reader) {
    return { totalNumber: reader.readInt() };
  },
};
