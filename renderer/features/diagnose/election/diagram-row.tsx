/** One row of an election's diagram: states of servers as badges, or a message as arrows with what it said. */
import type { ReactNode } from 'react';
import { classNames } from '../../../components/class-names.ts';
import { useFormat } from '../../../app/use-format.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { BESIDE_GAP, type DiagramLayout, type PlacedRow, TIME_RIGHT } from './diagram-layout.ts';
import type { Badge, Link, MessageRow } from './diagram-model.ts';
import { besideText, labelOf } from './election-words.ts';
import type { LeaderLoss } from './leader-loss.ts';
import { textWidth } from '../../../components/text-width.ts';
import classes from './message-diagram.module.css';

interface DiagramRowProps {
  readonly placed: PlacedRow;
  readonly layout: DiagramLayout;
  readonly loss: LeaderLoss | null;
  /** Whose votes and messages are the leader's. */
  readonly leader: number | null;
}

export function DiagramRowView({ placed, layout, loss, leader }: DiagramRowProps): ReactNode {
  const { row, y, time } = placed;
  return (
    <>
      {time !== null && (
        <text className={classes.time} x={TIME_RIGHT} y={y + 4} textAnchor="end">
          {time}
        </text>
      )}
      {row.kind === 'badges'
        ? row.badges.map((badge) => (
            <StateBadge
              key={badge.sid}
              badge={badge}
              loss={loss}
              x={layout.laneX.get(badge.sid) ?? 0}
              y={y}
            />
          ))
        : row.links.length > 0 && <MessageArrows row={row} layout={layout} leader={leader} y={y} />}
    </>
  );
}

const BADGE_CLASSES = {
  LOOKING: classes.looking,
  FOLLOWING: classes.following,
  LEADING: classes.leading,
  OBSERVING: classes.observing,
  loss: classes.down,
} as const;

const BADGE_HEIGHT = 20;
function StateBadge({
  badge: { state },
  loss,
  x,
  y,
}: {
  readonly badge: Badge;
  readonly loss: LeaderLoss | null;
  readonly x: number;
  readonly y: number;
}): ReactNode {
  const t = useTexts();
  const text = state === 'loss' ? t(`election:loss.${loss?.cause ?? 'unknown'}`) : state;
  const width = textWidth(text, { fontPx: 12, letters: 'capitals' }) + 30;
  return (
    <g className={BADGE_CLASSES[state]} transform={`translate(${x - width / 2} ${y - BADGE_HEIGHT / 2})`}>
      <rect className={classes.badgeBack} width={width} height={BADGE_HEIGHT} rx={3} />
      <BadgeShape state={state} />
      <text className={classes.badgeText} x={23} y={14.3}>
        {text}
      </text>
    </g>
  );
}

/** Those of RoleShape, inside a drawing. */
function BadgeShape({ state }: { readonly state: Badge['state'] }): ReactNode {
  const className = classes.badgeShape;
  switch (state) {
    case 'LEADING':
      return <path className={className} d="M13 5.6 17.6 14H8.4z" />;
    case 'FOLLOWING':
      return <circle className={className} cx={13} cy={10} r={4} />;
    case 'OBSERVING':
      return <circle className={classes.badgeRing} cx={13} cy={10} r={3.8} strokeDasharray="2 1.4" />;
    case 'LOOKING':
      return (
        <>
          <circle className={classes.badgeRing} cx={13} cy={10} r={3.8} />
          <path className={className} d="M13 6.2a3.8 3.8 0 0 0 0 7.6z" />
        </>
      );
    case 'loss':
      return <path className={classes.badgeCross} d="M9.5 6.5l7 7m0-7-7 7" />;
  }
}

/** Between an arrow's ends and the lanes. */
const LANE_SPACE = 3;

function MessageArrows({
  row,
  layout,
  leader,
  y,
}: {
  readonly row: MessageRow;
  readonly layout: DiagramLayout;
  readonly leader: number | null;
  readonly y: number;
}): ReactNode {
  const t = useTexts();
  const words = { t, format: useFormat() };
  const { links } = row;
  const xOf = (sid: number): number => layout.laneX.get(sid) ?? 0;
  const sides = sidesOf(row, xOf);
  const beside = besideText(row, words);
  const right = Math.max(...links.flatMap(({ from, to }) => [xOf(from), xOf(to)]));
  return (
    <>
      {links.map((link) => (
        <Arrow
          key={`${link.from} ${link.to}`}
          link={link}
          row={row}
          leader={leader}
          from={startOf(link, row, xOf)}
          to={xOf(link.to)}
          y={y + 5}
        />
      ))}
      <text
        className={row.isImplied ? classes.impliedLabel : classes.label}
        x={sides.labelX}
        y={y - 1}
        textAnchor="middle"
      >
        {labelOf(row, words)}
      </text>
      {beside !== null && (
        <text className={classes.note} x={right + BESIDE_GAP} y={y + 8}>
          {beside}
        </text>
      )}
    </>
  );
}

/** Nothing is heard of a vote beyond where it was heard: there the arrow of that one ends and the dashed one begins. */
function startOf(link: Link, { links, message }: MessageRow, xOf: (sid: number) => number): number {
  const from = xOf(link.from);
  if (message.kind !== 'vote' || link.verdict !== null) return from;
  const side = Math.sign(xOf(link.to) - from);
  const heard = links
    .filter(({ verdict, to }) => verdict !== null && Math.sign(xOf(to) - from) === side)
    .map(({ to }) => xOf(to));
  return heard.length === 0 ? from : side * Math.max(...heard.map((x) => x * side));
}

/** The label stands beside the one that all its arrows share, on the side where most of them are. */
function sidesOf({ links }: MessageRow, xOf: (sid: number) => number): { readonly labelX: number } {
  const [first] = links;
  if (first === undefined) return { labelX: 0 };
  const isFan = links.every(({ from }) => from === first.from);
  const hub = xOf(isFan ? first.from : first.to);
  const heard = links.filter(({ atMs, verdict }) => atMs !== null || verdict !== null);
  const ends = (heard.length > 0 ? heard : links).map(({ from, to }) => xOf(isFan ? to : from));
  const nearest = ends.toSorted((x, y) => Math.abs(x - hub) - Math.abs(y - hub))[0] ?? hub;
  return { labelX: (hub + nearest) / 2 };
}

interface ArrowProps {
  readonly link: Link;
  readonly row: MessageRow;
  readonly leader: number | null;
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

function Arrow({ link, row, leader, from, to, y }: ArrowProps): ReactNode {
  const direction = Math.sign(to - from);
  const isUnheard = row.message.kind === 'vote' && link.verdict === null;
  const end = to - direction * (isUnheard ? 10 : LANE_SPACE);
  const tip = isUnheard ? undefined : `url(#election-tip${isTaken(link) ? '' : '-open'})`;
  return (
    <g className={classNames(classes.arrow, arrowClass(row, link, leader))}>
      <line x1={from + direction * LANE_SPACE} y1={y} x2={end} y2={y} markerEnd={tip} />
      {isUnheard && <path d={`M${end - 4} ${y - 4}l8 8m0-8-8 8`} />}
    </g>
  );
}

/** A vote that changed nothing where it was heard has an open tip. */
function isTaken({ verdict }: Link): boolean {
  switch (verdict) {
    case null:
    case 'accepted':
    case 'counted':
    case 'newer-round':
    case 'established':
      return true;
    case 'worse':
    case 'stale':
    case 'no-voter':
    case 'untrusted':
    case 'not-looking':
      return false;
  }
}

function arrowClass(
  { message, isImplied }: MessageRow,
  { verdict }: Link,
  leader: number | null,
): string | undefined {
  if (isImplied) return classes.implied;
  switch (message.kind) {
    case 'vote':
      if (verdict === null) return classes.unheard;
      if (verdict !== 'accepted' && verdict !== 'counted' && verdict !== 'newer-round') return undefined;
      return message.vote?.leader === leader ? classes.ofLeader : classes.taken;
    case 'LEADERINFO':
    case 'sync':
    case 'NEWLEADER':
    case 'UPTODATE':
      return classes.ofLeader;
    case 'FOLLOWERINFO':
    case 'ACKEPOCH':
    case 'ACK':
      return undefined;
  }
}

export function ArrowTips(): ReactNode {
  return (
    <defs>
      <marker
        id="election-tip"
        viewBox="0 0 8 8"
        refX="7.5"
        refY="4"
        markerWidth="8"
        markerHeight="8"
        orient="auto"
        markerUnits="userSpaceOnUse"
      >
        <path d="M0 .5 7.5 4 0 7.5z" fill="context-stroke" />
      </marker>
      <marker
        id="election-tip-open"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="8"
        markerHeight="8"
        orient="auto"
        markerUnits="userSpaceOnUse"
      >
        <path d="M.8 .8 7 4 .8 7.2" fill="none" stroke="context-stroke" strokeWidth="1.2" />
      </marker>
    </defs>
  );
}
