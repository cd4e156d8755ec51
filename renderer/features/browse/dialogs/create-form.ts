/**
 * What a person fills in to create a znode, checked before it is sent: the name's rules, a TTL with its unit, the
 * preview of the path, and which access control list comes along.
 */
import type { AclDto } from '../../../../shared/api/common.ts';
import { Perms } from '../../../../shared/acl.ts';
import { type PathProblem, findPathProblem, joinPath } from '../../../../shared/path.ts';
import {
  type CreateMode,
  TTL_MS_MAX,
  hasTtl,
  isSequential,
} from '../../../../shared/protocol/create-mode.ts';

export const TTL_UNITS = ['ms', 's', 'min', 'h', 'd'] as const;
export type TtlUnit = (typeof TTL_UNITS)[number];

const UNIT_MS: Record<TtlUnit, number> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

export const ACL_PRESETS = ['inherit', 'open', 'creator', 'read-for-all'] as const;
export type AclPreset = (typeof ACL_PRESETS)[number];

export interface CreateForm {
  readonly parent: string;
  /** May have slashes: the nodes between must exist. */
  readonly name: string;
  readonly mode: CreateMode;
  readonly ttl: string;
  readonly ttlUnit: TtlUnit;
  readonly data: string;
  /** No data at all, which is not the same as none written. */
  readonly isNull: boolean;
  readonly preset: AclPreset;
}

export function newCreateForm(parent: string): CreateForm {
  return {
    parent,
    name: '',
    mode: 'PERSISTENT',
    ttl: '1',
    ttlUnit: 'h',
    data: '',
    isNull: false,
    preset: 'inherit',
  };
}

export type NameProblem = PathProblem | 'RESERVED';

/** What the server would refuse about the name. A sequential node may go without one: the number is its name. */
export function findNameProblem({
  parent,
  name,
  mode,
}: Pick<CreateForm, 'parent' | 'name' | 'mode'>): NameProblem | undefined {
  if (name === '' && !isSequential(mode)) return 'EMPTY';
  // The number completes the last segment, so the server checks the rules with it.
  const path = joinPath(parent, isSequential(mode) ? `${name}0000000000` : name);
  if (path === '/zookeeper') return 'RESERVED';
  return findPathProblem(path);
}

/** The TTL in milliseconds, or undefined when it is no number or out of range. */
export function ttlMsOf({ ttl, ttlUnit }: Pick<CreateForm, 'ttl' | 'ttlUnit'>): number | undefined {
  if (!/^\d+(\.\d+)?$/.test(ttl.trim())) return undefined;
  const ttlMs = Math.round(Number(ttl) * UNIT_MS[ttlUnit]);
  return ttlMs >= 1 && ttlMs <= TTL_MS_MAX ? ttlMs : undefined;
}

export function needsTtl(mode: CreateMode): boolean {
  return hasTtl(mode);
}

/** The path as it will be; the number that the server appends is written as ten `#`. */
export function previewPath({ parent, name, mode }: Pick<CreateForm, 'parent' | 'name' | 'mode'>): string {
  return joinPath(parent, isSequential(mode) ? `${name}##########` : name);
}

/** The list of a preset. `parentAcl` is null while it is not known, or hidden. */
export function aclOfPreset(preset: AclPreset, parentAcl: readonly AclDto[] | null): AclDto[] | null {
  switch (preset) {
    case 'inherit':
      return parentAcl === null || parentAcl.length === 0 ? null : [...parentAcl];
    case 'open':
      return [{ perms: Perms.ALL, scheme: 'world', id: 'anyone' }];
    case 'creator':
      return [{ perms: Perms.ALL, scheme: 'auth', id: '' }];
    case 'read-for-all':
      return [
        { perms: Perms.READ, scheme: 'world', id: 'anyone' },
        { perms: Perms.ALL, scheme: 'auth', id: '' },
      ];
  }
}
