/**
 * One line of a server's log, by the patterns that ZooKeeper is run with: its own for log4j 1.x and logback (the same from 3.4
 * to 3.9), Debian's, slf4j-simple, and those of Kafka and HBase, which bring ZooKeeper along. Pure; knows nothing of what
 * messages mean.
 *
 * ```
 * 2024-05-01 12:00:00,123 [myid:1] - INFO  [main:QuorumPeer@1234] - message        shipped, TRACEFILE adds [context]
 * 2024-05-01 12:00:00,123 - INFO  [main:QuorumPeer@1234] - message                 Debian
 * 2024-05-01 12:00:00,123 [main] INFO org.apache.zookeeper.server.X - message      slf4j-simple, logback's default
 * [2024-05-01 12:00:00,123] INFO message (org.apache.zookeeper.server.X)           Kafka
 * 2024-05-01 12:00:00,123 INFO  [main] server.X: message                           HBase
 * ```
 */
import { type LogStamp, readStamp } from './log-stamp.ts';

export interface LogLine {
  /** Undefined where lines carry no time, as slf4j-simple's by default. */
  readonly stamp: LogStamp | undefined;
  readonly level: string;
  readonly thread: string;
  /** The class that speaks, without its package and what it is nested in. */
  readonly speaker: string;
  readonly message: string;
  /** What the line says which server wrote it; null when it does not. */
  readonly sid: number | null;
}

const LEVEL = '(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)';
const SHIPPED = new RegExp(
  String.raw`^(?: \[myid:([^\]]*)\])? - ${LEVEL} +\[(.*?):([\w.$]+)@(?:\d+|\?)\](?:\[[^\]]*\])? - ?(.*)$`,
);
const SIMPLE = new RegExp(String.raw`^ ?\[(.*?)\] \[?${LEVEL}\]? +([\w.$]+) - ?(.*)$`);
const KAFKA = new RegExp(String.raw`^\] ${LEVEL} (.*) \(([\w.$]+)\)$`);
const HBASE = new RegExp(String.raw`^ ${LEVEL} +\[(.*?)\] ([\w.$]+): ?(.*)$`);
const SID = /^\d{1,10}$/;
/** In names of threads: `QuorumPeer[myid=1]`, `WorkerReceiver[myid=1]`. */
const SID_OF_THREAD = /\[myid=(\d{1,10})\]/;

/** Undefined for a line that continues another one, or is not of a server's log. Demands that the line's end is cut off. */
export function readLogLine(line: string): LogLine | undefined {
  const isBracketed = line.startsWith('[') && line.charCodeAt(1) < 0x3a;
  const stamped = readStamp(isBracketed ? line.slice(1) : line);
  const rest = stamped === undefined ? line : line.slice(stamped.end + (isBracketed ? 1 : 0));
  return readRest(rest, stamped?.stamp);
}

function readRest(rest: string, stamp: LogStamp | undefined): LogLine | undefined {
  const shipped = stamp && SHIPPED.exec(rest);
  if (shipped) {
    const [, myid = '', level = '', thread = '', speaker = '', message = ''] = shipped;
    const sid = SID.test(myid) ? Number(myid) : sidOfThread(thread);
    return { stamp, level, thread, speaker: simpleName(speaker), message, sid };
  }
  const simple = SIMPLE.exec(rest);
  if (simple) {
    const [, thread = '', level = '', speaker = '', message = ''] = simple;
    return { stamp, level, thread, speaker: simpleName(speaker), message, sid: sidOfThread(thread) };
  }
  const kafka = stamp && KAFKA.exec(rest);
  if (kafka) {
    const [, level = '', message = '', speaker = ''] = kafka;
    return { stamp, level, thread: '', speaker: simpleName(speaker), message, sid: null };
  }
  const hbase = stamp && HBASE.exec(rest);
  if (!hbase) return undefined;
  const [, level = '', thread = '', speaker = '', message = ''] = hbase;
  return { stamp, level, thread, speaker: simpleName(speaker), message, sid: sidOfThread(thread) };
}

function sidOfThread(thread: string): number | null {
  const match = SID_OF_THREAD.exec(thread);
  return match ? Number(match[1]) : null;
}

/** `o.a.z.server.quorum.QuorumCnxManager$Listener` → `QuorumCnxManager` */
function simpleName(speaker: string): string {
  const name = speaker.slice(speaker.lastIndexOf('.') + 1);
  const nested = name.indexOf('$');
  return nested < 0 ? name : name.slice(0, nested);
}
