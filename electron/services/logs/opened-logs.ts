/**
 * Log files of one opening: received piece by piece into a folder of their own, then read by a worker, as often as the person
 * says anew which server wrote which. The folder goes when they are closed.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LogFileInfo, LogsState } from '../../../shared/api/logs.ts';
import { toFailure } from '../failures.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ShellError } from '../shell-error.ts';
import type { LogJob, LogWorkerMessage } from './log-worker.ts';

const PROGRESS_MS = 100;
const OWNER_ONLY = 0o600;

interface ReceivedFile extends LogFileInfo {
  readonly path: string;
  /** Bytes of the person's file. */
  received: number;
  /** Bytes of ours. */
  stored: number;
  handle: FileHandle | undefined;
}

export interface LogPiece {
  /** Itself, or a gzip member of it. */
  readonly bytes: Uint8Array;
  /** How many bytes of the file it is. */
  readonly ofFile: number;
}

export class OpenedLogs {
  readonly #folder: string;
  readonly #workerFile: URL | string;
  readonly #files: ReceivedFile[];
  readonly #observable = new Observable(() => this.#state);
  readonly #followers = new Set<PacedStream<LogsState>>();
  #state: LogsState;
  #worker: Worker | undefined;
  #isClosed = false;

  static async create(infos: readonly LogFileInfo[], workerFile: URL | string): Promise<OpenedLogs> {
    return new OpenedLogs(await mkdtemp(path.join(tmpdir(), 'zabra-logs-')), infos, workerFile);
  }

  private constructor(folder: string, infos: readonly LogFileInfo[], workerFile: URL | string) {
    this.#folder = folder;
    this.#workerFile = workerFile;
    this.#files = infos.map((info, index) => ({
      ...info,
      // Names that a person's files have are no names for files of ours.
      path: path.join(folder, `${index}.log`),
      received: 0,
      stored: 0,
      handle: undefined,
    }));
    this.#state = { phase: 'receiving', bytes: 0, bytesTotal: this.#bytesTotal };
  }

  get #bytesTotal(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Throws ShellError LOGS_UNKNOWN for a file that was not announced, or more bytes than were. */
  async append(index: number, { bytes, ofFile }: LogPiece): Promise<void> {
    const file = this.#files[index];
    if (this.#isClosed || file === undefined || file.received + ofFile > file.bytes) {
      throw new ShellError('LOGS_UNKNOWN', `no such piece of file ${index} was announced`);
    }
    if (this.#state.phase !== 'receiving') throw new ShellError('CANCELLED', 'no more of it is wanted');
    file.received += ofFile;
    file.stored += bytes.length;
    file.handle ??= await open(file.path, 'w', OWNER_ONLY);
    await file.handle.appendFile(bytes);
    if (file.received === file.bytes) await this.#finish(file);
    const received = this.#files.reduce((sum, each) => sum + each.received, 0);
    this.#change({ phase: 'receiving', bytes: received, bytesTotal: this.#bytesTotal }, 'receiving');
  }

  /** Reads them, from the begin; a reading under way ends. */
  async read(sids: readonly (number | null)[], timeZone: string): Promise<void> {
    if (this.#isClosed) throw new ShellError('LOGS_UNKNOWN', 'the logs have been closed');
    await this.#stopWorker();
    for (const file of this.#files) {
      if (file.received > 0) continue;
      // An empty file has no pieces.
      file.handle = await open(file.path, 'w', OWNER_ONLY);
      await this.#finish(file);
    }
    const job: LogJob = {
      files: this.#files.map(({ path: name, name: shownName, stored, modifiedMs }, index) => ({
        path: name,
        name: shownName,
        bytes: stored,
        modifiedMs,
        sid: sids[index] ?? null,
      })),
      timeZone,
    };
    this.#change({
      phase: 'reading',
      bytes: 0,
      bytesTotal: job.files.reduce((sum, { bytes }) => sum + bytes, 0),
      lines: 0,
      startedMs: Date.now(),
    });
    this.#startWorker(job);
  }

  follow(): PacedStream<LogsState> {
    const stream = this.#observable.stream({
      intervalMs: PROGRESS_MS,
      onEnd: () => this.#followers.delete(stream),
    });
    this.#followers.add(stream);
    return stream;
  }

  async cancel(): Promise<void> {
    const { phase } = this.#state;
    if (phase !== 'receiving' && phase !== 'reading') return;
    this.#change({ phase: 'cancelled' });
    await this.#stopWorker();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.cancel();
    for (const stream of this.#followers) stream.finish();
    for (const file of this.#files) await this.#finish(file);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #finish(file: ReceivedFile): Promise<void> {
    const { handle } = file;
    file.handle = undefined;
    await handle?.close();
  }

  #startWorker(job: LogJob): void {
    const worker = new Worker(this.#workerFile, { workerData: job });
    this.#worker = worker;
    const isCurrent = (): boolean => this.#worker === worker;
    worker.on('message', (message: LogWorkerMessage) => {
      if (!isCurrent() || this.#state.phase !== 'reading') return;
      if (message.kind === 'done') this.#change({ phase: 'done', report: message.report });
      else {
        const { bytesRead: bytes, bytesTotal, lines } = message.progress;
        this.#change({ phase: 'reading', bytes, bytesTotal, lines, startedMs: this.#state.startedMs });
      }
    });
    worker.on('error', (error) => {
      if (isCurrent()) this.#change({ phase: 'failed', failure: toFailure(error) });
    });
    worker.once('exit', () => {
      if (isCurrent()) this.#worker = undefined;
    });
  }

  async #stopWorker(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  /** Only when it is in `phase`, where one is named: what is late changes nothing. */
  #change(state: LogsState, phase?: LogsState['phase']): void {
    if (phase !== undefined && this.#state.phase !== phase) return;
    this.#state = state;
    this.#observable.changed();
  }
}
