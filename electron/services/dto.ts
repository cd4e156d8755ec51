/** Between the protocol's records and the contract's DTOs: 64-bit numbers become hex text, times milliseconds. Pure. */
import type { AclDto, StatDto } from '../../shared/api/common.ts';
import type { Acl } from '../../shared/acl.ts';
import { sessionIdToHex } from '../../shared/ids.ts';
import type { Stat } from '../../shared/protocol/stat.ts';
import { zxidToHex } from '../../shared/zxid.ts';

export function toStatDto(stat: Stat): StatDto {
  return {
    czxid: zxidToHex(stat.czxid),
    mzxid: zxidToHex(stat.mzxid),
    pzxid: zxidToHex(stat.pzxid),
    // Milliseconds since 1970 fit a double for 285,000 years.
    ctimeMs: Number(stat.ctime),
    mtimeMs: Number(stat.mtime),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: sessionIdToHex(stat.ephemeralOwner),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
  };
}

export function toAclDtos(acl: readonly Acl[]): AclDto[] {
  return acl.map(({ perms, id }) => ({ perms, scheme: id.scheme, id: id.id }));
}

export function fromAclDtos(acl: readonly AclDto[]): Acl[] {
  return acl.map(({ perms, scheme, id }) => ({ perms, id: { scheme, id } }));
}
