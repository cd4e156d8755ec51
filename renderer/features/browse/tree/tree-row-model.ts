/** What a row of the tree says, whatever draws it. */

/** What stands in one extra row below an open branch, before its children. */
export type Notice =
  /** More children than one expands without being asked. */
  | { readonly kind: 'ask'; readonly total: number }
  | { readonly kind: 'loading'; readonly loaded: number; readonly total: number | undefined }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'cancelled'; readonly loaded: number; readonly total: number };

export interface NodeRow {
  readonly kind: 'node';
  readonly path: string;
  readonly name: string;
  /** 0 for the root. */
  readonly depth: number;
  readonly isOpen: boolean;
  /** Children that are loaded, or undefined when none were asked for. */
  readonly loadedChildren: number | undefined;
  /** Place among the siblings that are shown, from 1, and how many they are; for screen readers. */
  readonly position: number;
  readonly siblings: number;
}

export interface NoticeRow {
  readonly kind: 'notice';
  /** The branch that it stands below. */
  readonly path: string;
  readonly depth: number;
  readonly notice: Notice;
}

export type TreeRow = NodeRow | NoticeRow;
