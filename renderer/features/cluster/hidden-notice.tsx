/**
 * What the servers do not tell and how to change it: for a whitelist the exact line of zoo.cfg with a button that copies
 * it. Sessions and Cluster show it below what they do know.
 */
import { EyeOff, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { assertNever } from '../../../shared/assert.ts';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { CopyLine } from './copy-line.tsx';
import type { HiddenGroup } from './hidden-words.ts';
import classes from './hidden-notice.module.css';

export function HiddenNotice({ groups }: { readonly groups: readonly HiddenGroup[] }): ReactNode {
  const t = useTexts();
  if (groups.length === 0) return null;
  return (
    <section aria-label={t('cluster:notice.title')} className={classes.root}>
      {groups.map((group) => (
        <HiddenRow key={`${group.reason} ${group.servers.join()} ${group.words.join()}`} group={group} />
      ))}
    </section>
  );
}

function HiddenRow({ group }: { readonly group: HiddenGroup }): ReactNode {
  const t = useTexts();
  const { icon: Icon, tone, fact, next } = wording(group, t);
  return (
    <div className={classes.row}>
      <Icon
        size={16}
        strokeWidth={1.75}
        aria-hidden
        className={tone === 'warning' ? classes.warning : classes.info}
      />
      <div className={classes.text}>
        <p className={classes.fact}>{fact}</p>
        <p className={classes.next}>
          {next} {group.configLine !== null && <code className={classes.line}>{group.configLine}</code>}
        </p>
      </div>
      {group.configLine !== null && <CopyLine line={group.configLine} />}
    </div>
  );
}

interface Wording {
  readonly icon: LucideIcon;
  readonly tone: 'info' | 'warning';
  readonly fact: string;
  readonly next: string;
}

function wording({ reason, words, servers, configLine }: HiddenGroup, t: Texts): Wording {
  const named = { count: servers.length, servers: servers.join(', '), words: words.join(', ') };
  switch (reason) {
    case 'whitelist':
      return {
        icon: EyeOff,
        tone: 'info',
        fact: t('cluster:notice.whitelist', named),
        next: t(
          configLine === null ? 'cluster:notice.whitelistNoLine' : 'cluster:notice.whitelistNext',
          named,
        ),
      };
    case 'unreachable':
      return {
        icon: TriangleAlert,
        tone: 'warning',
        fact: t('cluster:notice.unreachable', named),
        next: t('cluster:notice.unreachableNext', named),
      };
    case 'not-serving':
      return {
        icon: TriangleAlert,
        tone: 'warning',
        fact: t('cluster:notice.notServing', named),
        next: t('cluster:notice.notServingNext', named),
      };
    case 'not-understood':
      return {
        icon: EyeOff,
        tone: 'info',
        fact: t('cluster:notice.unknownForm', named),
        next: t('cluster:notice.unknownFormNext'),
      };
    case 'too-long':
      return {
        icon: EyeOff,
        tone: 'info',
        fact: t('cluster:notice.tooLong', named),
        next: t('cluster:notice.tooLongNext'),
      };
    default:
      return assertNever(reason);
  }
}
