/** Identities of the digest scheme (ZooKeeper's DigestAuthenticationProvider, PROTOCOL.md 2.16). */
import { createHash } from 'node:crypto';
import type { Id } from '../../shared/acl.ts';
import { encodeUtf8 } from '../../shared/jute/utf8.ts';
import type { Credential } from './session-types.ts';

export interface UserPassword {
  readonly user: string;
  readonly password: string;
}

/** What a client proves itself with. */
export function digestCredential({ user, password }: UserPassword): Credential {
  return { scheme: 'digest', auth: encodeUtf8(`${user}:${password}`) };
}

/** What an ACL names that user by: `user:base64(sha1("user:password"))`. */
export function digestId({ user, password }: UserPassword): Id {
  const hash = createHash('sha1').update(`${user}:${password}`, 'utf8').digest('base64');
  return { scheme: 'digest', id: `${user}:${hash}` };
}
