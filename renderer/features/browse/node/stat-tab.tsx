/** Every field of the Stat with what it means: one sentence that is always there, and more on hover. */
import type { ReactNode } from 'react';
import type { StatDto } from '../../../../shared/api/common.ts';
import { zxidCounter, zxidEpoch, zxidFromHex } from '../../../../shared/zxid.ts';
import { formatBytes, formatCount, formatFullTime, formatUtc, formatZxidHex } from '../../../app/format.ts';
import { useFormat, useNow } from '../../../app/use-format.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { SessionOwner } from './session-link.tsx';
import classes from './node.module.css';

type StatField =
  | 'czxid'
  | 'mzxid'
  | 'pzxid'
  | 'ctime'
  | 'mtime'
  | 'version'
  | 'cversion'
  | 'aversion'
  | 'ephemeralOwner'
  | 'dataLength'
  | 'numChildren';

export function StatTab({ stat }: { readonly stat: StatDto }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  useNow(10_000);
  const zxid = (hex: string): ReactNode => {
    if (hex === '0x0') return <Value main={hex} detail={t('browse:stat.beforeFirst')} />;
    const parsed = zxidFromHex(hex);
    return (
      <Value
        main={formatZxidHex(hex)}
        copy={hex}
        detail={t('browse:stat.zxidParts', {
          epoch: zxidEpoch(parsed),
          counter: formatCount(zxidCounter(parsed)),
        })}
      />
    );
  };
  // A server makes the root and its own nodes with 0 for a time, which is none.
  const time = (timeMs: number): ReactNode =>
    timeMs === 0 ? (
      <Value main="0" detail={t('browse:stat.beforeFirst')} />
    ) : (
      <Value
        main={formatFullTime(timeMs)}
        copy={formatUtc(timeMs)}
        detail={`${formatUtc(timeMs)} · ${format.relative(timeMs)}`}
        isDetailMono
      />
    );
  const values: readonly (readonly [StatField, ReactNode])[] = [
    ['czxid', zxid(stat.czxid)],
    ['ctime', time(stat.ctimeMs)],
    ['mzxid', zxid(stat.mzxid)],
    ['mtime', time(stat.mtimeMs)],
    ['pzxid', zxid(stat.pzxid)],
    ['version', <Value key="version" main={String(stat.version)} />],
    ['cversion', <Value key="cversion" main={String(stat.cversion)} />],
    ['aversion', <Value key="aversion" main={String(stat.aversion)} />],
    [
      'ephemeralOwner',
      stat.ephemeralOwner === '0x0' ? (
        <Value key="owner" main="0x0" detail={t('browse:stat.notEphemeral')} />
      ) : (
        <Value
          key="owner"
          main={<SessionOwner sessionId={stat.ephemeralOwner} />}
          copy={stat.ephemeralOwner}
        />
      ),
    ],
    [
      'dataLength',
      <Value
        key="length"
        main={`${formatCount(stat.dataLength)} B`}
        {...(stat.dataLength < 1024 ? {} : { detail: formatBytes(stat.dataLength) })}
      />,
    ],
    ['numChildren', <Value key="children" main={formatCount(stat.numChildren)} />],
  ];
  return (
    <div className={classes.scroll}>
      <table className={classes.stat}>
        <thead>
          <tr>
            <th scope="col">{t('browse:stat.field')}</th>
            <th scope="col">{t('browse:stat.value')}</th>
            <th scope="col">{t('browse:stat.meaning')}</th>
          </tr>
        </thead>
        <tbody>
          {values.map(([field, value]) => (
            <tr key={field} title={t(`browse:stat.${field}.more`)}>
              <th scope="row">{field}</th>
              <td>{value}</td>
              <td>{t(`browse:stat.${field}.what`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({
  main,
  detail,
  copy,
  isDetailMono = false,
}: {
  readonly main: ReactNode;
  readonly detail?: string;
  readonly copy?: string;
  readonly isDetailMono?: boolean;
}): ReactNode {
  return (
    <div className={classes.value}>
      <div>
        <div className="mono">{main}</div>
        {detail !== undefined && (
          <div className={isDetailMono ? classes.valueDetailMono : classes.valueDetail}>{detail}</div>
        )}
      </div>
      {copy !== undefined && <CopyButton value={copy} what={copy} />}
    </div>
  );
}
