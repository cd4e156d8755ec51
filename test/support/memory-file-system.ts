/**
 * A disk in memory that can fail and lose: what was not fsynced is gone after a crash, calls can be made to fail with a
 * system's error, and space can run out in the middle of a write.
 */
import path from 'node:path';

import type { FileSystem, OpenFile } from '../../embedded-server/storage/file-system.ts';

interface StoredFile {
  bytes: Uint8Array;
  /** As of the last fsync. */
  durableBytes: Uint8Array;
}

export type DiskCall = 'open' | 'write' | 'sync' | 'resize' | 'rename' | 'remove' | 'syncFolder';

export class MemoryFileSystem implements FileSystem {
  readonly #files = new Map<string, StoredFile>();
  /** As of the last fsync of the folders. */
  #durableNames = new Map<string, StoredFile>();
  /** Calls so far, in order: `sync log.1`. */
  readonly calls: string[] = [];
  /** Room for so many bytes more. */
  freeBytes = Infinity;
  /** Returns the system's error code that a call is to fail with. */
  failing: (call: DiskCall, name: string) => string | undefined = () => undefined;
  /** Awaited by every fsync, which is how a disk is made slow. */
  beforeSync: () => Promise<void> = () => Promise.resolve();

  #called(call: DiskCall, file: string): void {
    const name = path.basename(file);
    this.calls.push(`${call} ${name}`);
    const code = this.failing(call, name);
    if (code !== undefined) throw diskError(code, call);
  }

  makeFolder(): Promise<void> {
    return Promise.resolve();
  }

  list(folder: string): Promise<string[]> {
    const names = [...this.#files.keys()].filter((file) => path.dirname(file) === folder);
    return Promise.resolve(names.map((file) => path.basename(file)));
  }

  /** The content of a file as a reader sees it now. */
  read(file: string): Uint8Array {
    return this.#get(file).bytes.slice();
  }

  put(file: string, bytes: Uint8Array): void {
    const stored = { bytes: bytes.slice(), durableBytes: bytes.slice() };
    this.#files.set(file, stored);
    this.#durableNames.set(file, stored);
  }

  #get(file: string): StoredFile {
    const stored = this.#files.get(file);
    if (!stored) throw diskError('ENOENT', file);
    return stored;
  }

  async open(file: string, mode: 'read' | 'change' | 'create'): Promise<OpenFile> {
    // What fails has to reject, not throw.
    await Promise.resolve();
    this.#called('open', file);
    if (mode === 'create') {
      const stored = this.#files.get(file) ?? { bytes: new Uint8Array(0), durableBytes: new Uint8Array(0) };
      stored.bytes = new Uint8Array(0);
      this.#files.set(file, stored);
    }
    return this.#handle(file, this.#get(file));
  }

  #handle(file: string, stored: StoredFile): OpenFile {
    return {
      write: async (bytes, position) => {
        await Promise.resolve();
        this.#called('write', file);
        const taken = Math.min(bytes.length, this.freeBytes);
        this.freeBytes -= taken;
        stored.bytes = withBytes(stored.bytes, bytes.subarray(0, taken), position);
        if (taken < bytes.length) throw diskError('ENOSPC', 'write');
      },
      read: (target, position) => {
        const part = stored.bytes.subarray(position, position + target.length);
        target.set(part);
        return Promise.resolve(part.length);
      },
      sync: async () => {
        await this.beforeSync();
        this.#called('sync', file);
        stored.durableBytes = stored.bytes.slice();
      },
      resize: async (bytes) => {
        await Promise.resolve();
        this.#called('resize', file);
        const resized = new Uint8Array(bytes);
        resized.set(stored.bytes.subarray(0, bytes));
        stored.bytes = resized;
      },
      size: () => Promise.resolve(stored.bytes.length),
      close: () => Promise.resolve(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await Promise.resolve();
    this.#called('rename', from);
    this.#files.set(to, this.#get(from));
    this.#files.delete(from);
  }

  async remove(file: string): Promise<void> {
    await Promise.resolve();
    this.#called('remove', file);
    this.#files.delete(file);
  }

  async syncFolder(folder: string): Promise<void> {
    await Promise.resolve();
    this.#called('syncFolder', folder);
    this.#durableNames = new Map(this.#files);
  }

  /** The power goes: what is left is what was durable. */
  crash(): void {
    this.#files.clear();
    for (const [file, stored] of this.#durableNames) {
      stored.bytes = stored.durableBytes.slice();
      this.#files.set(file, stored);
    }
  }
}

function withBytes(content: Uint8Array, bytes: Uint8Array, position: number): Uint8Array {
  const all = new Uint8Array(Math.max(content.length, position + bytes.length));
  all.set(content);
  all.set(bytes, position);
  return all;
}

function diskError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
