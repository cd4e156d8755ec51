/**
 * Access control: permissions, ids and the stock lists of ZooKeeper (ZooDefs.Perms, ZooDefs.Ids; PROTOCOL.md 2.7).
 * Who matches which entry is the server's business (embedded-server/core); a digest's hash is made where SHA-1 is at
 * hand.
 */

export const Perms = { READ: 1, WRITE: 2, CREATE: 4, DELETE: 8, ADMIN: 16, ALL: 31 } as const;

/** An authenticated identity: `digest` + `user:base64(sha1("user:password"))`, `ip` + `10.0.0.0/8`, … */
export interface Id {
  readonly scheme: string;
  readonly id: string;
}

/** One entry of an access control list. `perms` is a bit set of {@link Perms}. */
export interface Acl {
  readonly perms: number;
  readonly id: Id;
}

export const ANYONE: Id = { scheme: 'world', id: 'anyone' };
export const OPEN_ACL_UNSAFE: readonly Acl[] = [{ perms: Perms.ALL, id: ANYONE }];
export const READ_ACL_UNSAFE: readonly Acl[] = [{ perms: Perms.READ, id: ANYONE }];
/** All rights for whoever creates the node; the server replaces `auth` by the creator's own ids. */
export const CREATOR_ALL_ACL: readonly Acl[] = [{ perms: Perms.ALL, id: { scheme: 'auth', id: '' } }];

const LETTERS: readonly (readonly [number, string])[] = [
  [Perms.CREATE, 'c'],
  [Perms.DELETE, 'd'],
  [Perms.READ, 'r'],
  [Perms.WRITE, 'w'],
  [Perms.ADMIN, 'a'],
];

/** `cdrwa` in zkCli's order; the letters of absent permissions are left out. */
export function formatPerms(perms: number): string {
  let text = '';
  for (const [bit, letter] of LETTERS) if ((perms & bit) !== 0) text += letter;
  return text;
}

/** Reads letters in any order; undefined when one is not a permission. */
export function parsePerms(text: string): number | undefined {
  let perms = 0;
  for (const letter of text) {
    const entry = LETTERS.find(([, known]) => known === letter);
    if (!entry) return undefined;
    perms |= entry[0];
  }
  return perms;
}

export function isSameAcl(a: readonly Acl[], b: readonly Acl[]): boolean {
  return (
    a.length === b.length &&
    a.every((entry, at) => {
      const other = b[at];
      return (
        other !== undefined &&
        entry.perms === other.perms &&
        entry.id.scheme === other.id.scheme &&
        entry.id.id === other.id.id
      );
    })
  );
}
