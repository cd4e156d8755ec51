/**
 * JSON shown with indentation and written back the way it was. Works on tokens as they are spelled and never on parsed
 * values, so numbers beyond 2^53, duplicate keys, escapes and the order of keys stay exactly what they were.
 */

/** How a machine wrote JSON on one line. */
export type JsonStyle =
  /** `{"a":1,"b":[2,3]}` */
  | 'minified'
  /** `{"a": 1, "b": [2, 3]}`, as Python's json.dumps writes it. */
  | 'spaced';

const STYLES: readonly JsonStyle[] = ['minified', 'spaced'];

/** Deeper than this is shown as it is: an indented form would only be pushed out of sight. */
const DEPTH_MAX = 200;

/** Why a text is not JSON: the offset of the first character that cannot stand there. */
export interface JsonProblem {
  readonly offset: number;
}

export type JsonTokens =
  | { readonly isJson: true; readonly tokens: readonly string[] }
  | { readonly isJson: false; readonly problem: JsonProblem };

const WHITESPACE = /[ \t\r\n]*/y;
/** Anything but quotes, backslashes and control characters, or one of the escapes. */
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;

type Expecting = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

/** Takes a text apart into the tokens of one JSON value (RFC 8259), white space dropped. */
export function tokenizeJson(text: string): JsonTokens {
  const tokens: string[] = [];
  const open: ('{' | '[')[] = [];
  let expecting: Expecting = 'value';
  let at = 0;

  const scan = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  const afterValue = (): Expecting => (open.length === 0 ? 'nothing' : 'comma-or-end');

  for (;;) {
    at += scan(WHITESPACE).length;
    if (at >= text.length) break;
    const char = text.charAt(at);
    let token = '';
    switch (expecting) {
      case 'value':
      case 'value-or-end':
        if (char === '{' || char === '[') {
          token = char;
          if (open.length >= DEPTH_MAX) return { isJson: false, problem: { offset: at } };
          open.push(char);
          expecting = char === '{' ? 'key-or-end' : 'value-or-end';
        } else if (char === ']' && expecting === 'value-or-end') {
          token = char;
          open.pop();
          expecting = afterValue();
        } else {
          token = scan(STRING) || scan(NUMBER) || scan(WORD);
          expecting = afterValue();
        }
        break;
      case 'key':
      case 'key-or-end':
        if (char === '}' && expecting === 'key-or-end') {
          token = char;
          open.pop();
          expecting = afterValue();
        } else {
          token = scan(STRING);
          expecting = 'colon';
        }
        break;
      case 'colon':
        token = char === ':' ? char : '';
        expecting = 'value';
        break;
      case 'comma-or-end':
        if (char === ',') {
          token = char;
          expecting = open.at(-1) === '{' ? 'key' : 'value';
        } else if (char === (open.at(-1) === '{' ? '}' : ']')) {
          token = char;
          open.pop();
          expecting = afterValue();
        }
        break;
      case 'nothing':
        break;
    }
    if (token === '') return { isJson: false, problem: { offset: at } };
    tokens.push(token);
    at += token.length;
  }
  return expecting === 'nothing'
    ? { isJson: true, tokens }
    : { isJson: false, problem: { offset: text.length } };
}

/** One line, in a machine's style. */
export function writeJson(tokens: readonly string[], style: JsonStyle): string {
  if (style === 'minified') return tokens.join('');
  return tokens.map((token) => (token === ',' || token === ':' ? `${token} ` : token)).join('');
}

/** Indented by two spaces, one member a line; empty objects and lists stay on theirs. */
export function indentJson(tokens: readonly string[]): string {
  const parts: string[] = [];
  let depth = 0;
  const newline = (): void => void parts.push(`\n${'  '.repeat(depth)}`);
  for (const [at, token] of tokens.entries()) {
    const isEmptyEnd = tokens[at - 1] === '{' || tokens[at - 1] === '[';
    if (token === '}' || token === ']') {
      depth -= 1;
      if (!isEmptyEnd) newline();
    }
    parts.push(token === ':' ? ': ' : token);
    if (token === '{' || token === '[') depth += 1;
    const next = tokens[at + 1];
    const opensContent = (token === '{' || token === '[') && next !== '}' && next !== ']';
    if (token === ',' || opensContent) newline();
  }
  return parts.join('');
}

/** The machine's style that `text` is written in, or undefined when writing it again would change a character. */
export function jsonStyleOf(text: string, tokens: readonly string[]): JsonStyle | undefined {
  return STYLES.find((style) => writeJson(tokens, style) === text);
}
