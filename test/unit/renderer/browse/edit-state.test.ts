import { describe, expect, test } from 'vitest';
import {
  compareDraft,
  isOverDefaultLimit,
  startedFrom,
} from '../../../../renderer/features/browse/data/edit-state.ts';
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function znode(version: number, data: string | null): ZnodeDto {
  return {
    path: '/a',
    data: data === null ? null : bytes(data),
    stat: {
      czxid: '0x1',
      mzxid: `0x${(version + 1).toString(16)}`,
      pzxid: '0x1',
      ctimeMs: 0,
      mtimeMs: 0,
      version,
      cversion: 0,
      aversion: 0,
      ephemeralOwner: '0x0',
      dataLength: data?.length ?? 0,
      numChildren: 0,
    },
  };
}

function draftFrom(start: ZnodeDto, data: string): Draft {
  return startedFrom(start, { connectionId: 'c', path: '/a', data: bytes(data), editedAtMs: 1 });
}

describe('an edit and what the server has', () => {
  test('nothing edited', () => {
    expect(compareDraft(znode(7, 'x'), undefined).state.kind).toBe('clean');
  });

  test('edited, while the server stayed as it was', () => {
    const { state, remedy } = compareDraft(znode(7, 'x'), draftFrom(znode(7, 'x'), 'y'));
    expect([state.kind, remedy.kind]).toEqual(['edited', 'keep']);
  });

  test('somebody else wrote something else: a conflict', () => {
    expect(compareDraft(znode(8, 'theirs'), draftFrom(znode(7, 'x'), 'y')).state.kind).toBe('conflict');
  });

  test('deleted and made again with other data: a conflict, although the version may be lower', () => {
    expect(compareDraft(znode(0, 'new'), draftFrom(znode(7, 'x'), 'y')).state.kind).toBe('conflict');
  });

  test('made again and written until it has the same version: still a conflict', () => {
    const again = { ...znode(7, 'other'), stat: { ...znode(7, 'other').stat, mzxid: '0xff' } };
    expect(compareDraft(again, draftFrom(znode(7, 'x'), 'y')).state.kind).toBe('conflict');
  });

  test('somebody wrote the same bytes again: the edit goes on from the new version', () => {
    const { state, remedy } = compareDraft(znode(9, 'x'), draftFrom(znode(7, 'x'), 'y'));
    expect(state).toMatchObject({ kind: 'edited', draft: { baseVersion: 9, baseMzxid: '0xa' } });
    expect(remedy.kind).toBe('rebase');
  });

  test('the server has just what was edited: nothing is left to save', () => {
    const { state, remedy } = compareDraft(znode(8, 'y'), draftFrom(znode(7, 'x'), 'y'));
    expect([state.kind, remedy.kind]).toEqual(['clean', 'drop']);
  });

  test('empty data is an edit of a node without data', () => {
    expect(compareDraft(znode(0, null), draftFrom(znode(0, null), '')).state.kind).toBe('edited');
  });

  test('what a server with default limits would refuse is told beforehand', () => {
    expect(isOverDefaultLimit(new Uint8Array(1_048_576))).toBe(true);
    expect(isOverDefaultLimit(new Uint8Array(1_000_000))).toBe(false);
  });
});
