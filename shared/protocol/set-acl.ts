/** Replacing a znode's access control list (PROTOCOL.md 2.4). */
import type { Acl } from '../acl.ts';
import { decodeAclList, encodeAclList } from './acl-record.ts';
import { OpCode } from './op-code.ts';
import type { Operation } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

export interface SetAclRequest {
  readonly path: string;
  readonly acl: readonly Acl[];
  /** The `aversion` that the node must have, -1 for any. */
  readonly version: number;
}

/** `SetACLRequest => path(ustring) acl(vector<ACL>) version(int)`; `SetACLResponse => stat(Stat)` */
export const setACL: Operation<SetAclRequest, Stat> = {
  name: 'setACL',
  opCode: OpCode.setACL,
  encodeRequest(writer, request) {
    writer.writeString(request.path);
    encodeAclList(writer, request.acl);
    writer.writeInt(request.version);
  },
  decodeRequest(reader) {
    return { path: reader.readString(), acl: decodeAclList(reader), version: reader.readInt() };
  },
  encodeResponse: encodeStat,
  decodeResponse: decodeStat,
};
