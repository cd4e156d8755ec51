/** The picture of an ensemble: its servers, the links between them, and the sides of a partition. */
import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useMemo } from 'react';
import type { EnsembleDto, EnsembleLiveDto, LinkDto } from '../../../shared/api/ensembles.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { AddServerMenu } from './add-server-menu.tsx';
import { type Box, type Layout, type PlacedSide, edgeOf, layoutOf, placeSigns, signBox } from './layout.ts';
import { LinkSign } from './link-sign.tsx';
import { isWhole, sidesOf } from './partition.ts';
import { ServerCard } from './server-card.tsx';
import classes from './canvas.module.css';

/** Below it words could not be read; then the picture scrolls. */
const SCALE_MIN = 0.7;

const ORIGIN = { x: 0, y: 0 };

interface CanvasProps {
  readonly ensemble: EnsembleDto;
  readonly live: EnsembleLiveDto | null;
  /** Drawn over the links and under the cards, in the picture's own coordinates; `signs` is what signs on links cover. */
  readonly children: (layout: Layout, signs: readonly Box[]) => ReactNode;
}

export function Canvas({ ensemble, live, children }: CanvasProps): ReactNode {
  const t = useTexts();
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const { sides, voterCount } = useMemo(() => sidesOf(ensemble), [ensemble]);
  const layout = useMemo(() => layoutOf(sides), [sides]);
  const signs = useMemo(() => placeSigns(ensemble.links, layout), [ensemble.links, layout]);
  const signBoxes = useMemo(() => signs.map(signBox), [signs]);
  const isMeasured = width > 0 && height > 0;
  const scale = isMeasured
    ? Math.max(SCALE_MIN, Math.min(1, width / layout.width, height / layout.height))
    : 1;
  const size = { width: layout.width * scale, height: layout.height * scale };
  return (
    <div className={classes.frame} role="group" aria-label={t('ensembles:canvas')}>
      <div className={classes.tools}>
        <AddServerMenu ensemble={ensemble} />
      </div>
      <div ref={ref} className={classes.root}>
        <div className={classes.fitted} style={size}>
          <div
            className={classes.picture}
            style={{ width: layout.width, height: layout.height, transform: `scale(${scale})` }}
          >
            {sides.length > 1 &&
              layout.sides.map((placed) => (
                <SideFrame key={placed.side.sids.join()} placed={placed} voterCount={voterCount} />
              ))}
            <svg className={classes.lines} width={layout.width} height={layout.height} aria-hidden>
              {ensemble.links.map((link) => (
                <LinkLine key={keyOf(link)} link={link} layout={layout} />
              ))}
              {children(layout, signBoxes)}
            </svg>
            {ensemble.servers.map((server) => {
              const box = layout.cards.get(server.sid);
              return (
                box && (
                  <ServerCard
                    key={server.sid}
                    ensemble={ensemble}
                    server={server}
                    live={live?.servers.find(({ sid }) => sid === server.sid)}
                    box={box}
                    isCompact={layout.isCompact}
                  />
                )
              );
            })}
            {ensemble.links.map((link, index) => (
              <LinkSign
                key={keyOf(link)}
                ensemble={ensemble}
                link={link}
                at={signs[index] ?? ORIGIN}
                isQuiet={layout.isCompact}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

function keyOf({ a, b }: LinkDto): string {
  return `${a}-${b}`;
}

function endsOf({ a, b }: LinkDto, { cards }: Layout): readonly [Box, Box] | undefined {
  const [from, to] = [cards.get(a), cards.get(b)];
  return from === undefined || to === undefined ? undefined : [from, to];
}

function LinkLine({ link, layout }: { readonly link: LinkDto; readonly layout: Layout }): ReactNode {
  const ends = endsOf(link, layout);
  if (ends === undefined) return null;
  const [start, end] = [edgeOf(ends[0], ends[1]), edgeOf(ends[1], ends[0])];
  return (
    <line
      x1={start.x}
      y1={start.y}
      x2={end.x}
      y2={end.y}
      className={classNames(classes.line, !isWhole(link) && classes.cutLine)}
    />
  );
}

/** Around the servers that reach each other, with what it means for clients. */
function SideFrame({
  placed: { side, frame },
  voterCount,
}: {
  readonly placed: PlacedSide;
  readonly voterCount: number;
}): ReactNode {
  const t = useTexts();
  const { voterCount: here, hasQuorum } = side;
  const values = { here, voters: voterCount };
  return (
    <div
      className={classNames(classes.side, hasQuorum ? classes.quorum : classes.minority)}
      style={{ left: frame.x, top: frame.y, width: frame.width, height: frame.height }}
    >
      {t(hasQuorum ? 'ensembles:side.quorum' : 'ensembles:side.noQuorum', values)}
    </div>
  );
}
