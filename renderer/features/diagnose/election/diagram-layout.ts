/**
 * Where the rows of an election's diagram stand. Rows follow each other closely, however little time lies between them; quiet
 * time is pressed together into a mark that says how long it was, so that 200 ms and 3 s are equally easy to read. Pure.
 */
import type { Diagram, DiagramRow } from './diagram-model.ts';
import type { PhaseName } from './election-phases.ts';
import { textWidth } from '../../../components/text-width.ts';

export interface PlacedRow {
  readonly index: number;
  readonly row: DiagramRow;
  /** Of its middle. */
  readonly y: number;
  /** Null where it says no more than the row above, or nobody told when it was. */
  readonly time: string | null;
}

export interface PlacedPhase {
  readonly name: PhaseName;
  readonly top: number;
  readonly bottom: number;
}

export interface PlacedPause {
  readonly y: number;
  readonly ms: number;
}

export interface DiagramLayout {
  readonly width: number;
  readonly height: number;
  readonly laneX: ReadonlyMap<number, number>;
  readonly rows: readonly PlacedRow[];
  readonly phases: readonly PlacedPhase[];
  readonly pauses: readonly PlacedPause[];
}

/** Left of the lanes: times, then the phases with their names. */
export const TIME_RIGHT = 72;
export const PHASE_LEFT = 84;
const LANES_LEFT = 200;
/** Right of the last lane: half a badge. */
const LANES_RIGHT = 70;
/** Between the last arrow of a row and what is written beside it. */
export const BESIDE_GAP = 12;
/** Of what is written beside the arrows. */
const BESIDE_FONT_PX = 11;
const LANE_GAP_MIN = 148;
const LANE_GAP_MAX = 240;
const TOP = 10;
const BADGE_ROW = 32;
const MESSAGE_ROW = 23;
const PHASE_GAP = 12;
const PAUSE_ROW = 22;
/** The name and the length of a phase need two lines. */
const PHASE_HEIGHT_MIN = 38;
/** Shorter quiet is not worth a mark. */
const PAUSE_MS_MIN = 60;

/** `besideOf` is what is written beside a row's arrows. */
export function layOut(
  { lanes, rows }: Diagram,
  widthWanted: number,
  besideOf: (row: DiagramRow) => string | null = () => null,
): DiagramLayout {
  const laneOf = new Map(lanes.map(({ sid }, index) => [sid, index]));
  const needs = rows.map((row) => ({
    lane: Math.max(...sidsOf(row).map((sid) => laneOf.get(sid) ?? 0)),
    width: BESIDE_GAP * 2 + textWidth(besideOf(row) ?? '', { fontPx: BESIDE_FONT_PX }),
  }));
  needs.push({ lane: lanes.length - 1, width: LANES_RIGHT });
  // As wide as there is room for what is written beside the arrows.
  const roomiest = Math.min(
    ...needs.map(({ lane, width }) => (lane <= 0 ? LANE_GAP_MAX : (widthWanted - LANES_LEFT - width) / lane)),
  );
  const laneGap = Math.min(LANE_GAP_MAX, Math.max(LANE_GAP_MIN, roomiest));
  const laneX = new Map(lanes.map(({ sid }, index) => [sid, LANES_LEFT + index * laneGap]));
  const placer = new Placer();
  for (const [index, row] of rows.entries()) placer.place(row, index);
  return {
    width: Math.max(widthWanted, ...needs.map(({ lane, width }) => LANES_LEFT + lane * laneGap + width)),
    laneX,
    ...placer.finish(),
  };
}

function sidsOf(row: DiagramRow): number[] {
  return row.kind === 'badges'
    ? row.badges.map(({ sid }) => sid)
    : row.links.flatMap(({ from, to }) => [from, to]);
}

class Placer {
  readonly #rows: PlacedRow[] = [];
  readonly #phases: { name: PhaseName; top: number; bottom: number }[] = [];
  readonly #pauses: PlacedPause[] = [];
  #bottom = TOP;
  /** Of the last row that has a time. */
  #timeMs: number | null = null;

  place(row: DiagramRow, index: number): void {
    const phase = this.#phaseOf(row.phase);
    const isTimed = row.kind === 'badges' || !row.isImplied;
    if (isTimed) this.#pause(row.atMs);
    const height = row.kind === 'badges' ? BADGE_ROW : MESSAGE_ROW;
    this.#rows.push({
      index,
      row,
      y: this.#bottom + height / 2,
      time: isTimed ? this.#time(row.atMs) : null,
    });
    if (isTimed) this.#timeMs = row.atMs;
    this.#bottom += height;
    phase.bottom = this.#bottom;
  }

  finish(): Pick<DiagramLayout, 'height' | 'rows' | 'phases' | 'pauses'> {
    this.#fill(this.#phases.at(-1));
    return {
      height: this.#bottom + TOP,
      rows: this.#rows,
      phases: this.#phases,
      pauses: this.#pauses,
    };
  }

  #phaseOf(name: PhaseName): { bottom: number } {
    const last = this.#phases.at(-1);
    if (last?.name === name) return last;
    this.#fill(last);
    if (last) this.#bottom += PHASE_GAP;
    const next = { name, top: this.#bottom, bottom: this.#bottom };
    this.#phases.push(next);
    return next;
  }

  #fill(phase: { top: number; bottom: number } | undefined): void {
    if (phase === undefined) return;
    phase.bottom = Math.max(phase.bottom, phase.top + PHASE_HEIGHT_MIN);
    this.#bottom = phase.bottom;
  }

  #pause(atMs: number): void {
    if (this.#timeMs === null || atMs - this.#timeMs < PAUSE_MS_MIN) return;
    this.#pauses.push({ y: this.#bottom + PAUSE_ROW / 2, ms: atMs - this.#timeMs });
    this.#bottom += PAUSE_ROW;
  }

  /** As much as differs from the row above: `53.402`, then `.405`. */
  #time(atMs: number): string | null {
    const rounded = Math.round(atMs);
    const before = this.#timeMs === null ? null : Math.round(this.#timeMs);
    if (rounded === before) return null;
    const at = new Date(rounded);
    const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
    const ms = `.${pad(at.getMilliseconds(), 3)}`;
    const unit = (size: number): number => Math.floor(rounded / size);
    if (before !== null && unit(1000) === Math.floor(before / 1000)) return ms;
    const seconds = `${pad(at.getSeconds(), 2)}${ms}`;
    if (before === null || unit(60_000) === Math.floor(before / 60_000)) return seconds;
    return `${pad(at.getMinutes(), 2)}:${seconds}`;
  }
}

/** What a row takes up, from the phases to the end. */
export function boxOf(
  { row, y }: PlacedRow,
  { width }: DiagramLayout,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const height = row.kind === 'badges' ? BADGE_ROW : MESSAGE_ROW;
  const x = PHASE_LEFT + 4;
  return { x, y: y - height / 2, width: width - x, height };
}

/** The rows between two heights, with some to spare on either side. */
export function rowsBetween(
  rows: readonly PlacedRow[],
  { top, bottom }: { readonly top: number; readonly bottom: number },
): readonly PlacedRow[] {
  return rows.filter(({ y }) => y >= top && y <= bottom);
}
