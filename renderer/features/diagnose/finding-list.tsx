/** Findings by day, searched by whatever they speak of; one is chosen by arrow keys or by a click. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import {
  FileText,
  Activity,
  CircleSlash,
  Clock,
  Database,
  FileLock,
  Gauge,
  type LucideIcon,
  Network,
  Power,
  RefreshCw,
  Search,
  UserCheck,
  Users,
  UserX,
  Zap,
} from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import type { Finding } from '../../../shared/api/findings.ts';
import { assertNever } from '../../../shared/assert.ts';
import { formatCount, formatFullTime, formatTimeOfDay } from '../../app/format.ts';
import { useFormat, useNow } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { useSentences } from '../../i18n/use-sentences.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type FindingGroup, type FindingSelection, midnight } from './finding-groups.ts';
import { kindText } from './finding-words.ts';
import { showLogs } from './logs/use-logs.ts';
import classes from './finding-list.module.css';

interface FindingListProps {
  readonly selection: FindingSelection;
  readonly query: string;
  readonly isClosedShown: boolean;
  readonly selectedId: string | null;
  readonly onSearch: (query: string) => void;
  readonly onShowClosed: (isShown: boolean) => void;
  readonly onSelect: (findingId: string) => void;
}

export function FindingList(props: FindingListProps): ReactNode {
  const { selection, query, isClosedShown, onSearch, onShowClosed } = props;
  const t = useTexts();
  const { closedCount } = selection;
  return (
    <aside className={classes.root} aria-label={t('diagnose:list.label')}>
      <div className={classes.search}>
        <TextInput
          leftSection={<Search size={14} aria-hidden />}
          placeholder={t('diagnose:list.search')}
          aria-label={t('diagnose:list.searchLabel')}
          value={query}
          onChange={(event) => {
            onSearch(event.currentTarget.value);
          }}
        />
      </div>
      <Options {...props} />
      <Button
        className={classes.logs}
        size="compact-sm"
        leftSection={<FileText size={14} aria-hidden />}
        title={t('election:logs.openHint')}
        onClick={showLogs}
      >
        {t('election:logs.open')}
      </Button>
      {closedCount > 0 && query === '' && (
        <Checkbox
          className={classes.closed}
          label={t('diagnose:list.closed', { count: closedCount, formatted: formatCount(closedCount) })}
          checked={isClosedShown}
          onChange={(event) => {
            onShowClosed(event.currentTarget.checked);
          }}
        />
      )}
    </aside>
  );
}

function Options({ selection, query, selectedId, onSelect }: FindingListProps): ReactNode {
  const t = useTexts();
  const listId = useId();
  const { groups, order, closedCount } = selection;
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = selectedId === null ? -1 : order.indexOf(selectedId);
    const next = targetOf(event.key, at, order.length);
    const findingId = next === undefined ? undefined : order[next];
    if (findingId === undefined) return;
    event.preventDefault();
    onSelect(findingId);
  };
  if (order.length === 0) {
    const isOnlyClosed = query === '' && closedCount > 0;
    if (!isOnlyClosed && query === '') return <div className={classes.none} />;
    return (
      <p className={classes.none}>{t(isOnlyClosed ? 'diagnose:list.onlyClosed' : 'diagnose:list.none')}</p>
    );
  }
  return (
    <div
      role="listbox"
      tabIndex={0}
      aria-label={t('diagnose:list.label')}
      aria-activedescendant={selectedId === null ? undefined : `${listId}${selectedId}`}
      className={classes.list}
      onKeyDown={onKeyDown}
    >
      {groups.map((group) => (
        <Group key={group.dayMs} group={group} listId={listId} selectedId={selectedId} onSelect={onSelect} />
      ))}
    </div>
  );
}

function targetOf(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

interface GroupProps extends Pick<FindingListProps, 'selectedId' | 'onSelect'> {
  readonly group: FindingGroup;
  readonly listId: string;
}

function Group({ group: { dayMs, findings }, listId, selectedId, onSelect }: GroupProps): ReactNode {
  const title = useDayText(dayMs);
  return (
    <div role="group" aria-label={title}>
      <h2 className={classes.day} aria-hidden>
        {title}
      </h2>
      {findings.map((finding) => (
        <Option
          key={finding.id}
          id={`${listId}${finding.id}`}
          finding={finding}
          isSelected={finding.id === selectedId}
          onSelect={onSelect}
        />
      ))}
    </div>
  );
}

function useDayText(dayMs: number): string {
  const t = useTexts();
  const format = useFormat();
  const todayMs = midnight(useNow(60_000));
  if (dayMs === todayMs) return t('diagnose:list.today');
  if (dayMs === midnight(todayMs - 1)) return t('diagnose:list.yesterday');
  // Without the time of day, which is midnight's.
  return format.time(dayMs).replace(/ \S+$/, '');
}

interface OptionProps {
  readonly id: string;
  readonly finding: Finding;
  readonly isSelected: boolean;
  readonly onSelect: (findingId: string) => void;
}

function Option({ id, finding, isSelected, onSelect }: OptionProps): ReactNode {
  const t = useTexts();
  const tell = useSentences();
  const element = useRef<HTMLDivElement>(null);
  const { icon: Icon, tone } = lookOf(finding);
  const atMs = Date.parse(finding.at);
  useEffect(() => {
    if (isSelected) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  return (
    <div
      ref={element}
      role="option"
      id={id}
      aria-selected={isSelected}
      className={classNames(classes.option, isSelected && classes.selected)}
      onClick={() => {
        onSelect(finding.id);
      }}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classes[tone]} />
      <span className={classes.kind}>{kindText(finding, t)}</span>
      <time className={classes.time} title={formatFullTime(atMs)}>
        {formatTimeOfDay(atMs).slice(0, 8)}
      </time>
      <span className={classes.line}>{tell(finding.words.answer)}</span>
    </div>
  );
}

type Tone = 'danger' | 'warn' | 'calm';

/** Red for who lost something, amber for what the ensemble mended itself or must be looked at. */
function lookOf(finding: Finding): { readonly icon: LucideIcon; readonly tone: Tone } {
  switch (finding.kind) {
    case 'session-ended':
      return sessionLook(finding.cause);
    case 'election':
      return { icon: Zap, tone: 'warn' };
    case 'server':
    case 'cluster':
      return troubleLook(finding.cause);
    default:
      return assertNever(finding, 'kind of finding');
  }
}

function sessionLook(cause: Extract<Finding, { kind: 'session-ended' }>['cause']): {
  icon: LucideIcon;
  tone: Tone;
} {
  if (cause === 'client-closed') return { icon: UserCheck, tone: 'calm' };
  return { icon: cause === 'ended-by-admin' ? UserX : Users, tone: 'danger' };
}

function troubleLook(cause: Extract<Finding, { kind: 'server' | 'cluster' }>['cause']): {
  icon: LucideIcon;
  tone: Tone;
} {
  switch (cause) {
    case 'follower-lost':
    case 'observer-lost':
      return { icon: Power, tone: 'danger' };
    case 'quorum-lost':
      return { icon: CircleSlash, tone: 'danger' };
    case 'follower-partitioned':
      return { icon: Network, tone: 'danger' };
    case 'disk-full':
      return { icon: Database, tone: 'danger' };
    case 'acl-lockout':
      return { icon: FileLock, tone: 'danger' };
    case 'disk-slow':
    case 'connection-limit':
    case 'buffer-limit':
    case 'quota-exceeded':
    case 'follower-behind':
      return { icon: Gauge, tone: 'warn' };
    case 'process-paused':
      return { icon: Activity, tone: 'warn' };
    case 'clock-jump':
      return { icon: Clock, tone: 'warn' };
    case 'rolling-restart':
      return { icon: RefreshCw, tone: 'calm' };
    case 'config-differs':
      return { icon: Gauge, tone: 'warn' };
    default:
      return assertNever(cause, 'cause');
  }
}
