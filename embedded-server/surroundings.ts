/**
 * What a server stands on: the machine's clocks and its disk, with whatever was done to them (server-messages.ts,
 * Conditions). Time and files come from here and from nowhere else.
 */
import type { Now } from './core/effects.ts';
import { type Conditions, USUAL_CONDITIONS } from './server-messages.ts';
import { withDiskFaults } from './storage/faulty-file-system.ts';
import { type FileSystem, nodeFileSystem } from './storage/file-system.ts';

export class Surroundings {
  readonly fileSystem: FileSystem = withDiskFaults(nodeFileSystem, () => ({
    syncDelayMs: this.conditions.syncDelayMs,
    isFull: this.conditions.isDiskFull,
  }));
  /** From now on. */
  conditions: Conditions;

  constructor(conditions: Conditions = USUAL_CONDITIONS) {
    this.conditions = conditions;
  }

  readonly now = (): Now => ({
    elapsedMs: Math.floor(performance.now()),
    wallMs: Date.now() + this.conditions.clockSkewMs,
  });

  /** With fractions. */
  readonly elapsedMs = (): number => performance.now();
}
