/**
 * Who may do what (PROTOCOL.md 2.16): the check of an ACL against a connection's identities, the repair of lists that
 * clients send, and the masking of digests. Schemes are those of an unconfigured Apache server: world, auth, digest, ip.
 */
import { ANYONE, type Acl, type Id, OPEN_ACL_UNSAFE, Perms } from '../../shared/acl.ts';
import { encodeBase64 } from '../../shared/base64.ts';
import { decodeUtf8 } from '../../shared/jute/utf8.ts';

/** Whoever has this scheme may do anything. */
const SUPER_SCHEME = 'super';

export function isAllowed({
  acl,
  perms,
  ids,
}: {
  acl: readonly Acl[];
  perms: number;
  ids: readonly Id[];
}): boolean {
  if (acl === OPEN_ACL_UNSAFE || acl.length === 0) return true;
  for (const id of ids) if (id.scheme === SUPER_SCHEME) return true;
  for (const entry of acl) {
    if ((entry.perms & perms) === 0) continue;
    if (isAnyone(entry.id)) return true;
    for (const id of ids) if (matches(entry.id, id)) return true;
  }
  return false;
}

function isAnyone(id: Id): boolean {
  return id.scheme === ANYONE.scheme && id.id === ANYONE.id;
}

function matches(wanted: Id, has: Id): boolean {
  if (wanted.scheme !== has.scheme) return false;
  if (wanted.scheme === 'digest') return wanted.id === has.id;
  return wanted.scheme === 'ip' && matchesAddress(wanted.id, has.id);
}

interface AddressRange {
  readonly address: number;
  readonly bits: number;
}

/** `a.b.c.d` or `a.b.c.d/bits`; undefined for anything else, IPv6 included, which Apache does not support either. */
function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  const bits = slash === -1 ? 32 : parseDecimal(text.slice(slash + 1), 32);
  return address === undefined || bits === undefined ? undefined : { address, bits };
}

function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    const byte = parseDecimal(part, 255);
    if (byte === undefined) return undefined;
    address = (address << 8) | byte;
  }
  return address >>> 0;
}

function parseDecimal(text: string, max: number): number | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

function matchesAddress(wanted: string, has: string): boolean {
  const range = parseRange(wanted);
  const address = parseAddress(has);
  if (!range || address === undefined) return false;
  const shift = 32 - range.bits;
  // A shift by 32 would shift by nothing.
  return shift === 32 || range.address >>> shift === address >>> shift;
}

/**
 * What a create or setACL stores: no entry twice, `auth` replaced by the requester's own identities. Undefined when the
 * list is empty, holds an entry that no scheme accepts, or an `auth` of somebody who has not authenticated.
 */
export function fixupAcl(list: readonly Acl[], ids: readonly Id[]): readonly Acl[] | undefined {
  if (isOpenAcl(list)) return OPEN_ACL_UNSAFE;
  const fixed: Acl[] = [];
  for (const entry of list) {
    if (entry.id.scheme === 'auth') {
      const own = ids.filter((id) => id.scheme === 'digest');
      if (own.length === 0) return undefined;
      for (const id of own) addOnce(fixed, { perms: entry.perms, id });
    } else if (isAnyone(entry.id) || isValidId(entry.id)) {
      addOnce(fixed, entry);
    } else {
      return undefined;
    }
  }
  return fixed.length === 0 ? undefined : fixed;
}

/** By far the most common list; all nodes that have it share one object, which isAllowed tells by identity. */
function isOpenAcl(list: readonly Acl[]): boolean {
  const first = list[0];
  return list.length === 1 && first !== undefined && first.perms === Perms.ALL && isAnyone(first.id);
}

function addOnce(list: Acl[], entry: Acl): void {
  const isKnown = list.some(
    (known) =>
      known.perms === entry.perms && known.id.scheme === entry.id.scheme && known.id.id === entry.id.id,
  );
  if (!isKnown) list.push(entry);
}

function isValidId(id: Id): boolean {
  // A user and a hash. Compat: the user may be empty, the hash may not.
  if (id.scheme === 'digest') return /^[^:]*:[^:]+$/.test(id.id);
  return id.scheme === 'ip' && parseRange(id.id) !== undefined;
}

/** For readers of an ACL who lack ADMIN: `user:x` for every digest. */
export function maskDigests(acl: readonly Acl[]): readonly Acl[] {
  return acl.map((entry) =>
    entry.id.scheme === 'digest'
      ? { perms: entry.perms, id: { scheme: 'digest', id: `${userOf(entry.id.id)}:x` } }
      : entry,
  );
}

function userOf(digestId: string): string {
  const colon = digestId.indexOf(':');
  return colon === -1 ? digestId : digestId.slice(0, colon);
}

/** How whoAmI shows an identity: a digest without its hash. */
export function displayUser(id: Id): string {
  return id.scheme === 'digest' ? userOf(id.id) : id.id;
}

/** SHA-1 of some bytes; the core has no crypto of its own. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

/**
 * The identities that an auth packet brings, or undefined when it is refused. `digest` makes
 * `user:base64(sha1("user:password"))`, and a super user in addition when that equals `superDigest`.
 */
export function authenticate({
  scheme,
  auth,
  remoteAddress,
  superDigest,
  sha1,
}: {
  scheme: string;
  auth: Uint8Array;
  remoteAddress: string;
  superDigest: string | undefined;
  sha1: Sha1;
}): Id[] | undefined {
  if (scheme === 'ip') return [{ scheme, id: remoteAddress }];
  if (scheme !== 'digest') return undefined;
  const id = `${userOf(decodeUtf8(auth))}:${encodeBase64(sha1(auth))}`;
  const digest = { scheme, id };
  return id === superDigest ? [{ scheme: SUPER_SCHEME, id: '' }, digest] : [digest];
}
