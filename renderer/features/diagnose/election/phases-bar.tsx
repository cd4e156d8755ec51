/** The phases of an election as one bar: how long each took, and how much of it was only waiting. */
import type { CSSProperties, ReactNode } from 'react';
import { formatTimeOfDay } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { PhaseSpan } from './election-phases.ts';
import { clock } from './election-words.ts';
import type { LeaderLoss } from './leader-loss.ts';
import classes from './phases-bar.module.css';

interface PhasesBarProps {
  readonly phases: readonly PhaseSpan[];
  readonly loss: LeaderLoss | null;
  readonly nowMs: number;
}

/** A phase that waited for longer than this share of it is said to be a wait as a whole. */
const WAIT_SHARE = 0.6;

export function PhasesBar({ phases, loss, nowMs }: PhasesBarProps): ReactNode {
  const t = useTexts();
  const [first] = phases;
  if (first === undefined) return null;
  const beforeMs = loss === null ? 0 : first.fromMs - loss.atMs;
  return (
    <section className={classes.root} aria-label={t('election:phase.bar')}>
      <ol className={classes.bar}>
        {loss !== null && (
          <li
            className={classes.segment}
            data-phase="loss"
            style={{ '--share': Math.max(beforeMs, 1) } as CSSProperties}
          >
            <span className={classes.block} title={t('election:phase.loss')} />
            <span className={classes.tick}>
              {t('election:phase.loses', {
                time: formatTimeOfDay(loss.atMs),
                sid: loss.sid,
                what: t(`election:loss.${loss.cause}`),
              })}
            </span>
          </li>
        )}
        {phases.map((phase) => (
          <Segment key={phase.name} phase={phase} hasLoss={loss !== null} nowMs={nowMs} />
        ))}
      </ol>
    </section>
  );
}

function Segment({
  phase: { name, fromMs, toMs, waitFromMs },
  hasLoss,
  nowMs,
}: {
  readonly phase: PhaseSpan;
  readonly hasLoss: boolean;
  readonly nowMs: number;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  // Logs may be of clocks that are ahead of this one.
  const tookMs = Math.max(0, (toMs ?? nowMs) - fromMs);
  const duration = format.duration(tookMs);
  const waitMs = waitFromMs === null ? 0 : tookMs - (waitFromMs - fromMs);
  const isMostlyWait = waitMs > 0 && waitMs > tookMs * WAIT_SHARE;
  const took =
    name === 'broadcast'
      ? t('election:phase.broadcast')
      : t('election:phase.took', { phase: t(`election:phase.${name}`), duration });
  const wait = format.duration(waitMs);
  const waiting = isMostlyWait
    ? t('election:phase.waiting', { duration, wait })
    : t('election:phase.waitingShort', { wait });
  const tick =
    name === 'broadcast'
      ? t('election:phase.serves', { time: formatTimeOfDay(fromMs) })
      : name === 'discovery'
        ? t('election:phase.elected', { time: formatTimeOfDay(fromMs) })
        : name === 'election' && !hasLoss
          ? t('election:phase.looks', { time: formatTimeOfDay(fromMs) })
          : null;
  const share = name === 'broadcast' ? undefined : Math.max(tookMs, 1);
  return (
    <li className={classes.segment} data-phase={name} style={{ '--share': share } as CSSProperties}>
      <span className={classes.block} title={waitMs > 0 ? `${took}; ${waiting}` : took}>
        <span className={classes.text}>{isMostlyWait ? '' : took}</span>
        {waitMs > 0 && (
          <span className={classes.wait} style={{ width: `${(waitMs / tookMs) * 100}%` }}>
            {waiting}
          </span>
        )}
      </span>
      {tick !== null && (
        <span className={classes.tick} title={clock(fromMs)}>
          {tick}
        </span>
      )}
    </li>
  );
}
