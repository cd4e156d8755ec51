/** A server's role: always a shape with its colour, so that colour never says it alone. */
import type { ReactNode } from 'react';
import type { ServerRole } from '../../shared/api/common.ts';
import { useTexts } from '../i18n/use-texts.ts';
import type { MessageKey } from '../i18n/i18n.ts';
import { classNames } from './class-names.ts';
import classes from './role-badge.module.css';

/** `looking` and `down` are no roles that a server reports, but what is seen of it. */
export type SeenRole = ServerRole | 'looking' | 'down';

const LABELS = {
  leader: 'role.leader',
  follower: 'role.follower',
  observer: 'role.observer',
  standalone: 'role.standalone',
  'read-only': 'role.readOnly',
  looking: 'role.looking',
  down: 'role.down',
} as const satisfies Record<SeenRole, MessageKey>;

/** Leader ▲, follower ●, observer ◌, looking ◐, down ✕; alone a server is a square, read-only an open circle. */
export function RoleShape({
  role,
  size = 10,
}: {
  readonly role: SeenRole;
  readonly size?: number;
}): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 10 10"
      aria-hidden
      className={classNames(classes.shape, classes[role])}
    >
      {shapeOf(role)}
    </svg>
  );
}

function shapeOf(role: SeenRole): ReactNode {
  switch (role) {
    case 'leader':
      return <path d="M5 .8 9.6 9.2H.4z" fill="currentColor" />;
    case 'follower':
      return <circle cx="5" cy="5" r="4" fill="currentColor" />;
    case 'standalone':
      return <rect x="1.2" y="1.2" width="7.6" height="7.6" rx="1.2" fill="currentColor" />;
    case 'observer':
      return (
        <circle
          cx="5"
          cy="5"
          r="3.8"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeDasharray="2 1.4"
        />
      );
    case 'read-only':
      return <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.4" />;
    case 'looking':
      return (
        <>
          <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.4" />
          <path d="M5 1.2a3.8 3.8 0 0 0 0 7.6z" fill="currentColor" />
        </>
      );
    case 'down':
      return <path d="M1.5 1.5l7 7m0-7-7 7" stroke="currentColor" strokeWidth="1.8" />;
  }
}

export function RoleBadge({ role }: { readonly role: SeenRole }): ReactNode {
  const t = useTexts();
  return (
    <span className={classNames(classes.badge, classes[role])}>
      <RoleShape role={role} />
      {t(LABELS[role])}
    </span>
  );
}
