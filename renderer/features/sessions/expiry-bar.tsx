/** How much of a session's timeout is left, as a bar: grey, red once pings were missed. Runs by itself. */
import type { ReactNode } from 'react';
import type { SessionDto } from '../../../shared/api/sessions.ts';
import { type Format, useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type Clockwork, expiryOf, pingIntervalMs } from './expiry.ts';
import classes from './expiry-bar.module.css';
import { useTicking } from './ticker.ts';

interface ExpiryProps {
  readonly session: Pick<SessionDto, 'expiresAtMs' | 'timeoutMs'>;
  readonly clockwork: Clockwork;
}

/** The text and the bar of a countdown; a bar moves in steps that can be seen. */
const BAR_STEPS = 250;

/** Handed down: the table mounts dozens of cells while one scrolls, and to look for the texts in each would be felt. */
interface CellWords {
  readonly t: Texts;
  readonly format: Format;
}

/** A cell of the table: bar and seconds. Demands that the expiry is known. */
export function ExpiryCell({ session, clockwork, t, format }: ExpiryProps & CellWords): ReactNode {
  const { polledAtMs, frozenMs } = clockwork;
  const left = useTicking((nowMs) => {
    const leftMs = expiryOf(session, { nowMs, polledAtMs })?.leftMs ?? 0;
    return leftMs === 0 ? t('sessions:due') : format.duration(leftMs);
  }, frozenMs);
  const isClose = expiryOf(session, { nowMs: polledAtMs, polledAtMs })?.isClose === true;
  return (
    <span className={classNames(classes.cell, isClose && classes.close)}>
      <Bar session={session} clockwork={clockwork} />
      <span className={classes.left}>{left}</span>
    </span>
  );
}

/** `part`: of the timeout, from its end; the whole of it by default. */
function Bar({
  session,
  clockwork: { polledAtMs, frozenMs },
  part = { from: 0, to: 1 },
}: ExpiryProps & { readonly part?: { readonly from: number; readonly to: number } }): ReactNode {
  const steps = useTicking((nowMs) => {
    const fraction = expiryOf(session, { nowMs, polledAtMs })?.fraction ?? -1;
    if (fraction < 0) return -1;
    const filled = (fraction - part.from) / (part.to - part.from);
    return Math.round(Math.min(1, Math.max(0, filled)) * BAR_STEPS);
  }, frozenMs);
  if (steps < 0) return null;
  return (
    <span className={classes.track}>
      <span className={classes.fill} style={{ transform: `scaleX(${steps / BAR_STEPS})` }} />
    </span>
  );
}

const THIRDS = [
  { from: 0, to: 1 / 3 },
  { from: 1 / 3, to: 2 / 3 },
  { from: 2 / 3, to: 1 },
];

/** The same, wide, in the thirds in which a client is expected to ping. */
export function ExpiryScale({ session, clockwork, heard }: ExpiryProps & { heard: ReactNode }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { polledAtMs } = clockwork;
  const expiry = expiryOf(session, { nowMs: polledAtMs, polledAtMs });
  if (expiry === null || expiry.fraction === null || session.timeoutMs === null) return null;
  return (
    <div className={classNames(classes.scale, expiry.isClose && classes.close)}>
      <div className={classes.thirds} aria-hidden>
        {THIRDS.map((part) => (
          <Bar key={part.from} session={session} clockwork={clockwork} part={part} />
        ))}
      </div>
      <div
        className={classes.marks}
        title={t('sessions:drawer.pingHint', { ping: format.duration(pingIntervalMs(session.timeoutMs)) })}
      >
        <span>{t('sessions:drawer.expiry')}</span>
        <span>{t('sessions:drawer.pingDue')}</span>
        <span>{t('sessions:drawer.pingDue')}</span>
        <span>{heard}</span>
      </div>
    </div>
  );
}

/** How long ago, running. Demands that it is known. */
export function Ago({
  atMs,
  frozenMs,
  format,
}: {
  readonly atMs: number;
  readonly frozenMs: number | null;
  readonly format: Format;
}): ReactNode {
  // Heard this very moment: milliseconds would only flicker.
  return useTicking(
    (nowMs) => format.duration(Math.max(0, Math.round((nowMs - atMs) / 100) * 100)),
    frozenMs,
  );
}
