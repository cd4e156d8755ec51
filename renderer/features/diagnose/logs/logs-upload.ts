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

/** A gzip file begins with these (RFC 1952, 2.3.1). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/**
 * Sends all pieces, one after the other, so that memory holds few; plain text goes compressed, which is a tenth of it. Rejects
 * as the call does, and when aborted.
 */
export async function sendFiles(logsId: string, files: readonly File[], signal: AbortSignal): Promise<void> {
  for (const [index, file] of files.entries()) {
    const begin = await file.slice(0, GZIP_MAGIC.length).bytes();
    const isGzip = GZIP_MAGIC.every((byte, at) => begin[at] === byte);
    // The next one is compressed while the shell writes this one.
    let sent: Promise<unknown> = Promise.resolve();
    for (let at = 0; at < file.size; at += LOG_PIECE_BYTES_MAX) {
      const piece = file.slice(at, at + LOG_PIECE_BYTES_MAX);
      const [bytes] = await Promise.all([isGzip ? piece.bytes() : gzip(piece), sent]);
      signal.throwIfAborted();
      sent = client.logs.append({ logsId, file: index, bytes, ofFile: piece.size });
    }
    await sent;
  }
}

async function gzip(piece: Blob): Promise<Uint8Array> {
  return new Response(piece.stream().pipeThrough(new CompressionStream('gzip'))).bytes();
}
