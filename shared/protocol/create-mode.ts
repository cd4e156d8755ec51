/** The seven kinds of create (CreateMode, PROTOCOL.md 2.4) and what the wire makes of them. */
import { OpCode } from './op-code.ts';

export const CREATE_MODES = [
  'PERSISTENT',
  'EPHEMERAL',
  'PERSISTENT_SEQUENTIAL',
  'EPHEMERAL_SEQUENTIAL',
  'CONTAINER',
  'PERSISTENT_WITH_TTL',
  'PERSISTENT_SEQUENTIAL_WITH_TTL',
] as const;

/** The index of a mode in {@link CREATE_MODES} is its `flags` on the wire. */
export type CreateMode = (typeof CREATE_MODES)[number];

export const TTL_MS_MAX = 0xff_ffff_ffff;

export function createModeFlags(mode: CreateMode): number {
  return CREATE_MODES.indexOf(mode);
}

/** Undefined for a number that is no mode. */
export function createModeFromFlags(flags: number): CreateMode | undefined {
  return CREATE_MODES[flags];
}

export function isSequential(mode: CreateMode): boolean {
  return (
    mode === 'PERSISTENT_SEQUENTIAL' ||
    mode === 'EPHEMERAL_SEQUENTIAL' ||
    mode === 'PERSISTENT_SEQUENTIAL_WITH_TTL'
  );
}

export function isEphemeral(mode: CreateMode): boolean {
  return mode === 'EPHEMERAL' || mode === 'EPHEMERAL_SEQUENTIAL';
}

export function hasTtl(mode: CreateMode): boolean {
  return mode === 'PERSISTENT_WITH_TTL' || mode === 'PERSISTENT_SEQUENTIAL_WITH_TTL';
}

export function isContainer(mode: CreateMode): boolean {
  return mode === 'CONTAINER';
}

/** The op code that must go with `mode`: the server picks the transaction by it (PROTOCOL.md 2.4, notes). */
export function createOpCode(mode: CreateMode): OpCode {
  if (hasTtl(mode)) return OpCode.createTTL;
  if (isContainer(mode)) return OpCode.createContainer;
  return OpCode.create2;
}
