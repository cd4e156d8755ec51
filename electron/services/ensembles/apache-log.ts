/**
 * What an Apache server writes to `server.log`, read on from where one was, now and then while somebody looks. The file
 * belongs to the launcher and goes on over restarts.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { LogEntry } from './ensemble-log.ts';

const POLL_MS = 500;
const READ_BYTES_MAX = 256 * 1024;
/** Of what was written before anybody looked. */
const PAST_BYTES_MAX = 64 * 1024;

/** `2026-11-21 12:04:11,204 [main] INFO org.apache.… - text`, as slf4j-simple and Apache's own logback write it. */
const LINE =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)[,.](\d{3})\s+(.*?)\b(TRACE|DEBUG|INFO|WARN|ERROR)\b\s+(.*)$/;

const LEVELS = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<string, LogEntry['level']>;

/** One line of the log; undefined for what continues the line before (a stack trace). */
export function parseApacheLine(line: string): Omit<LogEntry, 'sid'> | undefined {
  const [, date, time, fraction, , level, rest] = LINE.exec(line) ?? [];
  if (date === undefined || level === undefined || rest === undefined) return undefined;
  // Without a zone: the JVM writes the time of this machine, as we read it.
  const atMs = new Date(`${date}T${time ?? ''}.${fraction ?? ''}`).getTime();
  // The name of the class is long and the same for all that one looks for.
  const message = rest.replace(/^(\[.*?\] )?[\w.$]*?(\w+) - /, '$2: ');
  return { atMs, level: LEVELS[level as keyof typeof LEVELS], message };
}

export class ApacheLogTail {
  readonly #file: string;
  readonly #onEntry: (entry: LogEntry) => void;
  readonly #sid: number;
  #position: number | undefined;
  #rest = '';
  #last: Omit<LogEntry, 'sid'> = { atMs: Date.now(), level: 'info', message: '' };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { sid: number; folder: string; onEntry: (entry: LogEntry) => void }) {
    this.#sid = options.sid;
    this.#file = path.join(options.folder, 'server.log');
    this.#onEntry = options.onEntry;
  }

  follow(): void {
    this.#timer ??= setInterval(() => void this.#read(), POLL_MS);
    void this.#read();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #read(): Promise<void> {
    const text = await this.#readOn();
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() === '') continue;
      const entry = parseApacheLine(line) ?? { ...this.#last, message: line };
      this.#last = entry;
      this.#onEntry({ ...entry, sid: this.#sid });
    }
  }

  /** What was written since; '' for nothing, or while there is no file. */
  async #readOn(): Promise<string> {
    let file;
    try {
      file = await open(this.#file);
    } catch {
      return '';
    }
    try {
      const { size } = await file.stat();
      const position = this.#position ?? Math.max(0, size - PAST_BYTES_MAX);
      const length = Math.min(size - position, READ_BYTES_MAX);
      // At once, so that a second read that comes meanwhile does not tell the same again.
      this.#position = position + Math.max(0, length);
      if (length <= 0) return '';
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await file.close();
    }
  }
}
