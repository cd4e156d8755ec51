/** Binds the formats of format.ts to the person's language, and to a clock that makes relative times move. */
import { useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, formatDuration, formatRelative, formatTime } from './format.ts';

export interface Format {
  readonly language: Language;
  /** `30 s`, `4 min 12 s`. */
  duration: (durationMs: number) => string;
  /** `12:04:11.204` today, `20 Nov 16:02` before. */
  time: (atMs: number) => string;
  /** `3 min ago`, as of now: a component that shows it re-renders by {@link useNow}. */
  relative: (atMs: number) => string;
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.resolvedLanguage === 'zh-CN' ? 'zh-CN' : 'en';
}

/** The formats that depend on the language; the others are plain functions of format.ts. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(
    () => ({
      language,
      duration: (durationMs) => formatDuration(durationMs, language),
      time: (atMs) => formatTime(atMs, language, Date.now()),
      relative: (atMs) => formatRelative(atMs, language, Date.now()),
    }),
    [language],
  );
}

/** The present time, and a new render every `stepMs`: for countdowns and relative times. */
export function useNow(stepMs = 1_000): number {
  const clock = useMemo(() => steppingClock(stepMs), [stepMs]);
  return useSyncExternalStore(clock.subscribe, clock.now);
}

/** A clock that stands still between its steps, as useSyncExternalStore demands of a snapshot. */
function steppingClock(stepMs: number): { subscribe: (onStep: () => void) => () => void; now: () => number } {
  let nowMs = Date.now();
  return {
    subscribe: (onStep) => {
      const timer = setInterval(() => {
        nowMs = Date.now();
        onStep();
      }, stepMs);
      return () => {
        clearInterval(timer);
      };
    },
    now: () => nowMs,
  };
}
