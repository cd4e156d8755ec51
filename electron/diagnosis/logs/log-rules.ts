/**
 * How messages become events: rules by the class that speaks, tried in order. A rule names what its messages begin with, which
 * is cheap to look for, and the pattern of the rest. Messages that no rule is for cost one look-up.
 */
import type { LogRecord } from './log-records.ts';
import type { ServerStory } from './server-story.ts';

export interface Told {
  readonly story: ServerStory;
  readonly record: LogRecord;
  readonly atMs: number;
  /** What the pattern captured, '' where it captured nothing. */
  readonly groups: readonly string[];
}

export interface LogRule {
  readonly begins: string;
  /** Of the whole message; without one, its begin is enough. */
  readonly pattern?: RegExp;
  readonly tell: (told: Told) => void;
}

/** By class, without its package. */
export type LogRules = Readonly<Record<string, readonly LogRule[]>>;

export class RuleBook {
  readonly #rules = new Map<string, LogRule[]>();

  constructor(sets: readonly LogRules[]) {
    for (const set of sets) {
      for (const [speaker, rules] of Object.entries(set)) {
        this.#rules.set(speaker, [...(this.#rules.get(speaker) ?? []), ...rules]);
      }
    }
  }

  /** Whether a rule was for it. */
  apply(story: ServerStory, record: LogRecord, atMs: number): boolean {
    for (const { begins, pattern, tell } of this.#rules.get(record.speaker) ?? []) {
      if (!record.message.startsWith(begins)) continue;
      const match = pattern === undefined ? [] : pattern.exec(record.message);
      if (match === null) continue;
      tell({ story, record, atMs, groups: match.slice(1).map((group: string | undefined) => group ?? '') });
      return true;
    }
    return false;
  }
}
