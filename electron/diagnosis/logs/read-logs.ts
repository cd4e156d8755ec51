/**
 * Reads the log files of one or several servers to events on one time line. Files of one server follow each other by the times
 * in them, whatever their names say; servers' clocks are aligned by the messages that they exchanged. Reads each file twice:
 * its begin, to learn whose and from when it is, and then all of it. Memory holds events, not lines.
 */
import type { ServerEventDto } from '../../../shared/api/server-events.ts';
import { type ClockOffset, estimateOffsets } from './clock-offsets.ts';
import { ELECTION_RULES } from './election-rules.ts';
import { LogClock, type LogTiming, zoneRule } from './log-clock.ts';
import { type LineCounts, LogRecords } from './log-records.ts';
import { RuleBook } from './log-rules.ts';
import { type TextEnd, readLines } from './log-text.ts';
import { messagePairs } from './message-pairs.ts';
import { ROLE_RULES } from './role-rules.ts';
import { type LogEvent, ServerStory } from './server-story.ts';
import { SESSION_RULES } from './session-rules.ts';
import { STORAGE_RULES } from './storage-rules.ts';
import { SYNC_RULES } from './sync-rules.ts';

export interface LogFile {
  readonly name: string;
  /** As stored, compressed or not. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Whose it is, where the log does not say it itself. */
  readonly sid?: number | undefined;
  readonly open: () => AsyncIterable<Uint8Array>;
}

export interface LogProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly lines: number;
}

export interface ReadLogsOptions {
  /** Of times that are written without one, as `Europe/Berlin` or `+02:00`; that of this machine when left out. */
  readonly timeZone?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LogProgress) => void) | undefined;
}

export interface ReadFile extends LineCounts, TextEnd {
  readonly name: string;
  /** Null in a file without a record. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly timing: LogTiming;
}

export interface LoggedServer {
  readonly sid: number;
  readonly version: string | null;
  readonly files: readonly ReadFile[];
  /** Against the first of the servers. */
  readonly clock: ClockOffset;
  /** Of events that were too many to keep. */
  readonly droppedCount: number;
}

export interface LogReading {
  readonly servers: readonly LoggedServer[];
  /** Files that do not say which server wrote them, and nobody else did. */
  readonly unassigned: readonly ReadFile[];
  /** Of all servers, by time on the clock of the first of them. */
  readonly events: readonly ServerEventDto[];
}

const RULES = new RuleBook([ROLE_RULES, ELECTION_RULES, SYNC_RULES, SESSION_RULES, STORAGE_RULES]);
/** Of the begin of a file, as stored; servers say who they are sooner. */
const SNIFF_BYTES = 262_144;

/** Throws what opening and reading files throws, the signal's reason, and RangeError for a time zone that there is not. */
export async function readLogs(
  files: readonly LogFile[],
  options: ReadLogsOptions = {},
): Promise<LogReading> {
  const reader = new LogReader(files, options);
  const heads: FileHead[] = [];
  for (const file of files) heads.push(await reader.readHead(file));
  const logs: ServerLog[] = [];
  for (const group of groupsOf(heads)) logs.push(await reader.readServer(group));
  return align(joinLate(logs));
}

interface FileHead {
  readonly file: LogFile;
  readonly sid: number | null;
  readonly firstMs: number;
}

interface ServerLog {
  readonly sid: number | null;
  readonly version: string | null;
  readonly files: readonly ReadFile[];
  readonly events: readonly LogEvent[];
  readonly droppedCount: number;
}

/** Those of one server together, in the order of time; each that does not say whose it is by itself. */
function groupsOf(heads: readonly FileHead[]): FileHead[][] {
  const groups = grouped(heads, ({ sid, file }) => sid ?? file);
  return [...groups.values()].map((group) => group.toSorted((x, y) => x.firstMs - y.firstMs));
}

class LogReader {
  readonly #options: ReadLogsOptions;
  readonly #zone: (wallMs: number) => number;
  readonly #bytesTotal: number;
  #bytesRead = 0;
  #lines = 0;

  constructor(files: readonly LogFile[], options: ReadLogsOptions) {
    this.#options = options;
    this.#zone = zoneRule(options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone);
    this.#bytesTotal = files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async readHead(file: LogFile): Promise<FileHead> {
    const clock = new LogClock(this.#zone);
    const story = new ServerStory();
    let firstMs: number | undefined;
    const records = new LogRecords((record) => {
      const atMs = clock.timeOf(record.stamp);
      firstMs ??= atMs;
      if (record.sid !== null) story.onSid(record.sid);
      RULES.apply(story, record, atMs);
    });
    let bytes = 0;
    await readLines(file.open(), {
      signal: this.#options.signal,
      onLine: (line) => {
        records.onLine(line);
      },
      onBytes: (count) => (bytes += count),
      isDone: () => bytes >= SNIFF_BYTES,
    });
    records.finish();
    const shiftMs = clock.timing === 'dated' ? 0 : file.modifiedMs;
    return { file, sid: story.sid ?? file.sid ?? null, firstMs: (firstMs ?? 0) + shiftMs };
  }

  async readServer(heads: readonly FileHead[]): Promise<ServerLog> {
    const story = new ServerStory();
    const [head] = heads;
    if (head && head.sid !== null) story.onSid(head.sid);
    const files: ReadFile[] = [];
    for (const { file } of heads) files.push(await this.#readFile(file, story));
    const { sid, version, events, droppedCount } = story;
    return { sid, version, files, events, droppedCount };
  }

  async #readFile(file: LogFile, story: ServerStory): Promise<ReadFile> {
    const clock = new LogClock(this.#zone);
    let firstMs: number | null = null;
    let lastMs: number | null = null;
    const firstEvent = story.toldCount;
    const records = new LogRecords((record) => {
      lastMs = clock.timeOf(record.stamp);
      firstMs ??= lastMs;
      if (record.sid !== null) story.onSid(record.sid);
      RULES.apply(story, record, lastMs);
    });
    const end = await readLines(file.open(), {
      signal: this.#options.signal,
      onLine: (line) => {
        records.onLine(line);
        this.#lines++;
      },
      onBytes: (count) => {
        this.#onBytes(count);
      },
    });
    records.finish();
    const shiftMs = clock.shiftMs(file.modifiedMs);
    if (shiftMs !== 0) story.shift(firstEvent, shiftMs);
    const { counts } = records;
    const shifted = (ms: number | null): number | null => (ms === null ? null : ms + shiftMs);
    return {
      name: file.name,
      ...counts,
      ...end,
      firstMs: shifted(firstMs),
      lastMs: shifted(lastMs),
      timing: clock.timing,
    };
  }

  #onBytes(count: number): void {
    this.#bytesRead += count;
    this.#options.onProgress?.({
      bytesRead: this.#bytesRead,
      bytesTotal: this.#bytesTotal,
      lines: this.#lines,
    });
  }
}

/** Files that said only later than in their begin whose they are. */
function joinLate(logs: readonly ServerLog[]): ServerLog[] {
  const groups = grouped(logs, (log) => log.sid ?? log);
  return [...groups.values()].map((group) => {
    const sorted = group.toSorted((x, y) => startOf(x) - startOf(y));
    return {
      sid: sorted[0]?.sid ?? null,
      version: sorted.findLast(({ version }) => version !== null)?.version ?? null,
      files: sorted.flatMap(({ files }) => files),
      events: sorted.flatMap(({ events }) => events),
      droppedCount: sorted.reduce((sum, { droppedCount }) => sum + droppedCount, 0),
    };
  });
}

function startOf({ files }: ServerLog): number {
  return files[0]?.firstMs ?? 0;
}

function align(logs: readonly ServerLog[]): LogReading {
  const known = logs
    .flatMap((log) => (log.sid === null ? [] : [{ ...log, sid: log.sid }]))
    .sort((x, y) => x.sid - y.sid);
  const events = known.flatMap((log) => {
    return log.events.map((event): ServerEventDto => ({ ...event, seq: 0, sid: log.sid }));
  });
  const offsets = estimateOffsets(
    known.map(({ sid }) => sid),
    messagePairs(events),
  );
  const offsetOf = new Map(offsets.map((offset) => [offset.sid, offset]));
  return {
    servers: known.map(({ sid, version, files, droppedCount }) => {
      const clock = offsetOf.get(sid) ?? { sid, offsetMs: 0, uncertaintyMs: null, isSteady: true };
      return { sid, version, files, droppedCount, clock };
    }),
    unassigned: logs.flatMap((log) => (log.sid === null ? log.files : [])),
    events: events
      .map((event) => ({ ...event, atMs: event.atMs - (offsetOf.get(event.sid)?.offsetMs ?? 0) }))
      .sort((x, y) => x.atMs - y.atMs)
      .map((event, index) => ({ ...event, seq: index + 1 })),
  };
}

function grouped<T>(members: readonly T[], keyOf: (member: T) => unknown): Map<unknown, T[]> {
  const groups = new Map<unknown, T[]>();
  for (const member of members) {
    const key = keyOf(member);
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return groups;
}
