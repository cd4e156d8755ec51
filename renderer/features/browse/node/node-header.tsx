/** The znode's name, what kind of node it is, and who changed it when. */
import { useQuery } from '@tanstack/react-query';
import { Box, CircleDashed, Gauge, Hash, Timer } from 'lucide-react';
import type { ReactNode } from 'react';
import type { QuotaDto, ZnodeDto } from '../../../../shared/api/znodes.ts';
import { baseName, parentPath, sequenceSuffix } from '../../../../shared/path.ts';
import { api } from '../../../api/client.ts';
import { formatBytes, formatCount, formatFullTime, formatUtc } from '../../../app/format.ts';
import { useFormat, useNow } from '../../../app/use-format.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { Texts } from '../../../i18n/i18n.ts';
import type { EditState } from '../data/edit-state.ts';
import { treeOf, useSummary } from '../tree/use-tree.ts';
import classes from './node.module.css';

interface NodeHeaderProps {
  readonly connectionId: string;
  readonly znode: ZnodeDto;
  readonly edit: EditState['kind'];
}

export function NodeHeader({ connectionId, znode, edit }: NodeHeaderProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  useNow(10_000);
  const { path, stat } = znode;
  return (
    <header className={classes.header}>
      <PathTitle path={path} />
      <Badges connectionId={connectionId} znode={znode} />
      <CopyButton value={path} what={t('browse:node.path')} />
      <span className={classes.headerGap} />
      <span className={classes.modified}>
        {edit === 'conflict' ? (
          t('browse:node.draftKept')
        ) : stat.mtimeMs === 0 ? null : (
          <span title={`${formatFullTime(stat.mtimeMs)}\n${formatUtc(stat.mtimeMs)}`}>
            {t(stat.version === 0 ? 'browse:node.created' : 'browse:node.modified', {
              ago: format.relative(stat.mtimeMs),
            })}
          </span>
        )}
      </span>
    </header>
  );
}

/** The pane's heading: the path, its beginning given up first when there is no room. */
export function PathTitle({ path }: { readonly path: string }): ReactNode {
  const parent = path === '/' ? '/' : parentPath(path);
  return (
    <h1 className={classes.path} title={path}>
      <span className={classes.parent}>
        <bdi>{parent === '/' ? '/' : `${parent}/`}</bdi>
      </span>
      <span className={classes.name}>{baseName(path)}</span>
    </h1>
  );
}

const ICON = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const;

function Badges({ connectionId, znode }: Pick<NodeHeaderProps, 'connectionId' | 'znode'>): ReactNode {
  const t = useTexts();
  const { path, stat } = znode;
  const summary = useSummary(treeOf(connectionId), path);
  const createdAs = summary?.kind === 'node' ? summary.createdAs : undefined;
  const hasQuota = summary?.kind === 'node' && summary.hasQuota;
  const { data: quota } = useQuery({
    ...api.znodes.quota.queryOptions({ input: { connectionId, path } }),
    enabled: hasQuota,
  });
  return (
    <>
      {stat.ephemeralOwner !== '0x0' && (
        <span className={classes.ephemeral} title={t('browse:badge.ephemeral')}>
          <CircleDashed {...ICON} /> {t('browse:badgeName.ephemeral')}
        </span>
      )}
      {sequenceSuffix(baseName(path)) !== undefined && (
        <span className={classes.badge} title={t('browse:badge.sequential')}>
          <Hash {...ICON} /> {t('browse:badgeName.sequential')}
        </span>
      )}
      {createdAs === 'CONTAINER' && (
        <span className={classes.badge} title={t('browse:badge.container')}>
          <Box {...ICON} /> {t('browse:badgeName.container')}
        </span>
      )}
      {createdAs?.endsWith('_TTL') === true && (
        <span className={classes.ttl} title={t('browse:badge.ttl')}>
          <Timer {...ICON} /> TTL
        </span>
      )}
      {quota && (
        <span className={classes.badge} title={t('browse:badge.quota')}>
          <Gauge {...ICON} /> {quotaText(quota, t)}
        </span>
      )}
    </>
  );
}

/** "15 620 of 22 000 nodes · 3 MB of 4 MB"; the lower of soft and hard limit counts. */
function quotaText(quota: QuotaDto, t: Texts): string {
  const parts: string[] = [];
  const countLimit = lowerLimit(quota.countLimit, quota.countHardLimit);
  const bytesLimit = lowerLimit(quota.bytesLimit, quota.bytesHardLimit);
  if (countLimit !== undefined) {
    parts.push(
      t('browse:node.quotaCount', { used: formatCount(quota.count), limit: formatCount(countLimit) }),
    );
  }
  if (bytesLimit !== undefined) {
    parts.push(
      t('browse:node.quotaBytes', { used: formatBytes(quota.bytes), limit: formatBytes(bytesLimit) }),
    );
  }
  return parts.length === 0 ? t('browse:badgeName.quota') : parts.join(' · ');
}

function lowerLimit(soft: number, hard: number): number | undefined {
  const limits = [soft, hard].filter((limit) => limit >= 0);
  return limits.length === 0 ? undefined : Math.min(...limits);
}
