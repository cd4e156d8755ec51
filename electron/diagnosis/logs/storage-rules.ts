/** What servers say about their disk and their process, 3.4 to 3.9: slow fsyncs, snapshots, pauses, errors that end them. */
import type { LogRules, Told } from './log-rules.ts';
import { hex64 } from './server-story.ts';

const NO_SPACE = /No space left on device|not enough space/i;

/** A thread without which the server ends; of those the one that writes the log names its disk. */
function onSevereError({ story, atMs, record: { message, exception } }: Told): void {
  const text = exception === null ? message : `${message}: ${exception}`;
  if (NO_SPACE.test(text)) story.onComplaint(atMs, 'disk-full', text);
  else if (message.includes('SyncThread')) story.onComplaint(atMs, 'disk-error', text);
  story.tell({ kind: 'ended', atMs, reason: text });
}

export const STORAGE_RULES: LogRules = {
  FileTxnLog: [
    {
      begins: 'fsync-ing the write ahead log',
      pattern: / took (\d{1,10})ms/,
      tell({ story, atMs, groups: [took = ''] }) {
        const durationMs = Number(took);
        story.tell({ kind: 'fsync', atMs, durationMs, maxMs: durationMs, count: 1 });
      },
    },
  ],
  FileTxnSnapLog: [
    {
      begins: 'Snapshotting: ',
      pattern: /^Snapshotting: 0x([0-9a-f]{1,16})/,
      tell({ story, atMs, groups: [zxid = ''] }) {
        story.tell({ kind: 'snapshot', atMs, zxid: hex64(zxid), durationMs: null, bytes: null });
      },
    },
  ],
  ZooKeeperServer: [{ begins: 'Severe unrecoverable error', tell: onSevereError }],
  ZooKeeperCriticalThread: [{ begins: 'Severe unrecoverable error', tell: onSevereError }],
  JvmPauseMonitor: [
    {
      begins: 'Detected pause in JVM',
      pattern: /pause of approximately (\d{1,10}) ?ms/,
      tell({ story, atMs, groups: [pause = ''] }) {
        story.tell({ kind: 'stall', atMs, durationMs: Number(pause) });
      },
    },
  ],
};
