/** The logs that pages have opened, by id. Those of a page are closed with it. */
import { randomUUID } from 'node:crypto';
import type { LogFileInfo, LogsState } from '../../../shared/api/logs.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ShellError } from '../shell-error.ts';
import { type LogPiece, OpenedLogs } from './opened-logs.ts';

const LOG_WORKER = new URL('./log-worker.ts', import.meta.url);

export class LogsService {
  readonly #opened = new Map<string, OpenedLogs>();
  readonly #workerFile: URL | string;

  /** `workerFile` where this code is bundled. */
  constructor({ workerFile = LOG_WORKER }: { workerFile?: URL | string | undefined } = {}) {
    this.#workerFile = workerFile;
  }

  async open(files: readonly LogFileInfo[], page: AbortSignal): Promise<{ logsId: string }> {
    const logs = await OpenedLogs.create(files, this.#workerFile);
    const logsId = randomUUID();
    this.#opened.set(logsId, logs);
    const onGone = (): void => void this.close(logsId);
    if (page.aborted) onGone();
    else page.addEventListener('abort', onGone, { once: true });
    return { logsId };
  }

  async append(logsId: string, file: number, piece: LogPiece): Promise<void> {
    await this.#get(logsId).append(file, piece);
  }

  async read(logsId: string, sids: readonly (number | null)[], timeZone: string): Promise<void> {
    await this.#get(logsId).read(sids, timeZone);
  }

  follow(logsId: string): PacedStream<LogsState> {
    return this.#get(logsId).follow();
  }

  async cancel(logsId: string): Promise<void> {
    await this.#get(logsId).cancel();
  }

  /** Also of logs that are closed already. */
  async close(logsId: string): Promise<void> {
    const logs = this.#opened.get(logsId);
    this.#opened.delete(logsId);
    await logs?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((logsId) => this.close(logsId)));
  }

  /** Throws ShellError LOGS_UNKNOWN, also for logs that have been closed. */
  #get(logsId: string): OpenedLogs {
    const logs = this.#opened.get(logsId);
    if (logs === undefined) throw new ShellError('LOGS_UNKNOWN', `no logs have the id ${logsId}`);
    return logs;
  }
}
