/**
 * A disk that can be made slow or full while it is in use, in front of a real one. What a full one does is what Linux does:
 * files can still be made and grown, part of a write still fits, the rest fails with ENOSPC.
 */
import { setTimeout as delay } from 'node:timers/promises';

import type { FileSystem, OpenFile } from './file-system.ts';

export interface DiskState {
  /** How much longer everything takes that makes something durable. */
  readonly syncDelayMs: number;
  readonly isFull: boolean;
}

/** `state` is asked at every call. */
export function withDiskFaults(fileSystem: FileSystem, state: () => DiskState): FileSystem {
  const waitAsLongAsItTakes = async (): Promise<void> => {
    const { syncDelayMs } = state();
    if (syncDelayMs > 0) await delay(syncDelayMs);
  };
  return {
    ...fileSystem,
    async open(file, mode) {
      const open = await fileSystem.open(file, mode);
      const faulty: OpenFile = {
        ...open,
        async write(bytes, position) {
          if (!state().isFull) return open.write(bytes, position);
          await open.write(bytes.subarray(0, bytes.length >> 1), position);
          throw noSpace();
        },
        async sync() {
          await waitAsLongAsItTakes();
          await open.sync();
        },
      };
      return faulty;
    },
    async syncFolder(folder) {
      await waitAsLongAsItTakes();
      await fileSystem.syncFolder(folder);
    },
  };
}

/** The system's own error, as Node words it. */
function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
}
