/** The drawer beside the table: all that is known of one session, in sentences first. */
import { Pencil, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { SessionDto, SessionList } from '../../../shared/api/sessions.ts';
import { formatCount, formatDecimal, formatFullTime, formatZxidHex } from '../../app/format.ts';
import { type Format, useFormat, useNow } from '../../app/use-format.ts';
import { useConnectionProfile } from '../../app/connection-status.ts';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { RoleShape } from '../../components/role-badge.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { EndSession } from './end-session.tsx';
import { type Clockwork, expiryOf } from './expiry.ts';
import { ExpiryScale } from './expiry-bar.tsx';
import { type SessionFinding, findingsOf, whereaboutsOf } from './findings.ts';
import { LabelForm } from './label-form.tsx';
import { PathList } from './path-list.tsx';
import { SessionRoles } from './session-roles.tsx';
import { SessionWatches } from './session-watches.tsx';
import { useTicking } from './ticker.ts';
import { WhyEnded } from './why-ended.tsx';
import classes from './session-details.module.css';

interface SessionDetailsProps {
  readonly connectionId: string;
  /** As last listed. */
  readonly session: SessionDto;
  readonly list: SessionList;
  readonly clockwork: Clockwork;
  /** Whether the last poll did not list it any more. */
  readonly isGone: boolean;
  readonly onClose: () => void;
}

export function SessionDetails(props: SessionDetailsProps): ReactNode {
  const { connectionId, session, list, isGone } = props;
  const t = useTexts();
  const nowMs = useNow();
  const canEnd = !isGone && !session.isOwn;
  return (
    <aside className={classes.root} aria-label={t('sessions:drawer.label', { id: session.sessionId })}>
      <Head {...props} />
      {isGone ? (
        <div className={classes.section}>
          <p>{t('sessions:drawer.gone')}</p>
          <WhyEnded sessionId={session.sessionId} />
        </div>
      ) : (
        <Standing {...props} nowMs={nowMs} />
      )}
      {/* All of them are facts of a connection. */}
      {(session.server !== null || whereaboutsOf(session, list) === 'unknown') && (
        <Facts session={session} nowMs={nowMs} />
      )}
      {!isGone && <SessionRoles session={session} list={list} />}
      <Ephemerals session={session} isGone={isGone} />
      {!isGone && <SessionWatches connectionId={connectionId} session={session} />}
      {canEnd && <EndSession connectionId={connectionId} session={session} list={list} />}
    </aside>
  );
}

function Head({ connectionId, session, isGone, onClose }: SessionDetailsProps): ReactNode {
  const t = useTexts();
  const [isNaming, setNaming] = useState(false);
  const { label, address, isOwn, sessionId } = session;
  return (
    <header className={classes.head}>
      <h2 className={classes.title}>
        <span className={classes.titleText}>
          {label?.text ?? (isOwn ? t('sessions:own') : (address ?? t('sessions:drawer.session')))}
        </span>
        {!isGone && !isNaming && (
          <IconButton
            icon={Pencil}
            label={t('sessions:label.edit')}
            onClick={() => {
              setNaming(true);
            }}
          />
        )}
      </h2>
      <IconButton icon={X} size={16} label={t('sessions:drawer.close')} onClick={onClose} />
      <p className={classes.id}>
        <code>{sessionId}</code>
        <CopyButton value={sessionId} what={t('sessions:column.sessionId')} />
      </p>
      {isNaming && (
        <LabelForm
          connectionId={connectionId}
          session={session}
          onClose={() => {
            setNaming(false);
          }}
        />
      )}
    </header>
  );
}

/** How the session stands: what is left, and what there is to say about it. */
function Standing({
  session,
  list,
  clockwork,
  nowMs,
}: SessionDetailsProps & { readonly nowMs: number }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { polledAtMs, frozenMs } = clockwork;
  const isClose = expiryOf(session, { nowMs: polledAtMs, polledAtMs })?.isClose === true;
  const left = useTicking((at) => {
    const expiry = expiryOf(session, { nowMs: at, polledAtMs });
    if (expiry === null) return t('sessions:drawer.expiresHidden');
    return expiry.leftMs === 0
      ? t('sessions:drawer.expiresDue')
      : t('sessions:drawer.expiresIn', { left: format.duration(expiry.leftMs) });
  }, frozenMs);
  const findings = findingsOf(session, { list, nowMs: frozenMs ?? nowMs });
  return (
    <div className={classes.section}>
      <p className={classes.expiry}>
        <span className={classNames(classes.expiryText, isClose && classes.close)}>{left}</span>
        {session.timeoutMs !== null && (
          <span className={classes.timeout}>
            {t('sessions:drawer.timeout', { duration: format.duration(session.timeoutMs) })}
          </span>
        )}
      </p>
      <ExpiryScale
        session={session}
        clockwork={clockwork}
        heard={<Heard session={session} frozenMs={frozenMs} />}
      />
      {findings.map((finding) => (
        <p key={finding.kind} className={classes.finding}>
          {findingSentence(finding, t, format.duration)}
        </p>
      ))}
    </div>
  );
}

/** The right end of the scale: when the client was heard, where its server tells. */
function Heard({
  session,
  frozenMs,
}: {
  readonly session: SessionDto;
  readonly frozenMs: number | null;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { lastHeardAtMs } = session;
  return useTicking((nowMs) => {
    if (lastHeardAtMs === null) return t('sessions:drawer.heard');
    const agoMs = Math.max(0, Math.round((nowMs - lastHeardAtMs) / 100) * 100);
    return t('sessions:drawer.heardAgo', { duration: format.duration(agoMs) });
  }, frozenMs);
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

/** Milliseconds say nothing about when a connection was made. */
function shortTime(atMs: number, format: Format): string {
  return format.time(atMs).replace(/\.\d{3}$/, '');
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
  session,
  isGone,
}: {
  readonly session: SessionDto;
  readonly isGone: boolean;
}): ReactNode {
  const t = useTexts();
  const chroot = useConnectionProfile()?.chroot ?? '';
  const { ephemerals, ephemeralCount } = session;
  const count = ephemeralCount ?? 0;
  return (
    <div className={classes.section}>
      <h3 className={classes.sectionTitle}>
        {t('sessions:drawer.ephemerals')}{' '}
        <span className={classes.unit}>
          {ephemerals === null
            ? t('sessions:drawer.ephemeralsHidden')
            : count === 0
              ? t('sessions:drawer.ephemeralsNone')
              : `${formatCount(count)}${isGone ? '' : `, ${t('sessions:drawer.ephemeralsHint')}`}`}
        </span>
      </h3>
      {ephemerals !== null && chroot !== '' && (
        <p className={classes.more}>{t('sessions:drawer.ephemeralsChroot', { chroot })}</p>
      )}
      <PathList label={t('sessions:drawer.ephemerals')} paths={ephemerals ?? []} count={count} />
    </div>
  );
}
