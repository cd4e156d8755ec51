/**
 * What a leader says about bringing its learners level, 3.4 to 3.9. It decides in one thread for each learner; several of its
 * messages do not name the learner, so threads remember whom they serve. From 3.5 on, cutting a learner's log without sending
 * it anything is told at DEBUG only, and follows from the zxids that are told.
 */
import { zxidCounter, zxidFromHex } from '../../../shared/zxid.ts';
import type { LogRules, Told } from './log-rules.ts';
import { type LogEventOf, type ServerStory, hex64 } from './server-story.ts';

type SyncMode = LogEventOf<'sync'>['mode'];

interface Served {
  readonly learner: number;
  readonly fromZxid: string;
  /** Up to here the leader has transactions at hand. */
  readonly newestZxid: string;
}

/** Of each story, by thread. */
const servedBy = new WeakMap<ServerStory, Map<string, Served>>();
const THREADS_MAX = 1000;

const SYNCHRONIZING =
  /^Synchronizing with (?:Learner|Follower) sid: (\d{1,10}) maxCommittedLog=0x([0-9a-f]{1,16}) minCommittedLog=0x[0-9a-f]{1,16} (?:lastProcessedZxid=0x([0-9a-f]{1,16}) )?peerLastZxid=0x([0-9a-f]{1,16})/;

export const SYNC_RULES: LogRules = {
  LearnerHandler: [
    { begins: 'Synchronizing with ', pattern: SYNCHRONIZING, tell: onSynchronizing },
    { begins: 'Sending DIFF zxid=', pattern: /0x([0-9a-f]{1,16})/, tell: sends('DIFF') },
    {
      begins: 'Sending TRUNC zxid=',
      pattern: /0x([0-9a-f]{1,16})/,
      tell: (told) => {
        const served = servedOf(told);
        const isAllThere = served !== undefined && served.newestZxid === hex64(told.groups[0] ?? '');
        sends(isAllThere ? 'TRUNC' : 'TRUNC+DIFF')(told);
      },
    },
    {
      begins: 'Sending snapshot last zxid',
      pattern: /zxid of db as 0x([0-9a-f]{1,16})/,
      tell: sends('SNAP'),
    },
    { begins: 'Sending DIFF', pattern: /^Sending DIFF$/, tell: sends('DIFF') },
    { begins: 'Sending TRUNC', pattern: /^Sending TRUNC$/, tell: sends('TRUNC') },
  ],
};

function onSynchronizing(told: Told): void {
  const { story, atMs, record, groups } = told;
  const [learner = '', max = '', processed = '', last = ''] = groups;
  const isLogEmpty = BigInt(`0x${max}`) === 0n && processed !== '';
  const served: Served = {
    learner: Number(learner),
    fromZxid: hex64(last),
    newestZxid: hex64(isLogEmpty ? processed : max),
  };
  const threads = threadsOf(story);
  if (threads.size >= THREADS_MAX) threads.clear();
  threads.set(record.thread, served);
  if (processed !== '' && isCutOnly(served, hex64(processed))) {
    tellSync({ story, atMs, served, mode: 'TRUNC', toZxid: served.newestZxid });
  }
}

/** LearnerHandler.syncFollower: ahead of all that the leader has, and not by the first zxid of an epoch. */
function isCutOnly({ fromZxid, newestZxid }: Served, processedZxid: string): boolean {
  const from = zxidFromHex(fromZxid);
  return fromZxid !== processedZxid && from > zxidFromHex(newestZxid) && zxidCounter(from) !== 0;
}

function sends(mode: SyncMode): (told: Told) => void {
  return (told) => {
    const served = servedOf(told);
    if (served === undefined) return;
    const [zxid = ''] = told.groups;
    tellSync({ ...told, served, mode, toZxid: zxid === '' ? null : hex64(zxid) });
  };
}

interface SyncTold {
  readonly story: ServerStory;
  readonly atMs: number;
  readonly served: Served;
  readonly mode: SyncMode;
  readonly toZxid: string | null;
}

function tellSync({ story, atMs, served: { learner, fromZxid }, mode, toZxid }: SyncTold): void {
  story.tell({ kind: 'sync', atMs, learner, mode, fromZxid, toZxid });
}

function threadsOf(story: ServerStory): Map<string, Served> {
  const known = servedBy.get(story);
  if (known) return known;
  const threads = new Map<string, Served>();
  servedBy.set(story, threads);
  return threads;
}

function servedOf({ story, record }: Told): Served | undefined {
  return threadsOf(story).get(record.thread);
}
