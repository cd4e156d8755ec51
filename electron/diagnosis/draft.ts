/**
 * A finding as deciders make it: facts and sentences, no text. `toFinding` spells it out. Times are those of Zabra's clock.
 * Pure.
 */
import type { Finding } from '../../shared/api/findings.ts';
import { type Sentence, say } from '../../shared/api/sentences.ts';
import { inEnglish } from '../../shared/english-sentences.ts';

export interface Fact {
  readonly atMs: number | null;
  readonly source: Sentence;
  readonly fact: Sentence;
}

interface Spelled {
  readonly answer: Sentence;
  readonly evidence: readonly Fact[];
  readonly hidden: readonly Sentence[];
}

/** Each kind keeps its own causes. */
export type Draft = Finding extends infer Each
  ? Each extends Finding
    ? Pick<Each, 'id' | 'kind' | 'subject' | 'cause' | 'confidence'> & { readonly atMs: number } & Spelled
    : never
  : never;
export type DraftOf<Kind extends Finding['kind']> = Extract<Draft, { kind: Kind }>;

export function toFinding({ atMs, answer, evidence, hidden, ...rest }: Draft): Finding {
  return {
    ...rest,
    at: iso(atMs),
    answer: inEnglish(answer),
    evidence: evidence.map((member) => ({
      at: member.atMs === null ? null : iso(member.atMs),
      source: inEnglish(member.source),
      fact: inEnglish(member.fact),
      words: { source: member.source, fact: member.fact },
    })),
    hidden: hidden.map(inEnglish),
    words: { answer, hidden: [...hidden] },
  };
}

export function fact(atMs: number | null | undefined, source: Sentence, text: Sentence): Fact {
  return { atMs: atMs ?? null, source, fact: text };
}

/** The shell's clock counts fractions; findings do not. */
export function iso(atMs: number): string {
  return new Date(Math.round(atMs)).toISOString();
}

export const CLIENT_PORT = say('source.client-port', {});

export function eventsOf(server: string | number): Sentence {
  return say('source.events', { server: String(server) });
}

export function pathSource(path: string): Sentence {
  return say('source.path', { path });
}
