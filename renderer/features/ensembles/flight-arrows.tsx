/**
 * Votes and proposals under way, as arrows between the cards. An arrow grows towards its receiver and fades; where motion is
 * not wanted it stands still as long. What it carries is in the log for who does not see it.
 */
import type { ReactNode } from 'react';
import { useTexts } from '../../i18n/use-texts.ts';
import type { Flight } from './flights.ts';
import { type Layout, edgeOf } from './layout.ts';
import classes from './flight-arrows.module.css';

/** Beside the line, so that both directions are seen. */
const ASIDE_PX = 9;
/** Between a level arrow and what it carries: the sign on the link is in between. */
const LABEL_PX = 24;
const LINE_PX = 13;

export function FlightArrows({
  flights,
  layout,
}: {
  readonly flights: readonly Flight[];
  readonly layout: Layout;
}): ReactNode {
  return (
    <g>
      <defs>
        <marker
          id="flight-tip"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto"
        >
          <path d="M0 .5 7.5 4 0 7.5z" fill="context-stroke" />
        </marker>
      </defs>
      {flights.map((flight) => (
        <Arrow key={flight.key} flight={flight} layout={layout} />
      ))}
    </g>
  );
}

function Arrow({ flight, layout }: { readonly flight: Flight; readonly layout: Layout }): ReactNode {
  const t = useTexts();
  const { kind, from, to, text, verdict } = flight;
  const [source, target] = [layout.cards.get(from), layout.cards.get(to)];
  if (source === undefined || target === undefined) return null;
  const [start, end] = [edgeOf(source, target), edgeOf(target, source)];
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return null;
  const [asideX, asideY] = [(-dy / length) * ASIDE_PX, (dx / length) * ASIDE_PX];
  // Nearer to the sender, so that the two directions do not write over each other; a level arrow has only its middle.
  const isLevel = Math.abs(dy) < LABEL_PX;
  const share = isLevel ? 0.5 : 0.24;
  const x = start.x + dx * share + asideX * (isLevel ? 1 : 1.6);
  const y = start.y + dy * share + (isLevel ? Math.sign(asideY) * LABEL_PX + 4 : 4);
  const anchor = isLevel ? 'middle' : asideX < 0 ? 'end' : 'start';
  return (
    <g className={classes.flight} data-kind={kind}>
      <line
        className={classes.line}
        x1={start.x + asideX}
        y1={start.y + asideY}
        x2={end.x + asideX}
        y2={end.y + asideY}
        pathLength={1}
        markerEnd="url(#flight-tip)"
      />
      <text className={classes.text} x={x} y={y} textAnchor={anchor}>
        <tspan>{text}</tspan>
        {verdict !== null && (
          <tspan x={x} dy={isLevel && asideY < 0 ? -LINE_PX : LINE_PX}>
            {t(`ensembles:vote.${verdict}`)}
          </tspan>
        )}
      </text>
    </g>
  );
}
