/** Wire form of ids and access control lists (zookeeper.jute `Id`, `ACL`). */
import type { Acl, Id } from '../acl.ts';
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';

/** `Id => scheme(ustring) id(ustring)` */
export function encodeId(writer: JuteWriter, id: Id): void {
  writer.writeString(id.scheme);
  writer.writeString(id.id);
}

export function decodeId(reader: JuteReader): Id {
  return { scheme: reader.readString(), id: reader.readString() };
}

/** `ACL => perms(int) id(Id)` */
export function encodeAcl(writer: JuteWriter, acl: Acl): void {
  writer.writeInt(acl.perms);
  encodeId(writer, acl.id);
}

export function decodeAcl(reader: JuteReader): Acl {
  return { perms: reader.readInt(), id: decodeId(reader) };
}

/** The least bytes of an ACL entry: perms and two empty strings. */
const ACL_BYTES_MIN = 12;

/** `vector<ACL> => count(int) ACL*` */
export function encodeAclList(writer: JuteWriter, list: readonly Acl[]): void {
  writer.writeVector(list, encodeAcl);
}

export function decodeAclList(reader: JuteReader): Acl[] {
  return reader.readVector(decodeAcl, ACL_BYTES_MIN);
}
