/** A session's role in a recipe, in words. Pure. */
import type { SessionRole } from '../../../shared/api/sessions.ts';
import { assertNever } from '../../../shared/assert.ts';
import type { Texts } from '../../i18n/i18n.ts';

export interface RoleWords {
  /** Goes in front of the path: "holds the lock". */
  readonly sentence: string;
  readonly path: string;
}

export function roleWords(role: SessionRole, t: Texts): RoleWords {
  const { path } = role;
  switch (role.recipe) {
    case 'lock':
    case 'read-lock':
    case 'write-lock':
    case 'leader':
      return { sentence: t(`sessions:role.${role.recipe}.${role.holds ? 'holds' : 'waits'}`), path };
    case 'lease':
    case 'queue':
    case 'member':
    case 'service':
    case 'name':
      return { sentence: t(`sessions:role.${role.recipe}`), path };
    default:
      return assertNever(role);
  }
}
