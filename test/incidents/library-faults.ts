/**
 * Faults of disk and clock for servers of the engine apache, which has no levers for them: a library in front of their C
 * library (library-faults.c), built with the C compiler of this machine, and a file in a server's folder that it goes by.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCE = fileURLToPath(new URL('library-faults.c', import.meta.url));

export interface Faults {
  readonly syncDelayMs?: number;
  readonly clockSkewMs?: number;
  readonly isDiskFull?: boolean;
}

/** Processes started while `work` runs have the library. */
export async function withFaultLibrary<T>(work: () => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zabra-faults-'));
  const library = path.join(folder, 'faults.so');
  const former = process.env.LD_PRELOAD;
  try {
    await promisify(execFile)('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl']);
    process.env.LD_PRELOAD = library;
    return await work();
  } finally {
    if (former === undefined) delete process.env.LD_PRELOAD;
    else process.env.LD_PRELOAD = former;
    // Who has loaded it keeps it.
    await rm(folder, { recursive: true });
  }
}

/** `folder` is the working directory of a server that was started with the library. */
export async function setFaults(folder: string, faults: Faults): Promise<void> {
  const { syncDelayMs = 0, clockSkewMs = 0, isDiskFull = false } = faults;
  const file = path.join(folder, 'faults');
  await writeFile(`${file}.new`, `${syncDelayMs} ${clockSkewMs} ${Number(isDiskFull)}\n`);
  await rename(`${file}.new`, file);
}
