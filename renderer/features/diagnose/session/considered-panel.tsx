/** The causes that were considered: the one that was found, and what speaks against each other. */
import { CircleAlert, CircleHelp, CircleSlash, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionPicture } from '../../../../shared/api/diagnosis.ts';
import { assertNever } from '../../../../shared/assert.ts';
import { formatCount } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { classNames } from '../../../components/class-names.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { type SessionFinding, type Words, serverName } from '../finding-words.ts';
import { Panel } from '../panel.tsx';
import type { Autopsy, ServerLane } from './autopsy-model.ts';
import { type Considered, type Reason, considerCauses } from './considered.ts';
import classes from './session-detail.module.css';

const ICONS: Readonly<Record<Considered['verdict']['kind'], LucideIcon>> = {
  found: CircleAlert,
  out: CircleSlash,
  open: CircleHelp,
};
const LOOKS = { found: 'isFound', out: 'isOut', open: 'isOpen' } as const;

interface ConsideredPanelProps {
  readonly finding: SessionFinding;
  readonly picture: SessionPicture;
  readonly autopsy: Autopsy;
}

export function ConsideredPanel({ finding, picture, autopsy }: ConsideredPanelProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const considered = considerCauses(finding, picture, autopsy);
  const outCount = considered.filter(({ verdict }) => verdict.kind === 'out').length;
  return (
    <Panel
      title={t('diagnose:considered.title')}
      note={t('diagnose:considered.ruledOut', { count: outCount, formatted: formatCount(outCount) })}
    >
      <ul className={classes.items}>
        {considered.map((each) => {
          const Icon = ICONS[each.verdict.kind];
          return (
            <li
              key={each.cause}
              className={classNames(classes.item, classes.cause, classes[LOOKS[each.verdict.kind]])}
            >
              <Icon size={15} strokeWidth={1.75} aria-hidden />
              <span className={classes.name}>{t(`diagnose:considered.name.${each.cause}`)}</span>
              <span className={classes.why}>{whyText(each, { t, format })}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function whyText({ cause, verdict }: Considered, words: Words): string {
  const { t, format } = words;
  switch (verdict.kind) {
    case 'found':
      if (cause === 'leader-stalled') return '';
      if (cause === 'client-gone' && verdict.connectionEndMs === null) {
        return t('diagnose:considered.found.client-goneUntimed');
      }
      return t(`diagnose:considered.found.${cause}`, {
        time: verdict.connectionEndMs === null ? '' : format.time(verdict.connectionEndMs),
        late: format.duration(verdict.lateMs ?? 0),
      });
    case 'out':
      return reasonText(verdict.reason, words);
    case 'open':
      return verdict.reason === 'wasLost'
        ? t('diagnose:considered.open.wasLost', { server: laneName(verdict.server, words, true) })
        : t(`diagnose:considered.open.${verdict.reason}`);
    default:
      return assertNever(verdict, 'verdict');
  }
}

function reasonText(reason: Reason, words: Words): string {
  const { t, format } = words;
  switch (reason.kind) {
    case 'endedBefore':
      return t('diagnose:considered.out.endedBefore', { time: format.time(reason.atMs) });
    case 'serverAnswered':
      return t('diagnose:considered.out.serverAnswered', {
        server: laneName(reason.server, words, true),
        count: reason.count,
        formatted: formatCount(reason.count),
        slowest: format.duration(reason.slowestMs),
      });
    case 'leaderAnswered':
      return t('diagnose:considered.out.leaderAnswered', {
        count: reason.count,
        formatted: formatCount(reason.count),
        slowest: format.duration(reason.slowestMs),
      });
    case 'onlyDelays':
      return t('diagnose:considered.out.onlyDelays', { took: format.duration(reason.tookMs) });
    default:
      return t(`diagnose:considered.out.${reason.kind}`);
  }
}

/** A lane's server as people name it. */
export function laneName({ sid, server }: ServerLane, { t }: Words, isFirstWord = false): string {
  return serverName(sid === null ? server : String(sid), t, isFirstWord);
}
