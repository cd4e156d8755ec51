/** Voters that were lost at the same time, so many that the others were no quorum. Pure. */
import type { ClusterPicture } from './cluster-picture.ts';
import type { ServerPicture, Span } from './server-picture.ts';

interface Loss {
  readonly server: ServerPicture;
  /** During which nobody could reach it. */
  readonly span: Span;
}

/** How long the others may take to notice that a server is lost. */
export const NOTICE_MS = 25_000;

/** Undefined when there were enough left at any time: those that were restarted one after the other were not lost together. */
export function lostTogether(
  { participants, quorumSize }: ClusterPicture,
  { besides, ...window }: { readonly besides: ServerPicture; readonly fromMs: number; readonly toMs: number },
): Loss[] | undefined {
  const losses = participants.flatMap((server) => (server === besides ? [] : lossesOf(server, window)));
  return losses
    .map(({ span: { fromMs: atMs } }) =>
      losses.filter(({ server, span }) => span.fromMs <= atMs && server.endOf(span) > atMs),
    )
    .find((together) => participants.length - together.length < quorumSize);
}

function lossesOf(server: ServerPicture, { fromMs, toMs }: { fromMs: number; toMs: number }): Loss[] {
  return [...server.spans]
    .filter(
      (span) =>
        (span.standing === 'refused' || span.standing === 'silent' || span.standing === 'unroutable') &&
        span.fromMs >= fromMs - NOTICE_MS &&
        span.fromMs <= toMs &&
        server.endOf(span) > fromMs,
    )
    .map((span) => ({ server, span }));
}
