/**
 * An incident: what is done to an ensemble, and what a diagnosis of it has to find. Incidents work with the launcher's
 * levers; the diagnosis sees only what a user's cluster offers.
 */
import type { Finding } from '../../shared/api/findings.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import type { EnsembleOptions } from '../../embedded-server/launcher/running-ensemble.ts';
import type { Stage } from './stage.ts';

/** What happened in truth. `cause` null: nothing of this kind, about this subject. */
export interface Truth {
  readonly kind: Finding['kind'];
  readonly cause: Finding['cause'] | null;
  readonly subject: string;
  /** True as well, and need not be told: what follows from the incident. */
  readonly isAside?: true;
}

export interface Incident {
  readonly name: string;
  /** In the words. */
  readonly title: string;
  /** Where it can be made; both engines by default. */
  readonly engines?: readonly EngineName[];
  readonly ensemble?: Pick<EnsembleOptions, 'servers' | 'observers' | 'config' | 'links'>;
  /** Whether a disk or a clock is tampered with. */
  readonly hasFaultyParts?: boolean;
  /** What one engine needs besides. */
  readonly configOf?: Readonly<Partial<Record<EngineName, Readonly<Record<string, string>>>>>;
  /** What has happened when the diagnosis begins to watch. */
  prepare?(stage: Stage): Promise<void>;
  /** Resolves at the end of the incident. */
  run(stage: Stage): Promise<readonly Truth[]>;
}
