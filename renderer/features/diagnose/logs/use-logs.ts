/** The opened logs, kept while the person looks at other views: one opening at a time. */
import { create } from 'zustand';
import type { Failure } from '../../../../shared/api/failure.ts';
import type { LogsState } from '../../../../shared/api/logs.ts';
import { client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { distinctNames, sendFiles } from './logs-upload.ts';

export interface OpenedFiles {
  readonly logsId: string;
  /** As shown, in the order in which they were sent. */
  readonly names: readonly string[];
  readonly startedMs: number;
}

interface LogsStore {
  /** Whether Diagnose shows logs in place of the cluster. */
  readonly isShown: boolean;
  readonly opened: OpenedFiles | null;
  /** What the shell tells of them; null until it does. */
  readonly state: LogsState | null;
  /** Which server wrote which file, as the person says. */
  readonly sids: readonly (number | null)[];
  readonly failure: Failure | null;
}

const CLOSED: Omit<LogsStore, 'isShown'> = { opened: null, state: null, sids: [], failure: null };

export const useLogs = create<LogsStore>(() => ({ isShown: false, ...CLOSED }));

let sending: AbortController | undefined;

export function showLogs(): void {
  useLogs.setState({ isShown: true });
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export async function openLogs(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  dropLogs();
  useLogs.setState({ isShown: true, ...CLOSED });
  const abort = new AbortController();
  sending = abort;
  const names = distinctNames(files.map(({ name }) => name));
  try {
    const { logsId } = await client.logs.open({
      files: files.map(({ size, lastModified }, index) => ({
        name: names[index] ?? '',
        bytes: size,
        modifiedMs: lastModified,
      })),
    });
    if (abort.signal.aborted) {
      void client.logs.close({ logsId }).catch(() => undefined);
      return;
    }
    const sids = files.map(() => null);
    useLogs.setState({ opened: { logsId, names, startedMs: Date.now() }, sids });
    await sendFiles(logsId, files, abort.signal);
    await client.logs.read({ logsId, sids, timeZone: zone() });
  } catch (error) {
    // Nobody waits for what was cancelled.
    if (!abort.signal.aborted) useLogs.setState({ failure: failureOf(error) });
  }
}

/** Reads the same files again, with what the person has said of them. */
export async function readAgain(): Promise<void> {
  const { opened, sids } = useLogs.getState();
  if (opened === null) return;
  try {
    await client.logs.read({ logsId: opened.logsId, sids: [...sids], timeZone: zone() });
  } catch (error) {
    useLogs.setState({ failure: failureOf(error) });
  }
}

export function assignFile(name: string, sid: number | null): void {
  useLogs.setState(({ opened, sids }) => ({
    sids: sids.map((known, index) => (opened?.names[index] === name ? sid : known)),
  }));
}

export async function cancelLogs(): Promise<void> {
  sending?.abort();
  const { opened } = useLogs.getState();
  if (opened) await client.logs.cancel({ logsId: opened.logsId }).catch(() => undefined);
}

/** Back to the cluster; the shell forgets the files. */
export function closeLogs(): void {
  dropLogs();
  useLogs.setState({ isShown: false, ...CLOSED });
}

function dropLogs(): void {
  sending?.abort();
  const { opened } = useLogs.getState();
  // A shell that is gone has forgotten them, too.
  if (opened) void client.logs.close({ logsId: opened.logsId }).catch(() => undefined);
}
