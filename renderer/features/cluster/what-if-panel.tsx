/**
 * What if servers stop? Servers are switched off here only, and the panel says what would become of the quorum, which further
 * stops would lose it, and who would lead. By what was sampled last.
 */
import { Button, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { assertNever } from '../../../shared/assert.ts';
import type { QuorumRules } from '../../../shared/quorum-rules.ts';
import { type NextLeader, type QuorumMember, type WhatIf, whatIf } from '../../../shared/quorum-what-if.ts';
import { formatZxid } from '../../../shared/zxid.ts';
import { api } from '../../api/client.ts';
import { formatCount } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { RoleShape, type SeenRole } from '../../components/role-badge.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { type Words, serversText } from '../diagnose/election/election-words.ts';
import { type KnownQuorum, knownQuorum } from './quorum-members.ts';
import classes from './what-if-panel.module.css';

interface WhatIfPanelProps {
  readonly connectionId: string;
  readonly servers: readonly ServerDto[];
}

/** A reconfiguration is rare. */
const CONFIG_POLL_MS = 30_000;
/** Of sets that lose the quorum. */
const SETS_SHOWN = 12;

export function WhatIfPanel({ connectionId, servers }: WhatIfPanelProps): ReactNode {
  const { data } = useQuery(
    api.cluster.quorumConfig.queryOptions({
      input: { connectionId },
      refetchInterval: CONFIG_POLL_MS,
      staleTime: 0,
    }),
  );
  // Without an answer a majority would be shown for a moment where there are groups.
  const quorum = data === undefined ? undefined : knownQuorum(servers, data.text);
  // One server has nothing to spare and nobody to elect.
  if (quorum === undefined || quorum.members.length < 2) return null;
  return <Panel quorum={quorum} servers={servers} />;
}

function Panel({
  quorum,
  servers,
}: {
  readonly quorum: KnownQuorum;
  readonly servers: readonly ServerDto[];
}): ReactNode {
  const t = useTexts();
  const [stopped, setStopped] = useState<ReadonlySet<number>>(new Set());
  const { rules, members, isGuessed } = quorum;
  const answer = whatIf({ rules, members, stopped });
  const toggle = (sid: number): void => {
    setStopped((before) => {
      const next = new Set(before);
      if (!next.delete(sid)) next.add(sid);
      return next;
    });
  };
  return (
    <section className={classes.root} aria-labelledby="what-if">
      <header className={classes.head}>
        <h2 id="what-if" className={classes.title}>
          {t('election:whatIf.title')}
        </h2>
        <span className={classes.rules}>
          {isGuessed
            ? t('election:whatIf.rulesGuessed')
            : t(rules.groups.length > 0 ? 'election:whatIf.rulesGroups' : 'election:whatIf.rulesMajority', {
                formatted: formatCount(rules.voters.length),
              })}
        </span>
        {stopped.size > 0 && (
          <Button
            size="compact-xs"
            onClick={() => {
              setStopped(new Set());
            }}
          >
            {t('election:whatIf.reset')}
          </Button>
        )}
      </header>
      <p className={classes.hint}>{t('election:whatIf.hint')}</p>
      <div className={classes.body}>
        <ul className={classes.members}>
          {members.map((member) => (
            <Member
              key={member.sid}
              member={member}
              role={roleOf(member, answer, servers)}
              rules={rules}
              answer={answer}
              isStopped={stopped.has(member.sid)}
              onToggle={() => {
                toggle(member.sid);
              }}
            />
          ))}
        </ul>
        <Outcome answer={answer} members={members} />
      </div>
    </section>
  );
}

function roleOf({ sid }: QuorumMember, { running, leader }: WhatIf, servers: readonly ServerDto[]): SeenRole {
  if (!running.includes(sid)) return 'down';
  if ('sid' in leader && leader.sid === sid) return 'leader';
  if (leader.kind === 'no-quorum' || leader.kind === 'hidden') return 'looking';
  return servers.find((server) => server.sid === sid)?.role === 'observer' ? 'observer' : 'follower';
}

interface MemberProps {
  readonly member: QuorumMember;
  readonly role: SeenRole;
  readonly rules: QuorumRules;
  readonly answer: WhatIf;
  readonly isStopped: boolean;
  readonly onToggle: () => void;
}

function Member({ member, role, rules, answer, isStopped, onToggle }: MemberProps): ReactNode {
  const t = useTexts();
  const { sid, isUp, zxid } = member;
  const group = rules.groups.find(({ sids }) => sids.includes(sid));
  const isRunning = answer.running.includes(sid);
  const state = !isUp
    ? t('election:whatIf.down')
    : isStopped
      ? t('election:whatIf.off')
      : !answer.hasQuorum
        ? t('election:whatIf.running')
        : t(answer.mayStop.includes(sid) ? 'election:whatIf.mayStop' : 'election:whatIf.mayNotStop');
  return (
    <li className={classes.member}>
      <Switch
        size="xs"
        classNames={{ thumb: classes.thumb ?? '' }}
        checked={isUp && !isStopped}
        disabled={!isUp}
        aria-label={t('election:whatIf.toggle', { sid })}
        onChange={onToggle}
      />
      <RoleShape role={role} />
      <span className={classes.name}>{t('election:server', { sid })}</span>
      <span className={classes.zxid}>{zxid === null ? '' : formatZxid(zxid)}</span>
      {group !== undefined && (
        <span className={classes.state}>
          {t('election:whatIf.group', { group: group.group, weight: rules.weights.get(sid) ?? 1 })}
        </span>
      )}
      <span
        className={
          isRunning && answer.hasQuorum && !answer.mayStop.includes(sid) ? classes.needed : classes.state
        }
      >
        {state}
      </span>
    </li>
  );
}

function Outcome({
  answer,
  members,
}: {
  readonly answer: WhatIf;
  readonly members: readonly QuorumMember[];
}): ReactNode {
  const t = useTexts();
  const words = { t, format: useFormat() };
  const { hasQuorum, running, spareAny, losingSets, hasMoreSets, leader } = answer;
  const Icon = hasQuorum ? CircleCheck : CircleX;
  const counts = { formatted: formatCount(running.length), total: formatCount(members.length) };
  const shown = losingSets.slice(0, SETS_SHOWN);
  return (
    <div className={classes.outcome} role="status">
      <p className={hasQuorum ? classes.holds : classes.lost}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        {t(hasQuorum ? 'election:whatIf.holds' : 'election:whatIf.lost', counts)}
      </p>
      {!hasQuorum && <p className={classes.text}>{t('election:whatIf.lostText')}</p>}
      {spareAny !== null && (
        <p className={classes.text}>
          {spareAny === 0
            ? t('election:whatIf.spareNone')
            : t('election:whatIf.spare', { count: spareAny, formatted: formatCount(spareAny) })}
        </p>
      )}
      {hasQuorum && <p className={classes.text}>{leaderText(leader, members, words)}</p>}
      {shown.length > 0 && (
        <div className={classes.sets}>
          <span className={classes.setsTitle}>{t('election:whatIf.sets')}</span>
          {shown.map((set) => (
            <span key={set.join()} className={classes.set}>
              {set.join(' + ')}
            </span>
          ))}
          {(hasMoreSets || shown.length < losingSets.length) && (
            <span className={classes.setsTitle}>{t('election:whatIf.setsMore')}</span>
          )}
        </div>
      )}
    </div>
  );
}

function leaderText(leader: NextLeader, members: readonly QuorumMember[], words: Words): string {
  const { t } = words;
  switch (leader.kind) {
    case 'stays':
      return t('election:whatIf.stays', { sid: leader.sid });
    case 'elected': {
      const { sid, over, by } = leader;
      if (over === null || by === null) return t('election:whatIf.alone', { sid });
      const zxidOf = (of: number): string => {
        const zxid = members.find((member) => member.sid === of)?.zxid ?? null;
        return zxid === null ? '' : formatZxid(zxid);
      };
      const why = t(`election:whatIf.elected.${by}`, {
        sid,
        over,
        zxid: zxidOf(sid),
        overZxid: zxidOf(over),
      });
      return `${why} ${t('election:whatIf.asSampled')}`;
    }
    case 'hidden':
      return t('election:whatIf.hidden', { servers: serversText(leader.silent, words) });
    case 'nobody-may-lead':
      return t('election:whatIf.nobody');
    case 'no-quorum':
      return t('election:whatIf.lostText');
    default:
      return assertNever(leader);
  }
}
