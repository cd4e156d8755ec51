/** The bottom line: state, server, session, the last zxid seen, latency; at the end watches and the version. */
import { useQuery } from '@tanstack/react-query';
import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ConnectionStatus } from '../../../shared/api/connections.ts';
import { api } from '../../api/client.ts';
import { useLink } from '../../api/link.ts';
import { RoleBadge } from '../../components/role-badge.tsx';
import { StatusDot } from '../../components/status-dot.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { isUsable, useConnectionStatus } from '../connection-status.ts';
import { formatCount, formatMs, formatSessionId, formatZxidHex } from '../format.ts';
import { readServerVersion } from '../server-version.ts';
import { type StatusWords, statusWords } from '../status-words.ts';
import { useFormat } from '../use-format.ts';
import { openView } from '../workspace.ts';
import classes from './status-bar.module.css';

const UNKNOWN: StatusWords = { labelKey: 'status.unknown', tone: 'off' };

export function StatusBar(): ReactNode {
  const t = useTexts();
  const status = useConnectionStatus();
  const isWireOpen = useLink((state) => state.wire === 'open');
  // Without Zabra's own process nobody knows.
  const { labelKey, tone } = isWireOpen ? statusWords(status?.state ?? null) : UNKNOWN;
  return (
    <footer className={classes.root} aria-label={t('frame.status')}>
      <span className={classes.part} role="status">
        <StatusDot tone={tone} />
        {t(labelKey)}
        {status?.server !== null && status?.server !== undefined && <code>{status.server}</code>}
        {isUsable(status) && status?.serverRole !== null && status?.serverRole !== undefined && (
          <RoleBadge role={status.serverRole} />
        )}
      </span>
      {status && <SessionParts status={status} />}
      <span className={classes.gap} />
      {status && isUsable(status) ? <WatchParts status={status} /> : <ConnectionCount />}
    </footer>
  );
}

function SessionParts({ status }: { readonly status: ConnectionStatus }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  return (
    <>
      {status.sessionId !== null && (
        <span className={classes.part}>
          {t('status.session')}
          <button
            type="button"
            className={classes.link}
            onClick={() => {
              openView('sessions');
            }}
          >
            {formatSessionId(status.sessionId)}
          </button>
          {status.sessionTimeoutMs !== null && (
            <Tooltip label={t('status.sessionTimeout')}>
              <span>{format.duration(status.sessionTimeoutMs)}</span>
            </Tooltip>
          )}
        </span>
      )}
      {status.lastZxid !== null && (
        <span className={classes.part}>
          {t('status.lastZxid')} <code>{formatZxidHex(status.lastZxid)}</code>
        </span>
      )}
      {status.latencyMs !== null && isUsable(status) && (
        <Tooltip label={t('status.latency')}>
          <span className={classes.part}>{formatMs(status.latencyMs)}</span>
        </Tooltip>
      )}
    </>
  );
}

function WatchParts({ status }: { readonly status: ConnectionStatus }): ReactNode {
  const t = useTexts();
  return (
    <>
      <span className={classes.part}>
        {t('status.watches', { count: status.watchCount, formatted: formatCount(status.watchCount) })}
      </span>
      {status.serverVersion !== null && <VersionPart version={status.serverVersion} />}
    </>
  );
}

function VersionPart({ version }: { readonly version: string }): ReactNode {
  const t = useTexts();
  const { number, isBuiltin } = readServerVersion(version);
  return (
    <span className={classes.part}>
      ZooKeeper {number}
      {isBuiltin && ` (${t('builtin')})`}
    </span>
  );
}

function ConnectionCount(): ReactNode {
  const t = useTexts();
  const { data: profiles } = useQuery(api.connections.list.queryOptions());
  const { data: info } = useQuery(api.app.info.queryOptions());
  if (profiles && profiles.length > 0) {
    const count = profiles.length;
    return (
      <span className={classes.part}>
        {t('status.connections', { count, formatted: formatCount(count) })}
      </span>
    );
  }
  return info && <span className={classes.part}>Zabra {info.version}</span>;
}
