/**
 * Votes and proposals under way, as arrows between the cards. An arrow grows towards its receiver and fades; where motion is
 * not wanted it stands still as long. What it carries is in the log for who does not see it.
 */
import type { ReactNode } from 'react';
import { useTexts } from '../../i18n/use-texts.ts';
import { type PlacedArrow, placeArrows } from './arrows.ts';
import type { Flight } from './flights.ts';
import type { Box, Layout } from './layout.ts';
import classes from './flight-arrows.module.css';

export function FlightArrows({
  flights,
  layout,
  signs,
}: {
  readonly flights: readonly Flight[];
  readonly layout: Layout;
  /** What the signs on links cover. */
  readonly signs: readonly Box[];
}): ReactNode {
  const t = useTexts();
  const linesOf = ({ text, verdict }: Flight): readonly string[] =>
    verdict === null ? [text] : [text, t(`ensembles:vote.${verdict}`)];
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
      {placeArrows(flights, layout, { taken: signs, linesOf }).map((arrow) => (
        <Arrow key={arrow.flight.key} arrow={arrow} lines={linesOf(arrow.flight)} />
      ))}
    </g>
  );
}

function Arrow({
  arrow: { flight, start, end, words },
  lines,
}: {
  readonly arrow: PlacedArrow;
  readonly lines: readonly string[];
}): ReactNode {
  return (
    <g className={classes.flight} data-kind={flight.kind}>
      <line
        className={classes.line}
        x1={start.x}
        y1={start.y}
        x2={end.x}
        y2={end.y}
        pathLength={1}
        markerEnd="url(#flight-tip)"
      />
      {words && (
        <text className={classes.text} x={words.x} y={words.y} textAnchor={words.anchor}>
          {lines.map((line, index) => (
            <tspan key={index} x={words.x} dy={index === 0 ? 0 : words.lineStepPx}>
              {line}
            </tspan>
          ))}
        </text>
      )}
    </g>
  );
}
