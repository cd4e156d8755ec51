/** How much memory another process has, from /proc; only on Linux. */
import { readFileSync } from 'node:fs';

/** The process itself and its children; the first child of the `ensemble` command is the server. */
export function processTree(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [
    pid,
    ...(children === '' ? [] : children.split(' ').flatMap((child) => processTree(Number(child)))),
  ];
}

/** Resident bytes of a process and its children (VmRSS). */
export function residentBytes(pid: number): number {
  return processTree(pid).reduce((sum, member) => {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${member}/status`, 'utf8'))?.[1];
    return sum + Number(kilobytes ?? 0) * 1024;
  }, 0);
}
