/** Log files on their way to the shell: named apart, cut into pieces, and how fast they go. */
import { LOG_PIECE_BYTES_MAX } from '../../../../shared/api/logs.ts';
import { client } from '../../../api/client.ts';

/** Files of several servers often have one name: then each says which of them it is. Pure. */
export function distinctNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const isShared = names.indexOf(name) !== names.lastIndexOf(name);
    return isShared ? `${name} (${count})` : name;
  });
}

export interface Pace {
  readonly perSecond: number;
  /** Null before there is anything to reckon with. */
  readonly leftMs: number | null;
}

/** Pure. */
export function paceOf(done: number, total: number, tookMs: number): Pace {
  const perSecond = tookMs <= 0 ? 0 : (done / tookMs) * 1000;
  return { perSecond, leftMs: perSecond === 0 ? null : ((total - done) / perSecond) * 1000 };
}

/** Sends all pieces, one after the other, so that memory holds one. Rejects as the call does, and when aborted. */
export async function sendFiles(logsId: string, files: readonly File[], signal: AbortSignal): Promise<void> {
  for (const [index, file] of files.entries()) {
    for (let at = 0; at < file.size; at += LOG_PIECE_BYTES_MAX) {
      signal.throwIfAborted();
      const bytes = new Uint8Array(await file.slice(at, at + LOG_PIECE_BYTES_MAX).arrayBuffer());
      await client.logs.append({ logsId, file: index, bytes });
    }
  }
}
