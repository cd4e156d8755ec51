/** What a session's ephemerals make of it: holds this lock, waits behind that session, is one of these members. */
import { type ReactNode, useId } from 'react';
import type { SessionDto, SessionList, SessionRole } from '../../../shared/api/sessions.ts';
import { baseName } from '../../../shared/path.ts';
import { formatCount } from '../../app/format.ts';
import { openSession, selectPath } from '../../app/workspace.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { nameOfSession } from './client-label.ts';
import { roleWords } from './role-words.ts';
import classes from './session-details.module.css';

interface SessionRolesProps {
  readonly session: SessionDto;
  readonly list: SessionList;
}

export function SessionRoles({ session, list }: SessionRolesProps): ReactNode {
  const t = useTexts();
  const titleId = useId();
  if (session.roleCount === 0) return null;
  const more = session.roleCount - session.roles.length;
  return (
    <div className={classes.section}>
      <h3 id={titleId} className={classes.sectionTitle} title={t('sessions:role.hint')}>
        {t('sessions:role.title')} <span className={classes.unit}>{t('sessions:role.byName')}</span>
      </h3>
      <ul aria-labelledby={titleId} className={classes.roles}>
        {session.roles.map((role) => (
          <li key={role.node}>
            <RoleLine role={role} list={list} />
          </li>
        ))}
        {more > 0 && (
          <li className={classes.more}>
            {t('sessions:drawer.more', { count: more, formatted: formatCount(more) })}
          </li>
        )}
      </ul>
    </div>
  );
}

function RoleLine({ role, list }: { readonly role: SessionRole; readonly list: SessionList }): ReactNode {
  const t = useTexts();
  const { sentence, path } = roleWords(role, t);
  const behind = 'holds' in role ? role.behind : null;
  return (
    <>
      <span className={classes.roleSentence}>{sentence}</span>{' '}
      <button
        type="button"
        className={classes.inlinePath}
        title={t('events:action.openPath', { path: role.node })}
        onClick={() => {
          selectPath(role.node);
        }}
      >
        {path}
      </button>
      {behind !== null && (
        <p className={classes.behind}>
          {t('sessions:role.behind')}{' '}
          <button
            type="button"
            className={classes.inlinePath}
            title={behind.node}
            onClick={() => {
              openSession(behind.sessionId);
            }}
          >
            {nameOfSession(behind.sessionId, list)}
          </button>{' '}
          <code>{baseName(behind.node)}</code>
        </p>
      )}
      {'holds' in role && role.holds && role.contenders > 1 && (
        <p className={classes.behind}>
          {t('sessions:role.waiting', {
            count: role.contenders - 1,
            formatted: formatCount(role.contenders - 1),
          })}
        </p>
      )}
    </>
  );
}
