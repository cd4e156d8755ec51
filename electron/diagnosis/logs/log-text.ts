/**
 * The bytes of a log as lines: plain or gzip (by their first bytes, whatever the file is called), UTF-8 or the UTF-16 that
 * Windows writes, with or without a byte order mark, either kind of line end. A line is kept up to 64 KiB. A gzip file that
 * ends too early is read as far as it goes.
 */
import { Readable, pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';

export interface TextEnd {
  /** It ended in the middle: of a compressed file, or of a line. */
  readonly isCutOff: boolean;
  readonly longLines: number;
}

export interface LineReader {
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** So many bytes of the file, compressed ones, have been read; whoever reads lets others run in between. */
  readonly onBytes?: (count: number) => void;
  /** True when the rest of the file is not wanted. */
  readonly isDone?: () => boolean;
}

const LINE_CHARS_MAX = 65_536;
const GZIP = [0x1f, 0x8b] as const;

/** Reads to the end. Throws what reading the file throws, and the signal's reason when it is aborted. */
export async function readLines(chunks: AsyncIterable<Uint8Array>, reader: LineReader): Promise<TextEnd> {
  const iterator = counted(chunks, reader);
  const { value: first } = await iterator.next();
  if (!(first instanceof Uint8Array)) return { isCutOff: false, longLines: 0 };
  const bytes = rejoin(first, iterator);
  if (first[0] !== GZIP[0] || first[1] !== GZIP[1]) return splitLines(bytes, reader);
  const source = Readable.from(bytes, { objectMode: false });
  const gunzip = createGunzip();
  pipeline(source, gunzip, () => undefined);
  const splitter = new LineSplitter(reader);
  try {
    for await (const chunk of gunzip) splitter.onBytes(chunk as Uint8Array);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { ...splitter.end(), isCutOff: true };
  }
  return splitter.end();
}

/** Of the compressed data; other errors are of the file. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

async function splitLines(bytes: AsyncIterable<Uint8Array>, reader: LineReader): Promise<TextEnd> {
  const splitter = new LineSplitter(reader);
  for await (const chunk of bytes) splitter.onBytes(chunk);
  return splitter.end();
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  { signal, onBytes, isDone }: LineReader,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    onBytes?.(chunk.length);
    if (chunk.length > 0) yield chunk;
    if (isDone?.() === true) return;
  }
}

async function* rejoin(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

class LineSplitter {
  readonly #onLine: (line: string) => void;
  #decoder: TextDecoder | undefined;
  /** What came behind the last line end. */
  #rest = '';
  #isTooLong = false;
  #longLines = 0;

  constructor({ onLine }: LineReader) {
    this.#onLine = onLine;
  }

  onBytes(bytes: Uint8Array): void {
    this.#decoder ??= decoderOf(bytes);
    this.#onText(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): TextEnd {
    this.#onText(this.#decoder?.decode() ?? '');
    const isCutOff = this.#rest !== '';
    if (isCutOff) this.#tell(this.#rest);
    return { isCutOff, longLines: this.#longLines };
  }

  #onText(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const isWhole = this.#rest === '';
      this.#tell(isWhole ? text.slice(start, end) : this.#rest + text.slice(start, end));
      this.#rest = '';
      this.#isTooLong = false;
      start = end + 1;
    }
    if (!this.#isTooLong) this.#rest += text.slice(start);
    if (this.#rest.length > LINE_CHARS_MAX) {
      this.#rest = this.#rest.slice(0, LINE_CHARS_MAX);
      this.#isTooLong = true;
    }
  }

  #tell(line: string): void {
    if (line.length >= LINE_CHARS_MAX) this.#longLines++;
    const end = line.endsWith('\r') ? line.length - 1 : line.length;
    this.#onLine(line.slice(0, Math.min(end, LINE_CHARS_MAX)));
  }
}

/** Takes the byte order mark away; what is not valid becomes U+FFFD. */
function decoderOf([first, second]: Uint8Array): TextDecoder {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8');
}
