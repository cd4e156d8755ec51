/**
 * Joins the lines of one file to records: a line by one of the known patterns, and the exception that follows it. Counts what
 * fits nowhere. Pure, and keeps no more than the one record that is under way.
 */
import { type LogLine, readLogLine } from './log-line.ts';

export interface LogRecord extends LogLine {
  /** First line of the stack trace behind it: class and message of the exception. */
  readonly exception: string | null;
}

export interface LineCounts {
  readonly lines: number;
  /** Neither a record nor what may follow one. */
  readonly unknownLines: number;
}

const EXCEPTION = /^(?:[\w$]+\.)*[\w$]*(?:Exception|Error|Throwable|Signal)\b/;
/** Stack traces, pauses of the JVM, and the configuration, which is printed over several lines. */
const FOLLOWS = /^(?:\s|Caused by:|Suppressed:|GC pool |No GCs detected|server\.\d+=|version=|\]|$)/;

export class LogRecords {
  readonly #onRecord: (record: LogRecord) => void;
  #line: LogLine | undefined;
  #exception: string | null = null;
  #lines = 0;
  #unknownLines = 0;

  constructor(onRecord: (record: LogRecord) => void) {
    this.#onRecord = onRecord;
  }

  get counts(): LineCounts {
    return { lines: this.#lines, unknownLines: this.#unknownLines };
  }

  onLine(text: string): void {
    this.#lines++;
    // Stack traces are most of some logs, and cost nothing here.
    if (text.startsWith('\t')) return;
    const line = readLogLine(text);
    if (line) {
      this.finish();
      this.#line = line;
    } else if (EXCEPTION.test(text)) {
      this.#exception ??= text;
    } else if (this.#line === undefined || !FOLLOWS.test(text)) {
      this.#unknownLines++;
    }
  }

  /** There are no more lines. */
  finish(): void {
    const line = this.#line;
    const exception = this.#exception;
    this.#line = undefined;
    this.#exception = null;
    if (line) this.#onRecord({ ...line, exception });
  }
}
