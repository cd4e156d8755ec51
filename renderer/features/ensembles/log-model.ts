/** The log of an ensemble in the page: what came, bounded, and what of it is to be seen. Pure. */
import type { LogBatch, LogLineDto } from '../../../shared/api/ensembles.ts';

const LINES_MAX = 10_000;

export interface LogState {
  readonly lines: readonly LogLineDto[];
  readonly droppedCount: number;
}

export const EMPTY_LOG: LogState = { lines: [], droppedCount: 0 };

export function withBatch(state: LogState, { isFirst, lines, droppedCount }: LogBatch): LogState {
  const before = isFirst ? EMPTY_LOG : state;
  const all = [...before.lines, ...lines];
  const goneCount = Math.max(0, all.length - LINES_MAX);
  return { lines: all.slice(goneCount), droppedCount: before.droppedCount + droppedCount + goneCount };
}

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

export interface LogQuestion {
  /** Null for all; what was done to the ensemble is always seen. */
  readonly sid: number | null;
  readonly levelMin: Level;
  readonly text: string;
}

export const EVERYTHING: LogQuestion = { sid: null, levelMin: 'info', text: '' };

export function seenLines(lines: readonly LogLineDto[], question: LogQuestion): readonly LogLineDto[] {
  const text = question.text.trim().toLowerCase();
  const levelMin = LEVELS.indexOf(question.levelMin);
  return lines.filter(
    ({ sid, level, message }) =>
      (question.sid === null || sid === null || sid === question.sid) &&
      LEVELS.indexOf(level) >= levelMin &&
      (text === '' || message.toLowerCase().includes(text)),
  );
}

/** As a text to keep: one line each, times in UTC. */
export function logText(lines: readonly LogLineDto[]): string {
  return lines
    .map(({ atMs, sid, level, message }) => {
      const who = sid === null ? 'lab' : `server ${sid}`;
      return `${new Date(atMs).toISOString()} ${who.padEnd(9)} ${level.toUpperCase().padEnd(5)} ${message}\n`;
    })
    .join('');
}
