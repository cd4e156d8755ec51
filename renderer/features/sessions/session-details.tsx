/** The drawer beside the table: all that is known of one session, in sentences first. */
import { X } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { SessionDto, SessionList } from '../../../shared/api/sessions.ts';
import { formatCount, formatDecimal, formatFullTime, formatZxidHex } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { useConnectionProfile } from '../../app/connection-status.ts';
import { selectPath } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { RoleShape } from '../../components/role-badge.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { expiryOf } from './expiry.ts';
import { ExpiryScale } from './expiry-bar.tsx';
import { type SessionFinding, findingsOf, whereaboutsOf } from './findings.ts';
import { shortTime } from './session-columns.tsx';
import { WhyEnded } from './why-ended.tsx';
import classes from './session-details.module.css';

interface SessionDetailsProps {
  /** As last listed. */
  readonly session: SessionDto;
  readonly list: SessionList;
  readonly nowMs: number;
  /** Whether the last poll did not list it any more. */
  readonly isGone: boolean;
  readonly onClose: () => void;
}

export function SessionDetails({ session, list, nowMs, isGone, onClose }: SessionDetailsProps): ReactNode {
  const t = useTexts();
  return (
    <aside className={classes.root} aria-label={t('sessions:drawer.label', { id: session.sessionId })}>
      <header className={classes.head}>
        <h2 className={classes.title}>
          {session.isOwn ? t('sessions:own') : (session.address ?? t('sessions:drawer.session'))}
        </h2>
        <IconButton icon={X} size={16} label={t('sessions:drawer.close')} onClick={onClose} />
        <p className={classes.id}>
          <code>{session.sessionId}</code>
          <CopyButton value={session.sessionId} what={t('sessions:column.sessionId')} />
        </p>
      </header>
      {isGone ? (
        <div className={classes.section}>
          <p>{t('sessions:drawer.gone')}</p>
          <WhyEnded sessionId={session.sessionId} />
        </div>
      ) : (
        <Standing session={session} list={list} nowMs={nowMs} />
      )}
      {/* All of them are facts of a connection. */}
      {(session.server !== null || whereaboutsOf(session, list) === 'unknown') && (
        <Facts session={session} nowMs={nowMs} />
      )}
      <Ephemerals paths={session.ephemerals} isGone={isGone} />
    </aside>
  );
}

/** How the session stands: what is left, and what there is to say about it. */
function Standing({
  session,
  list,
  nowMs,
}: Pick<SessionDetailsProps, 'session' | 'list' | 'nowMs'>): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const expiry = expiryOf(session, { nowMs, polledAtMs: list.atMs });
  const findings = findingsOf(session, { list, nowMs });
  return (
    <div className={classes.section}>
      <p className={classes.expiry}>
        <span className={classNames(classes.expiryText, expiry?.isClose === true && classes.close)}>
          {expiry === null
            ? t('sessions:drawer.expiresHidden')
            : expiry.leftMs === 0
              ? t('sessions:drawer.expiresDue')
              : t('sessions:drawer.expiresIn', { left: format.duration(expiry.leftMs) })}
        </span>
        {session.timeoutMs !== null && (
          <span className={classes.timeout}>
            {t('sessions:drawer.timeout', { duration: format.duration(session.timeoutMs) })}
          </span>
        )}
      </p>
      {expiry !== null && <ExpiryScale expiry={expiry} />}
      {findings.map((finding) => (
        <p key={finding.kind} className={classes.finding}>
          {findingSentence(finding, t, format.duration)}
        </p>
      ))}
    </div>
  );
}

function findingSentence(finding: SessionFinding, t: Texts, duration: (ms: number) => string): string {
  switch (finding.kind) {
    case 'own':
    case 'connection-unknown':
      return t(finding.kind === 'own' ? 'sessions:finding.own' : 'sessions:finding.connectionUnknown');
    case 'close':
      return [
        t('sessions:finding.close', { ping: duration(finding.pingMs) }),
        ...(finding.peersWell === null ? [] : [peersSentence(finding.peersWell, finding, t)]),
      ].join(' ');
    case 'disconnected':
      return t('sessions:finding.disconnected', { left: duration(finding.leftMs) });
    case 'not-here':
      return t('sessions:finding.notHere', {
        count: finding.serverCount,
        formatted: formatCount(finding.serverCount),
      });
    case 'queued':
    case 'ephemerals':
      return t(`sessions:finding.${finding.kind}`, {
        count: finding.count,
        formatted: formatCount(finding.count),
      });
  }
}

function peersSentence(
  peersWell: number,
  { server, peersClose }: { server: string | null; peersClose: number },
  t: Texts,
): string {
  if (peersClose > 0) {
    return t('sessions:finding.closePeersClose', {
      close: formatCount(peersClose),
      all: formatCount(peersWell + peersClose),
      server: server ?? '',
    });
  }
  return t('sessions:finding.closePeersWell', {
    count: peersWell,
    formatted: formatCount(peersWell),
    server: server ?? '',
  });
}

function Facts({ session, nowMs }: { readonly session: SessionDto; readonly nowMs: number }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { server, serverRole, address, establishedAtMs, latencyMs, received, sent, queued } = session;
  return (
    <dl className={classNames(classes.section, classes.facts)} aria-label={t('sessions:drawer.facts')}>
      <Fact name={t('sessions:drawer.server')}>
        {server !== null && (
          <>
            {serverRole !== null && <RoleShape role={serverRole} />} <code>{server}</code>
          </>
        )}
      </Fact>
      <Fact name={t('sessions:drawer.client')}>{address !== null && <code>{address}</code>}</Fact>
      <Fact name={t('sessions:drawer.established')}>
        {establishedAtMs !== null && (
          <span title={formatFullTime(establishedAtMs)}>
            {shortTime(establishedAtMs, format)}{' '}
            <Unit>
              {t('sessions:drawer.establishedAgo', { duration: format.duration(nowMs - establishedAtMs) })}
            </Unit>
          </span>
        )}
      </Fact>
      <Fact name={t('sessions:drawer.latency')}>
        {latencyMs !== null && (
          <>
            <code>
              {formatDecimal(latencyMs.min)} / {formatDecimal(latencyMs.avg)} / {formatDecimal(latencyMs.max)}
            </code>{' '}
            <Unit>{t('sessions:drawer.latencyUnit')}</Unit>
          </>
        )}
      </Fact>
      <Fact name={t('sessions:drawer.packets')}>
        {received !== null && sent !== null && (
          <>
            <code>
              {formatCount(received)} / {formatCount(sent)}
            </code>{' '}
            <Unit>{t('sessions:drawer.packetsUnit')}</Unit>
          </>
        )}
      </Fact>
      <Fact name={t('sessions:drawer.queued')}>{queued !== null && <code>{formatCount(queued)}</code>}</Fact>
      <Fact name={t('sessions:drawer.lastOperation')}>
        {session.lastOperation !== null && <code>{session.lastOperation}</code>}
      </Fact>
      <Fact name={t('sessions:drawer.lastCxid')}>
        {session.lastCxid !== null && <code>{session.lastCxid}</code>}
      </Fact>
      <Fact name={t('sessions:drawer.lastZxid')}>
        {session.lastZxid !== null && <code>{formatZxidHex(session.lastZxid)}</code>}
      </Fact>
    </dl>
  );
}

/** A fact that is not known says so. */
function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>
        {children === false ? <span className={classes.unknown}>{t('sessions:hidden')}</span> : children}
      </dd>
    </div>
  );
}

function Unit({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className={classes.unit}>{children}</span>;
}

function Ephemerals({
  paths,
  isGone,
}: {
  readonly paths: readonly string[] | null;
  readonly isGone: boolean;
}): ReactNode {
  const t = useTexts();
  const titleId = useId();
  const chroot = useConnectionProfile()?.chroot ?? '';
  const sorted = paths?.toSorted() ?? [];
  return (
    <div className={classes.section}>
      <h3 id={titleId} className={classes.sectionTitle}>
        {t('sessions:drawer.ephemerals')}{' '}
        <span className={classes.unit}>
          {paths === null
            ? t('sessions:drawer.ephemeralsHidden')
            : paths.length === 0
              ? t('sessions:drawer.ephemeralsNone')
              : `${formatCount(paths.length)}${isGone ? '' : `, ${t('sessions:drawer.ephemeralsHint')}`}`}
        </span>
      </h3>
      {paths !== null && chroot !== '' && (
        <p className={classes.more}>{t('sessions:drawer.ephemeralsChroot', { chroot })}</p>
      )}
      {sorted.length > 0 && (
        <ul aria-labelledby={titleId} className={classes.paths}>
          {sorted.slice(0, PATHS_MAX).map((path) => (
            <li key={path}>
              <button
                type="button"
                className={classes.path}
                title={t('events:action.openPath', { path })}
                onClick={() => {
                  selectPath(path);
                }}
              >
                {path}
              </button>
            </li>
          ))}
          {sorted.length > PATHS_MAX && (
            <li className={classes.more}>
              {t('sessions:drawer.more', {
                count: sorted.length - PATHS_MAX,
                formatted: formatCount(sorted.length - PATHS_MAX),
              })}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

/** A session may own thousands; nobody reads them here. */
const PATHS_MAX = 200;
