/** What went with the session, whether somebody made it again, and who was told. */
import type { ReactNode } from 'react';
import type { RemovedEphemeral, SessionPicture } from '../../../../shared/api/diagnosis.ts';
import { useConnectionProfile } from '../../../app/connection-status.ts';
import { formatCount, formatMs } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { selectPath } from '../../../app/workspace.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { LinkButton, SessionLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import classes from './session-detail.module.css';

interface RemovedPanelProps {
  readonly picture: SessionPicture;
  readonly connectionId: string;
  readonly endMs: number;
}

export function RemovedPanel({ picture, connectionId, endMs }: RemovedPanelProps): ReactNode {
  const t = useTexts();
  const { ephemerals, ephemeralCount } = picture;
  const count = ephemeralCount ?? ephemerals?.length ?? null;
  const shown = ephemerals?.slice(0, SHOWN_MAX) ?? [];
  return (
    <Panel
      title={t('diagnose:removed.title')}
      {...(count === null
        ? {}
        : { note: t('diagnose:removed.count', { count, formatted: formatCount(count) }) })}
    >
      {ephemerals === null && <p className={classes.text}>{t('diagnose:removed.hidden')}</p>}
      {count === 0 && <p className={classes.text}>{t('diagnose:removed.none')}</p>}
      <ul className={classes.items}>
        {shown.map((removed) => (
          <Removed key={removed.path} removed={removed} connectionId={connectionId} endMs={endMs} />
        ))}
      </ul>
      {count !== null && count > shown.length && ephemerals !== null && (
        <p className={classes.text}>
          {t('diagnose:removed.more', { formatted: formatCount(count - shown.length) })}
        </p>
      )}
    </Panel>
  );
}

const SHOWN_MAX = 20;

function Removed({
  removed: { path, restored, lookedMs },
  connectionId,
  endMs,
}: {
  readonly removed: RemovedEphemeral;
  readonly connectionId: string;
  readonly endMs: number;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  return (
    <li className={classes.item}>
      <div className={classes.path}>
        <span className={classes.minus} aria-hidden>
          −
        </span>
        <span className={classes.pathText}>
          <PathLink path={path} connectionId={connectionId} />
        </span>
        {restored !== null && (
          <span className={classes.took}>{format.duration(Math.max(0, restored.atMs - endMs))}</span>
        )}
      </div>
      <div className={classes.later}>
        {restored !== null ? (
          <>
            {t('diagnose:removed.back', { time: format.time(restored.atMs) })}{' '}
            {restored.address !== null && <code>{restored.address}</code>}{' '}
            <SessionLink sessionId={restored.sessionId} />
          </>
        ) : lookedMs === null ? (
          t('diagnose:removed.notLooked')
        ) : (
          t('diagnose:removed.gone', { time: format.time(lookedMs) })
        )}
      </div>
    </li>
  );
}

/** Paths are the server's; what lies outside of the connection's chroot is no place to go. */
function PathLink({
  path,
  connectionId,
}: {
  readonly path: string;
  readonly connectionId: string;
}): ReactNode {
  const profile = useConnectionProfile(connectionId);
  const chroot = chrootOf(profile?.chroot ?? '');
  if (!path.startsWith(`${chroot}/`)) return path;
  return (
    <LinkButton
      isQuoted
      onClick={() => {
        selectPath(path.slice(chroot.length));
      }}
    >
      {path}
    </LinkButton>
  );
}

function chrootOf(text: string): string {
  const trimmed = text.replace(/\/+$/, '');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

export function NotifiedPanel({ picture }: { readonly picture: SessionPicture }): ReactNode {
  const t = useTexts();
  const { notified, ephemerals, end } = picture;
  if (ephemerals === null) return null;
  return (
    <Panel title={t('diagnose:notified.title')}>
      <ul className={classes.items}>
        {notified.map(({ sessionId, path, atMs }) => (
          <li key={`${sessionId} ${path}`} className={classes.item}>
            <div className={classes.path}>
              <span className={classes.pathText}>
                <SessionLink sessionId={sessionId} />
              </span>
              <span>{t('diagnose:notified.you')}</span>
              <span className={classes.took}>
                {end === null ? '' : formatMs(Math.max(0, atMs - end.atMs))}
              </span>
            </div>
          </li>
        ))}
      </ul>
      <p className={classes.text}>
        {t(ephemerals.length === 0 ? 'diagnose:notified.nobody' : 'diagnose:notified.others')}
      </p>
    </Panel>
  );
}
