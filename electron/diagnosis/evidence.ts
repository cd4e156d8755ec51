/** Evidence in the form of findings, and the words that several deciders share. Pure. */
import type { Finding } from '../../shared/api/findings.ts';

export type Evidence = Finding['evidence'][number];

/** The shell's clock counts fractions; findings do not. */
export function iso(atMs: number): string {
  return new Date(Math.round(atMs)).toISOString();
}

export function fact(atMs: number | undefined, source: string, text: string): Evidence {
  return { at: atMs === undefined ? null : iso(atMs), source, fact: text };
}

/** `3.2 s`, `450 ms` */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export const CLIENT_PORT = 'client port';
