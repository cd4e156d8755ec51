/**
 * Decisions about access control lists: whether an entry makes sense, what is dangerously open, and who could do what
 * after a save. The server has the last word (PROTOCOL.md 2.7); what is computed here is a forecast for a person.
 */
import type { AclDto } from '../../../../shared/api/common.ts';
import { Perms } from '../../../../shared/acl.ts';

export const SCHEMES = ['world', 'auth', 'digest', 'ip', 'sasl', 'x509'] as const;

/** The checkboxes, in the order of the table. */
export const PERM_BITS = [
  { name: 'read', bit: Perms.READ },
  { name: 'write', bit: Perms.WRITE },
  { name: 'create', bit: Perms.CREATE },
  { name: 'delete', bit: Perms.DELETE },
  { name: 'admin', bit: Perms.ADMIN },
] as const;

/** What lets anybody damage a node. */
const HARMFUL = Perms.WRITE | Perms.CREATE | Perms.DELETE | Perms.ADMIN;

export type IdProblem =
  | 'world-only-anyone'
  | 'auth-takes-no-id'
  | 'digest-shape'
  /** `user:password` in plain text: everybody who may read the list would read the password. */
  | 'digest-plain-password'
  | 'ip-address'
  | 'ip-bits'
  | 'id-missing';

/** What is wrong with an entry's id, or undefined. Unknown schemes are the server's business. */
export function findIdProblem({ scheme, id }: Pick<AclDto, 'scheme' | 'id'>): IdProblem | undefined {
  switch (scheme) {
    case 'world':
      return id === 'anyone' ? undefined : 'world-only-anyone';
    case 'auth':
      return id === '' ? undefined : 'auth-takes-no-id';
    case 'digest':
      return findDigestProblem(id);
    case 'ip':
      return findIpProblem(id);
    default:
      return id === '' ? 'id-missing' : undefined;
  }
}

/** Base64 of a SHA-1: 27 characters and one `=`. */
const SHA1_BASE64 = /^[A-Za-z0-9+/]{27}=$/;

function findDigestProblem(id: string): IdProblem | undefined {
  const [user = '', hash, ...rest] = id.split(':');
  if (user === '' || hash === undefined || rest.length > 0) return 'digest-shape';
  return SHA1_BASE64.test(hash) ? undefined : 'digest-plain-password';
}

function findIpProblem(id: string): IdProblem | undefined {
  const [address = '', bits, ...rest] = id.split('/');
  const widthBits = addressBits(address);
  if (widthBits === undefined || rest.length > 0) return 'ip-address';
  if (bits === undefined) return undefined;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= widthBits ? undefined : 'ip-bits';
}

/** 32 for an IPv4 address, 128 for an IPv6 one, undefined for anything else. */
function addressBits(address: string): 32 | 128 | undefined {
  const parts = address.split('.');
  if (parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return 32;
  return isIpv6(address) ? 128 : undefined;
}

function isIpv6(address: string): boolean {
  const halves = address.split('::');
  if (!address.includes(':') || halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

/** Entries that say the same scheme and id twice: the server keeps both, a person meant one. */
export function duplicateIndexes(acl: readonly AclDto[]): ReadonlySet<number> {
  const seen = new Set<string>();
  const duplicates = new Set<number>();
  for (const [at, { scheme, id }] of acl.entries()) {
    const key = `${scheme}:${id}`;
    if (seen.has(key)) duplicates.add(at);
    seen.add(key);
  }
  return duplicates;
}

/** The permissions by which anybody at all could damage the node; 0 when there are none. */
export function worldHarm(acl: readonly AclDto[]): number {
  return permsOf(acl, (entry) => entry.scheme === 'world') & HARMFUL;
}

/** The list with `world:anyone` reduced to reading; an entry that only harmed is dropped. Keeps at least one entry. */
export function makeWorldReadOnly(acl: readonly AclDto[]): AclDto[] {
  return acl.map((entry) => (entry.scheme === 'world' ? { ...entry, perms: Perms.READ } : entry));
}

export interface Identity {
  readonly scheme: string;
  readonly user: string;
}

export interface Effective {
  readonly who: 'session' | 'anonymous' | 'entry';
  /** What to call it: identities of the session, or an entry's id. */
  readonly label: string;
  readonly scheme: string;
  readonly perms: number;
}

function permsOf(acl: readonly AclDto[], matches: (entry: AclDto) => boolean): number {
  return acl.reduce((perms, entry) => (matches(entry) ? perms | entry.perms : perms), 0);
}

/**
 * What a session with these identities may do. `auth` entries become the saver's own identities when they are saved.
 * A digest identity names only its user, so every entry of that user counts: two passwords of one user look alike.
 */
export function sessionPerms(acl: readonly AclDto[], identities: readonly Identity[]): number {
  return permsOf(acl, (entry) => {
    if (entry.scheme === 'world') return true;
    if (entry.scheme === 'auth') return identities.some(({ scheme }) => scheme !== 'ip');
    return identities.some((identity) => isMatch(entry, identity));
  });
}

function isMatch(entry: AclDto, { scheme, user }: Identity): boolean {
  if (scheme !== entry.scheme) return false;
  if (scheme === 'digest') return entry.id === user || entry.id.split(':')[0] === user.split(':')[0];
  if (scheme === 'ip') return isInNetwork(user, entry.id);
  return entry.id === user;
}

/** Whether an address lies in `10.0.0.0/8`, or is the address itself. IPv6 networks are compared as text. */
export function isInNetwork(address: string, network: string): boolean {
  const [base = '', bitsText] = network.split('/');
  if (bitsText === undefined) return base === address;
  const wanted = ipv4Number(base);
  const actual = ipv4Number(address);
  if (wanted === undefined || actual === undefined) return base === address;
  const bits = Number(bitsText);
  if (bits === 0) return true;
  const mask = (0xffff_ffff << (32 - bits)) >>> 0;
  return (wanted & mask) >>> 0 === (actual & mask) >>> 0;
}

function ipv4Number(address: string): number | undefined {
  if (addressBits(address) !== 32) return undefined;
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

/** Who could do what: this session, anybody without credentials, and every entry that names somebody else. */
export function effectivePerms(acl: readonly AclDto[], identities: readonly Identity[]): Effective[] {
  const world = permsOf(acl, (entry) => entry.scheme === 'world');
  const others = acl.filter(
    (entry) =>
      entry.scheme !== 'world' &&
      entry.scheme !== 'auth' &&
      !identities.some((identity) => isMatch(entry, identity)),
  );
  return [
    { who: 'session', label: sessionLabel(identities), scheme: '', perms: sessionPerms(acl, identities) },
    ...others.map((entry): Effective => ({
      who: 'entry',
      label: entry.scheme === 'digest' ? (entry.id.split(':')[0] ?? '') : entry.id,
      scheme: entry.scheme,
      perms: entry.perms | world,
    })),
    { who: 'anonymous', label: '', scheme: '', perms: world },
  ];
}

function sessionLabel(identities: readonly Identity[]): string {
  const named = identities.filter(({ scheme }) => scheme !== 'ip');
  return (named.length > 0 ? named : identities).map(({ user }) => user.split(':')[0]).join(', ');
}

/** Whether the session could not undo the save: it would lose the right to change the list. */
export function locksOut(acl: readonly AclDto[], identities: readonly Identity[]): boolean {
  return (sessionPerms(acl, identities) & Perms.ADMIN) === 0;
}

/** Whether `auth:` is used by a session that has nobody to put in its place: the server would refuse (INVALIDACL). */
export function authHasNobody(acl: readonly AclDto[], identities: readonly Identity[]): boolean {
  return acl.some(({ scheme }) => scheme === 'auth') && !identities.some(({ scheme }) => scheme !== 'ip');
}

export function isSameAclList(a: readonly AclDto[], b: readonly AclDto[]): boolean {
  return (
    a.length === b.length &&
    a.every((entry, at) => {
      const other = b[at];
      return entry.perms === other?.perms && entry.scheme === other.scheme && entry.id === other.id;
    })
  );
}
