/**
 * How an edit stands to what the server has. A draft remembers what it started from; whether it can be saved, is in
 * conflict, or is no edit at all any more follows from comparing three: base, draft, server. Pure.
 *
 *   no draft ............................ clean
 *   draft, server as at the start ....... edited
 *   draft, server changed its bytes ..... conflict
 *   draft, server wrote the base again .. edited, on the new version (rebase)
 *   draft, server has the same bytes .... clean: somebody saved just that (drop)
 */
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { isSameBytes } from './data-format.ts';

export type EditState =
  | { readonly kind: 'clean' }
  | { readonly kind: 'edited'; readonly draft: Draft }
  | { readonly kind: 'conflict'; readonly draft: Draft };

/** What is to be done with the stored draft, so that it says what {@link EditState} says. */
export type DraftRemedy =
  { readonly kind: 'keep' } | { readonly kind: 'drop' } | { readonly kind: 'rebase'; readonly draft: Draft };

export function compareDraft(
  server: ZnodeDto,
  draft: Draft | undefined,
): { state: EditState; remedy: DraftRemedy } {
  const keep: DraftRemedy = { kind: 'keep' };
  if (draft === undefined) return { state: { kind: 'clean' }, remedy: keep };
  if (isSameBytes(server.data, draft.data)) return { state: { kind: 'clean' }, remedy: { kind: 'drop' } };
  const isUntouched = server.stat.mzxid === draft.baseMzxid && server.stat.version === draft.baseVersion;
  if (isUntouched) return { state: { kind: 'edited', draft }, remedy: keep };
  if (isSameBytes(server.data, draft.baseData)) {
    const rebased = startedFrom(server, draft);
    return { state: { kind: 'edited', draft: rebased }, remedy: { kind: 'rebase', draft: rebased } };
  }
  return { state: { kind: 'conflict', draft }, remedy: keep };
}

/** The draft's bytes as an edit of what the server has now. */
export function startedFrom(
  server: ZnodeDto,
  { connectionId, path, data, editedAtMs }: Pick<Draft, 'connectionId' | 'path' | 'data' | 'editedAtMs'>,
): Draft {
  return {
    connectionId,
    path,
    data,
    editedAtMs,
    baseVersion: server.stat.version,
    baseMzxid: server.stat.mzxid,
    baseData: server.data,
  };
}

/** Bytes of a request besides the data itself, generously: header, path, version. */
const REQUEST_BYTES = 1_024;
/** jute.maxbuffer as servers have it unless somebody raised it. */
const FRAME_BYTES_DEFAULT = 1_048_575;

/** Whether a server with default limits would refuse the write; others may take it. */
export function isOverDefaultLimit(bytes: Uint8Array): boolean {
  return bytes.length + REQUEST_BYTES > FRAME_BYTES_DEFAULT;
}
