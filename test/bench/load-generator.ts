/**
 * The process that makes the load, apart from whoever measures, so that nothing else runs in it. It is told one job at a
 * time by a message and answers each with what it counted.
 */
import { setTimeout as delay } from 'node:timers/promises';

import {
  type FrameKind,
  FrameRing,
  type Frames,
  KEYS_PER_SESSION,
  createFrame,
  folderOf,
  keyFrame,
} from './frames.ts';
import { LoadSession } from './load-session.ts';

interface Target {
  /** Sessions are spread over them. */
  readonly ports: readonly number[];
  readonly sessions: number;
}

export type LoadJob = Target &
  (
    | { readonly job: 'prepare' }
    /** As many requests a second as go through, after a while in which nothing is counted. */
    | {
        readonly job: 'pipelined';
        readonly kind: FrameKind;
        readonly outstanding: number;
        readonly warmupMs: number;
        readonly durationMs: number;
        /** False when the other side is only a socket that answers. */
        readonly isServer: boolean;
      }
    /** One write at a time over all sessions. */
    | { readonly job: 'latency'; readonly warmupMs: number; readonly durationMs: number }
    /** Takes back what a `create` made: as many nodes as each session reported. */
    | { readonly job: 'delete'; readonly counts: readonly number[] }
  );

export interface LoadResult {
  readonly perSecond: number;
  /** Of one write at a time; 0 for other jobs. */
  readonly medianMs: number;
  /** By session, of everything since the job began. */
  readonly counts: readonly number[];
  readonly error: string | undefined;
}

const DELETES_OUTSTANDING = 64;
const NOTHING: LoadResult = { perSecond: 0, medianMs: 0, counts: [], error: undefined };

async function connect({ ports, sessions }: Target, isServer = true): Promise<LoadSession[]> {
  return Promise.all(
    Array.from({ length: sessions }, (_, index) =>
      LoadSession.connect(ports[index % ports.length] ?? 0, isServer),
    ),
  );
}

/** Sends these frames once, in their order. */
function once(frames: readonly Uint8Array[]): Frames {
  let sent = 0;
  return {
    next(count, send) {
      for (const frame of frames.slice(sent, sent + count)) send(frame);
      sent += count;
    },
  };
}

async function prepare(sessions: readonly LoadSession[]): Promise<void> {
  await Promise.all(
    sessions.map((session, index) => {
      const keys = Array.from({ length: KEYS_PER_SESSION }, (_, key) => keyFrame(index, key));
      const frames = [createFrame(0, folderOf(index)), ...keys];
      session.start(once(frames), DELETES_OUTSTANDING, frames.length);
      return session.drained();
    }),
  );
}

function total(sessions: readonly LoadSession[]): number {
  return sessions.reduce((sum, { answered }) => sum + answered, 0);
}

async function pipelined(
  sessions: readonly LoadSession[],
  job: Extract<LoadJob, { job: 'pipelined' }>,
): Promise<LoadResult> {
  for (const [index, session] of sessions.entries()) {
    session.start(new FrameRing(job.kind, index), job.outstanding);
  }
  await delay(job.warmupMs);
  const before = total(sessions);
  const startMs = performance.now();
  await delay(job.durationMs);
  const perSecond = ((total(sessions) - before) * 1000) / (performance.now() - startMs);
  await Promise.all(sessions.map((session) => session.stop()));
  return { ...NOTHING, perSecond, counts: sessions.map(({ answered }) => answered) };
}

async function latency(
  sessions: readonly LoadSession[],
  { warmupMs, durationMs }: Extract<LoadJob, { job: 'latency' }>,
): Promise<LoadResult> {
  const rings = sessions.map((_, index) => new FrameRing('set', index));
  const countFromMs = performance.now() + warmupMs;
  const endMs = countFromMs + durationMs;
  const durationsMs: number[] = [];
  for (let index = 0; performance.now() < endMs; index = (index + 1) % sessions.length) {
    const session = sessions[index];
    const ring = rings[index];
    if (!session || !ring) break;
    const startMs = performance.now();
    session.start(ring, 1, 1);
    await session.drained();
    if (startMs >= countFromMs) durationsMs.push(performance.now() - startMs);
  }
  durationsMs.sort((a, b) => a - b);
  const medianMs = durationsMs[durationsMs.length >> 1] ?? 0;
  return { ...NOTHING, perSecond: (durationsMs.length * 1000) / durationMs, medianMs };
}

async function takeBack(sessions: readonly LoadSession[], counts: readonly number[]): Promise<void> {
  await Promise.all(
    sessions.map((session, index) => {
      session.start(new FrameRing('delete', index), DELETES_OUTSTANDING, counts[index] ?? 0);
      return session.drained();
    }),
  );
}

async function runOn(sessions: readonly LoadSession[], job: LoadJob): Promise<LoadResult> {
  switch (job.job) {
    case 'prepare':
      await prepare(sessions);
      return NOTHING;
    case 'pipelined':
      return pipelined(sessions, job);
    case 'latency':
      return latency(sessions, job);
    case 'delete':
      await takeBack(sessions, job.counts);
      return NOTHING;
  }
}

async function run(job: LoadJob): Promise<LoadResult> {
  const sessions = await connect(job, job.job !== 'pipelined' || job.isServer);
  try {
    const result = await runOn(sessions, job);
    const errors = sessions.reduce((sum, session) => sum + session.errors, 0);
    return errors === 0 ? result : { ...result, error: `${errors} requests of ${job.job} were refused` };
  } finally {
    for (const session of sessions) session.close();
  }
}

process.on('message', (message) => {
  run(message as LoadJob)
    .catch((error: unknown) => ({ ...NOTHING, error: String(error) }))
    .then(
      (result) => process.send?.(result),
      () => undefined,
    );
});
