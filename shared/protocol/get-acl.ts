/** Reading a znode's access control list (PROTOCOL.md 2.16: digests are masked without ADMIN). */
import type { Acl } from '../acl.ts';
import { decodeAclList, encodeAclList } from './acl-record.ts';
import { OpCode } from './op-code.ts';
import { type Operation, type PathOnly, decodePath, encodePath } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

export interface GetAclResponse {
  readonly acl: readonly Acl[];
  readonly stat: Stat;
}

/** `GetACLRequest => path(ustring)`; `GetACLResponse => acl(vector<ACL>) stat(Stat)` */
export const getACL: Operation<PathOnly, GetAclResponse> = {
  name: 'getACL',
  opCode: OpCode.getACL,
  encodeRequest: encodePath,
  decodeRequest: decodePath,
  encodeResponse(writer, response) {
    encodeAclList(writer, response.acl);
    encodeStat(writer, response.stat);
  },
  decodeResponse(reader) {
    return { acl: decodeAclList(reader), stat: decodeStat(reader) };
  },
};
