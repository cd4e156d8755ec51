/**
 * What a znode's bytes are, and how they become an editable text and bytes again. The one rule: bytes are never
 * rewritten silently. What is decoded here encodes to the same bytes, always (a property test holds it), so a text view
 * is only offered where that is true; everything else is shown as hex.
 */
import { assertNever } from '../../../../shared/assert.ts';
import { decodeUtf8, encodeUtf8, isUtf8 } from '../../../../shared/jute/utf8.ts';
import { type JsonStyle, indentJson, jsonStyleOf, tokenizeJson, writeJson } from './json-format.ts';

export type DataMode = 'text' | 'json' | 'hex';

/** How lines end. An editor knows one ending a text; a mixture would not survive it. */
export type LineEnding = 'none' | 'lf' | 'crlf' | 'mixed';

/** What is known of bytes without a person's choice. */
export interface DataKind {
  /** What to show first. */
  readonly mode: DataMode;
  readonly isUtf8: boolean;
  readonly hasBom: boolean;
  readonly lineEnding: LineEnding;
  /** Whether an editor of text gives the same bytes back. */
  readonly isTextEditable: boolean;
  readonly isJson: boolean;
  /** Set when JSON on one line may be shown indented, because it can be written back byte by byte as it was. */
  readonly jsonStyle: JsonStyle | undefined;
}

const BOM = [0xef, 0xbb, 0xbf] as const;
/** Larger texts are not taken apart to see whether they are JSON. */
const JSON_CHARS_MAX = 4 * 1024 * 1024;

export function hasBom(bytes: Uint8Array): boolean {
  return BOM.every((byte, at) => bytes[at] === byte);
}

/** Control characters that no text has; what contains one is binary to a person. */
function hasBinaryByte(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b)
      return true;
    if (byte === 0x7f) return true;
  }
  return false;
}

export function lineEndingOf(text: string): LineEnding {
  let hasLf = false;
  let hasCrLf = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x0d) {
      if (text.charCodeAt(at + 1) !== 0x0a) return 'mixed';
      hasCrLf = true;
      at++;
    } else if (unit === 0x0a) {
      hasLf = true;
    }
    if (hasLf && hasCrLf) return 'mixed';
  }
  return hasCrLf ? 'crlf' : hasLf ? 'lf' : 'none';
}

/** Looks at bytes as they are on the server. */
export function detectData(bytes: Uint8Array): DataKind {
  const isText = isUtf8(bytes);
  if (!isText || hasBinaryByte(bytes)) return { ...BINARY, isUtf8: isText };
  const isBom = hasBom(bytes);
  const text = decodeUtf8(isBom ? bytes.subarray(BOM.length) : bytes);
  const lineEnding = lineEndingOf(text);
  const json = detectJson(text);
  return {
    mode: json.isJson ? 'json' : 'text',
    isUtf8: true,
    hasBom: isBom,
    lineEnding,
    // Editors swallow a byte order mark at the start; the first one is kept aside here, a second one would be lost.
    isTextEditable: lineEnding !== 'mixed' && text.charCodeAt(0) !== 0xfeff,
    ...json,
  };
}

const BINARY: DataKind = {
  mode: 'hex',
  isUtf8: false,
  hasBom: false,
  lineEnding: 'none',
  isTextEditable: false,
  isJson: false,
  jsonStyle: undefined,
};

function detectJson(text: string): { isJson: boolean; jsonStyle: JsonStyle | undefined } {
  const first = text.trimStart().charAt(0);
  // A bare number or word is JSON too, but a person who wrote `42` did not mean a document.
  if ((first !== '{' && first !== '[') || text.length > JSON_CHARS_MAX)
    return { isJson: false, jsonStyle: undefined };
  const parsed = tokenizeJson(text);
  if (!parsed.isJson) return { isJson: false, jsonStyle: undefined };
  return { isJson: true, jsonStyle: jsonStyleOf(text, parsed.tokens) };
}

/** A text as an editor shows it, and all that is needed to make bytes of it again. */
export interface TextView {
  readonly text: string;
  /** How the editor must end lines. */
  readonly lineEnding: 'lf' | 'crlf';
  readonly hasBom: boolean;
  /** Set while JSON is shown indented: how it is written back. */
  readonly jsonStyle: JsonStyle | undefined;
}

/**
 * The text of bytes, indented where `isFormatted` asks for it and `kind` allows it. Demands `kind.isUtf8`. The line
 * endings in `text` are those of the bytes.
 */
export function viewText(bytes: Uint8Array, kind: DataKind, isFormatted: boolean): TextView {
  const isBom = hasBom(bytes);
  const raw = decodeUtf8(isBom ? bytes.subarray(BOM.length) : bytes);
  const lineEnding = kind.lineEnding === 'crlf' ? 'crlf' : 'lf';
  if (isFormatted && kind.jsonStyle !== undefined) {
    const parsed = tokenizeJson(raw);
    // The draft of a person may be no JSON at the moment, although what it started from was.
    if (parsed.isJson && writeJson(parsed.tokens, kind.jsonStyle) === raw) {
      return { text: indentJson(parsed.tokens), lineEnding: 'lf', hasBom: isBom, jsonStyle: kind.jsonStyle };
    }
    return { text: raw, lineEnding, hasBom: isBom, jsonStyle: kind.jsonStyle };
  }
  return { text: raw, lineEnding, hasBom: isBom, jsonStyle: undefined };
}

/** What an edited text becomes on the server. `isAsShown` is false when JSON is written back on one line. */
export interface EncodedText {
  readonly bytes: Uint8Array;
  readonly isAsShown: boolean;
  /** Set when the text should be JSON and is not: the offset of what cannot stand there. */
  readonly jsonProblemAt: number | undefined;
}

/** Bytes of a text that {@link viewText} made and a person edited. */
export function encodeText(text: string, view: Omit<TextView, 'text'>): EncodedText {
  const style = view.jsonStyle;
  if (style === undefined) return { bytes: withBom(text, view), isAsShown: true, jsonProblemAt: undefined };
  const parsed = tokenizeJson(text);
  if (!parsed.isJson) {
    return { bytes: withBom(text, view), isAsShown: true, jsonProblemAt: parsed.problem.offset };
  }
  return {
    bytes: withBom(writeJson(parsed.tokens, style), view),
    isAsShown: false,
    jsonProblemAt: undefined,
  };
}

function withBom(text: string, view: Pick<TextView, 'hasBom'>): Uint8Array {
  const body = encodeUtf8(text);
  if (!view.hasBom) return body;
  const bytes = new Uint8Array(BOM.length + body.length);
  bytes.set(BOM);
  bytes.set(body, BOM.length);
  return bytes;
}

/** Gives all lines one ending: the visible way out of a mixture. */
export function withLineEnding(text: string, lineEnding: 'lf' | 'crlf'): string {
  return text.replace(/\r\n|\r|\n/g, lineEnding === 'lf' ? '\n' : '\r\n');
}

/** Whether a mode can show these bytes at all. */
export function canShowAs(mode: DataMode, kind: DataKind): boolean {
  switch (mode) {
    case 'hex':
      return true;
    case 'text':
    case 'json':
      return kind.isUtf8;
    default:
      return assertNever(mode, 'mode');
  }
}

export function isSameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
