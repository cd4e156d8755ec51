/**
 * Two panes and a divider that is dragged, or moved by arrow keys (16 px a press, Shift 64; Home and End for the
 * limits; a double click restores the default). The size belongs to the caller, who keeps it.
 */
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.ts';
import { classNames } from './class-names.ts';
import classes from './split-pane.module.css';

interface SplitPaneProps {
  /** Which pane has `size`: the other takes what is left. */
  readonly sized: 'first' | 'second';
  /** `columns` side by side, `rows` on top of each other. */
  readonly direction: 'columns' | 'rows';
  /** Pixels. */
  readonly size: number;
  readonly sizeMin: number;
  readonly sizeMax: number;
  readonly sizeDefault: number;
  /** What is resized, as the divider's name: "tree". */
  readonly what: string;
  readonly onResize: (size: number) => void;
  readonly first: ReactNode;
  readonly second: ReactNode;
}

const STEP_PX = 16;
const BIG_STEP_PX = 64;

export function SplitPane(props: SplitPaneProps): ReactNode {
  const { sized, direction, size, first, second } = props;
  const style = { flexBasis: size };
  return (
    <div className={classNames(classes.root, classes[direction])}>
      <div
        className={sized === 'first' ? classes.sized : classes.rest}
        style={sized === 'first' ? style : undefined}
      >
        {first}
      </div>
      <Divider {...props} />
      <div
        className={sized === 'second' ? classes.sized : classes.rest}
        style={sized === 'second' ? style : undefined}
      >
        {second}
      </div>
    </div>
  );
}

function Divider({
  sized,
  direction,
  size,
  sizeMin,
  sizeMax,
  sizeDefault,
  what,
  onResize,
}: SplitPaneProps): ReactNode {
  const t = useTexts();
  const sign = sized === 'first' ? 1 : -1;
  const resize = (wanted: number): void => {
    onResize(Math.round(Math.min(sizeMax, Math.max(sizeMin, wanted))));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = (event.shiftKey ? BIG_STEP_PX : STEP_PX) * sign;
    const [less, more] = direction === 'columns' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key === less) resize(size - step);
    else if (event.key === more) resize(size + step);
    else if (event.key === 'Home') resize(sizeMin);
    else if (event.key === 'End') resize(sizeMax);
    else return;
    event.preventDefault();
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    const divider = event.currentTarget;
    const at = (move: { clientX: number; clientY: number }): number =>
      direction === 'columns' ? move.clientX : move.clientY;
    const start = at(event);
    divider.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent): void => {
      resize(size + (at(move) - start) * sign);
    };
    divider.addEventListener('pointermove', onMove);
    divider.addEventListener(
      'lostpointercapture',
      () => {
        divider.removeEventListener('pointermove', onMove);
      },
      { once: true },
    );
  };

  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={t('split.resize', { what })}
      aria-orientation={direction === 'columns' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={sizeMin}
      aria-valuemax={sizeMax}
      className={classes.divider}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onDoubleClick={() => {
        resize(sizeDefault);
      }}
    />
  );
}
