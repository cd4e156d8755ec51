/**
 * Reads logs in a thread of its own, so that a million lines stop nothing else in the shell. Started with {@link LogJob};
 * tells how far it is, and at the end what the logs tell. It is ended from outside when nobody wants that any more.
 */
import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { LogsReport } from '../../../shared/api/logs.ts';
import { assert } from '../../../shared/assert.ts';
import { diagnoseReading } from '../../diagnosis/diagnose-logs.ts';
import { type LogProgress, readLogs } from '../../diagnosis/logs/read-logs.ts';
import { logsReport, newestElections } from './logs-report.ts';

export interface LogJob {
  readonly files: readonly {
    readonly path: string;
    /** As the person calls it. */
    readonly name: string;
    readonly bytes: number;
    readonly modifiedMs: number;
    readonly sid: number | null;
  }[];
  readonly timeZone: string;
}

export type LogWorkerMessage =
  | { readonly kind: 'progress'; readonly progress: LogProgress }
  | { readonly kind: 'done'; readonly report: LogsReport };

const PROGRESS_MS = 100;

async function work({ files, timeZone }: LogJob, tell: (message: LogWorkerMessage) => void): Promise<void> {
  const startMs = performance.now();
  let toldMs = -Infinity;
  const reading = await readLogs(
    files.map(({ path, name, bytes, modifiedMs, sid }) => ({
      name,
      bytes,
      modifiedMs,
      sid: sid ?? undefined,
      open: () => createReadStream(path),
    })),
    {
      timeZone,
      onProgress: (progress) => {
        if (performance.now() - toldMs < PROGRESS_MS) return;
        toldMs = performance.now();
        tell({ kind: 'progress', progress });
      },
    },
  );
  const diagnosis = diagnoseReading(reading, newestElections);
  tell({ kind: 'done', report: logsReport(diagnosis, performance.now() - startMs) });
}

const port = parentPort;
assert(port !== null, 'it runs as a worker');
await work(workerData as LogJob, (message) => {
  port.postMessage(message);
});
