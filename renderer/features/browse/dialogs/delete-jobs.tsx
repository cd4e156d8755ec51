/** Recursive deletes under way, one subtree after the other: count, rate, what remains, cancel, and what failed. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { Failure } from '../../../../shared/api/failure.ts';
import type { JobState } from '../../../../shared/api/znodes.ts';
import { client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { formatCount, formatDecimal } from '../../../app/format.ts';
import { useFormat, useNow } from '../../../app/use-format.ts';
import { TakeFocus } from '../../../components/dialog.tsx';
import { FailureNotice, failureCode } from '../../../components/failure-notice.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import classes from './dialogs.module.css';

interface DeleteJobsProps {
  readonly connectionId: string;
  readonly paths: readonly string[];
  readonly onDone: () => void;
}

interface Run {
  /** Jobs that ended. */
  readonly ended: readonly JobState[];
  readonly current: JobState | null;
  readonly failure: Failure | null;
  readonly isOver: boolean;
}

const START: Run = { ended: [], current: null, failure: null, isOver: false };

export function DeleteJobs({ connectionId, paths, onDone }: DeleteJobsProps): ReactNode {
  const t = useTexts();
  const run = useDeleteRun(connectionId, paths);
  const jobs = run.current === null ? run.ended : [...run.ended, run.current];
  const done = jobs.reduce((sum, job) => sum + job.done, 0);
  const errors = jobs.flatMap((job) => job.errors);
  const errorCount = jobs.reduce((sum, job) => sum + job.errorCount, 0);
  const wasCancelled = jobs.some((job) => job.state === 'cancelled');
  const failure = run.failure ?? jobs.find((job) => job.failure !== null)?.failure ?? null;
  return (
    <div className={classes.form}>
      {run.isOver ? (
        <p className={classes.result} role="status">
          {t(wasCancelled ? 'browse:job.cancelled' : 'browse:job.done', {
            count: done,
            formatted: formatCount(done),
          })}
          {errorCount > 0 &&
            ` ${t('browse:job.failed', { count: errorCount, formatted: formatCount(errorCount) })}`}
        </p>
      ) : (
        <Progress job={run.current} at={run.ended.length + 1} of={paths.length} />
      )}
      {failure !== null && <FailureNotice failure={failure} attempt={t('browse:remove.failed')} />}
      {errors.length > 0 && (
        <ul className={classes.errors} tabIndex={0} aria-label={t('browse:job.errors')}>
          {errors.map((error) => (
            <li key={error.path}>
              <code>{error.path}</code>{' '}
              <code className={classes.errorCode}>{failureCode(error.failure)}</code>
            </li>
          ))}
        </ul>
      )}
      <div className={classes.actions}>
        <span className={classes.gap} />
        {run.isOver ? (
          <>
            <Button variant="filled" data-autofocus onClick={onDone}>
              {t('action.close')}
            </Button>
            <TakeFocus />
          </>
        ) : (
          <Button
            disabled={run.current === null}
            onClick={() => {
              if (run.current !== null) void client.jobs.cancel({ jobId: run.current.jobId });
            }}
          >
            {t('browse:job.cancel')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Runs the jobs in order; a cancelled or failed one ends the run. Closing the dialog leaves the present job running. */
function useDeleteRun(connectionId: string, paths: readonly string[]): Run {
  const [run, setRun] = useState<Run>(START);
  useEffect(() => {
    const abort = new AbortController();
    const follow = async (path: string): Promise<JobState | null> => {
      const { jobId } = await client.jobs.startDeleteRecursive({ connectionId, path });
      let last: JobState | null = null;
      for await (const state of await client.jobs.follow({ jobId }, { signal: abort.signal })) {
        if (abort.signal.aborted) return null;
        last = state;
        setRun((before) => ({ ...before, current: state }));
      }
      return last;
    };
    const runAll = async (): Promise<void> => {
      for (const path of paths) {
        const ended = await follow(path);
        if (ended === null) return;
        setRun((before) => ({ ...before, ended: [...before.ended, ended], current: null }));
        if (ended.state !== 'done') break;
      }
      setRun((before) => ({ ...before, isOver: true }));
    };
    runAll().catch((error: unknown) => {
      if (!abort.signal.aborted) setRun((before) => ({ ...before, failure: failureOf(error), isOver: true }));
    });
    return () => {
      abort.abort();
    };
  }, [connectionId, paths]);
  return run;
}

function Progress({
  job,
  at,
  of,
}: {
  readonly job: JobState | null;
  readonly at: number;
  readonly of: number;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const nowMs = useNow(250);
  const elapsedS = job === null ? 0 : Math.max(0.2, (nowMs - job.startedAtMs) / 1000);
  const rate = job === null || elapsedS === 0 ? 0 : job.done / elapsedS;
  const remainingMs =
    job === null || job.total === null || rate === 0 ? null : ((job.total - job.done) / rate) * 1000;
  return (
    <div role="status">
      {of > 1 && <p className={classes.more}>{t('browse:job.position', { at, of })}</p>}
      <progress
        className={classes.progress}
        aria-label={t('browse:job.progress')}
        {...(job === null || job.total === null ? {} : { value: job.done, max: Math.max(1, job.total) })}
      />
      <p className={classes.progressText}>
        <span>
          {job === null
            ? t('browse:remove.counting')
            : job.total === null
              ? t('browse:job.count', { formatted: formatCount(job.done) })
              : t('browse:job.countOf', { done: formatCount(job.done), total: formatCount(job.total) })}
        </span>
        {rate > 0 && <span>{t('browse:job.rate', { rate: formatDecimal(rate) })}</span>}
        {remainingMs !== null && (
          <span>{t('browse:job.remaining', { time: format.duration(remainingMs) })}</span>
        )}
      </p>
      <p className={classes.currentPath} title={job?.current}>
        {job?.current}
      </p>
    </div>
  );
}
