/**
 * Votes and proposals under way, as arrows between the cards. An arrow grows towards its receiver and fades; where motion is
 * not wanted it stands still as long. What it carries is in the log for who does not see it.
 */
import type { ReactNode } from 'react';
import { useTexts } from '../../i18n/use-texts.ts';
import type { Flight, Sky } from './flights.ts';
import { type Layout, edgeOf } from './layout.ts';
import classes from './flight-arrows.module.css';

/** Beside the line, so that both directions are seen. */
const ASIDE_PX = 9;

export function FlightArrows({ sky, layout }: { readonly sky: Sky; readonly layout: Layout }): ReactNode {
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
      {sky.flights.map((flight) => (
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
  const label = verdict === null ? text : `${text} ${t(`ensembles:vote.${verdict}`)}`;
  // Nearer to the sender, so that the two directions do not write over each other.
  const at = { x: start.x + dx * 0.3 + asideX, y: start.y + dy * 0.3 + asideY };
  const isLeftward = asideX < -ASIDE_PX / 2;
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
      <text
        className={classes.text}
        x={at.x + (isLeftward ? -6 : 6)}
        y={at.y - 3}
        textAnchor={isLeftward ? 'end' : 'start'}
      >
        {label}
      </text>
    </g>
  );
}
