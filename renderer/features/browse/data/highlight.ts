/** Colours single lines of JSON where no editor runs: the panes of a conflict. Any text comes out whole. */

export type TokenKind = 'key' | 'string' | 'number' | 'const' | 'punct' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const TOKEN =
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<const>\b(?:true|false|null)\b)|(?<punct>[{}[\],:]+)/g;

const KINDS = ['key', 'string', 'number', 'const', 'punct'] as const;

export function highlightJson(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > at) tokens.push({ kind: 'plain', text: line.slice(at, match.index) });
    const kind = KINDS.find((name) => match.groups?.[name] !== undefined) ?? 'plain';
    tokens.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) tokens.push({ kind: 'plain', text: line.slice(at) });
  return tokens;
}

/** Where two lines differ, as offsets in `line`: what lies between their common head and tail. */
export function changedPart(line: string, other: string): { start: number; end: number } {
  const shorter = Math.min(line.length, other.length);
  let start = 0;
  while (start < shorter && line.charCodeAt(start) === other.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && line.at(-1 - tail) === other.at(-1 - tail)) tail++;
  return { start, end: line.length - tail };
}
