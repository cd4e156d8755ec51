/** Follows one server's log file from its present end on, and tells the lines that concern a diagnosis. */
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Observation } from '../observation.ts';
import { FileTail } from './file-tail.ts';
import { markLine, sidOfLine, timeOf } from './log-marks.ts';

export interface LogOptions {
  readonly file: string;
  readonly now: () => number;
  readonly observe: (observation: Observation) => void;
  readonly signal: AbortSignal;
}

const LOOK_MS = 300;
/** Which server writes a log is found near its front. */
const FRONT_BYTES = 256 * 1024;

/** Reads until the signal aborts. Rejects when the file cannot be read at the start. */
export async function followLog({ file, now, observe, signal }: LogOptions): Promise<void> {
  const { size } = await stat(file);
  let sid = await readSid(file);
  const tail = new FileTail(file, size);
  while (!signal.aborted) {
    const text = (await tail.peek().catch(() => Buffer.alloc(0))).toString('utf8');
    const end = text.lastIndexOf('\n') + 1;
    let serverMs: number | undefined;
    for (const line of text.slice(0, end).split('\n')) {
      serverMs = timeOf(line) ?? serverMs;
      sid ??= sidOfLine(line);
      const marked = markLine(line);
      if (marked !== undefined) observe({ kind: 'logged', atMs: now(), sid, source: file, ...marked });
    }
    if (sid !== undefined && serverMs !== undefined) {
      observe({ kind: 'clock-read', atMs: now(), sid, serverMs, file });
    }
    tail.take(Buffer.byteLength(text.slice(0, end)));
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function readSid(file: string): Promise<number | undefined> {
  const front = (await new FileTail(file).peek()).subarray(0, FRONT_BYTES).toString('utf8');
  for (const line of front.split('\n')) {
    const sid = sidOfLine(line);
    if (sid !== undefined) return sid;
  }
  return undefined;
}
