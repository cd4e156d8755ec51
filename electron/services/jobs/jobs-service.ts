/** Long work on znodes, each a job with progress, cancel and an error list. Ended jobs can be looked at for a while. */
import { randomUUID } from 'node:crypto';
import type { JobState } from '../../../shared/api/znodes.ts';
import { KeeperError } from '../../../shared/errors.ts';
import { requireValidPath, isWithin, withChroot } from '../../../shared/path.ts';
import type { Log } from '../../log.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ShellError } from '../shell-error.ts';
import { SYSTEM_ROOT, countSubtree } from '../znodes/count-subtree.ts';
import { deleteRecursive } from './delete-recursive.ts';
import { Job, type JobReporter, type JobWork } from './job.ts';

const ENDED_JOBS_KEPT_MS = 10 * 60_000;

export class JobsService {
  readonly #connections: ConnectionsService;
  readonly #log: Log;
  readonly #jobs = new Map<string, Job>();

  constructor({ connections, log }: { connections: ConnectionsService; log: Log }) {
    this.#connections = connections;
    this.#log = log;
  }

  /** Throws KeeperError BADARGUMENTS for ZooKeeper's own nodes, ShellError when the write guard is closed. */
  startDeleteRecursive({ connectionId, path }: { connectionId: string; path: string }): { jobId: string } {
    requireValidPath(path);
    const connection = this.#connections.get(connectionId);
    const { chroot } = connection;
    if (isWithin({ path: withChroot({ chroot, path }), ancestor: SYSTEM_ROOT })) {
      throw new KeeperError('BADARGUMENTS', {
        path,
        message: `${path} is ZooKeeper's own; Zabra does not delete it`,
      });
    }
    connection.guard.requireOpen();
    return this.#start({ kind: 'delete-recursive', connectionId, path }, async (reporter) => {
      await setTotal(reporter, countSubtree(connection.reader, { path, chroot }));
      await deleteRecursive({
        reader: connection.reader,
        writer: () => connection.writer(),
        path,
        chroot,
        reporter,
      });
    });
  }

  /** Throws ShellError JOB_UNKNOWN, also for a job that ended long ago. */
  follow(jobId: string): PacedStream<JobState> {
    return this.#get(jobId).follow();
  }

  cancel(jobId: string): void {
    this.#get(jobId).cancel();
  }

  cancelAll(): void {
    for (const job of this.#jobs.values()) job.cancel();
  }

  #start(identity: Pick<JobState, 'kind' | 'connectionId' | 'path'>, work: JobWork): { jobId: string } {
    const jobId = randomUUID();
    const job = new Job({ jobId, ...identity }, this.#log);
    this.#jobs.set(jobId, job);
    void job.run(work).then(() => {
      setTimeout(() => this.#jobs.delete(jobId), ENDED_JOBS_KEPT_MS).unref();
    });
    return { jobId };
  }

  #get(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw new ShellError('JOB_UNKNOWN', `no job has the id ${jobId}`);
    return job;
  }
}

/** Where the root of the work may not be read its size stays unknown; what lies below may still be deletable. */
async function setTotal(reporter: JobReporter, counting: Promise<number>): Promise<void> {
  try {
    reporter.setTotal(await counting);
  } catch (error) {
    if (!(error instanceof KeeperError && error.code === 'NOAUTH')) throw error;
  }
}
