/** How much memory processes have resident: from /proc where there is one, else from `ps`; not known on Windows. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PS_MS_MAX = 1_000;

/** Bytes by pid; a process that is gone, or that nobody tells of, is not in it. */
export async function residentBytes(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (pids.length === 0 || process.platform === 'win32') return new Map();
  if (process.platform !== 'linux') return bytesFromPs(pids);
  const entries = await Promise.all(pids.map(async (pid) => [pid, await bytesFromProc(pid)] as const));
  return new Map(entries.filter((entry): entry is [number, number] => entry[1] !== undefined));
}

async function bytesFromProc(pid: number): Promise<number | undefined> {
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'latin1'));
    return match?.[1] === undefined ? undefined : Number(match[1]) * 1024;
  } catch {
    return undefined;
  }
}

async function bytesFromPs(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  try {
    const { stdout } = await run('ps', ['-o', 'pid=,rss=', '-p', pids.join(',')], { timeout: PS_MS_MAX });
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    return new Map(rows.map(([pid = 0, kilobytes = 0]) => [pid, kilobytes * 1024]));
  } catch {
    return new Map();
  }
}
