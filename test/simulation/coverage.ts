/** Counts what happened in simulated runs, so that nothing that is thought to be tried silently never happens. */

const KINDS = [
  // Ensembles.
  '3 servers',
  '5 servers',
  '3 servers and 2 observers',
  'hierarchical quorums',
  // Faults.
  'crash',
  'crash of the leader',
  'power failure',
  'unsynced writes lost',
  'torn tail',
  'truncation interrupted',
  'installation of a snapshot interrupted',
  'restart',
  'slow disk',
  'late packet',
  'partition',
  'leader cut off',
  'one-way cut',
  'network healed',
  'quorum connection broken',
  'client connection broken',
  'clock set',
  'reconfiguration cut off',
  'learner held up',
  // Elections.
  'election round',
  'became leader',
  'became follower',
  'became observer',
  'leader established',
  'leader established late',
  'zxids of an epoch used up',
  // Reconfiguration.
  'reconfigured',
  'reconfiguration refused',
  'members changed',
  'leadership handed over',
  'configuration heard of',
  'role changed',
  // Synchronisation.
  'DIFF',
  'TRUNC',
  'TRUNC+DIFF',
  'SNAP',
  'snapshot asked for',
  'snapshot taken',
  'snapshot begun anew',
  // Clients.
  'session created',
  'session closed by its client',
  'session expired',
  'session moved',
  'client silent',
  'refused, since the session has moved',
  'watch fired',
  'watches set again',
] as const;

export type Kind = (typeof KINDS)[number];

/** One run in a hundred or fewer comes to these; other tests show that they are done right, long simulations that they are safe. */
const RARE: readonly Kind[] = ['snapshot asked for', 'leader established late'];

export class Coverage {
  readonly #counts = new Map<Kind, number>();

  count(kind: Kind): void {
    this.#counts.set(kind, this.of(kind) + 1);
  }

  of(kind: Kind): number {
    return this.#counts.get(kind) ?? 0;
  }

  add(other: Coverage): void {
    for (const kind of KINDS) {
      const count = other.of(kind);
      if (count > 0) this.#counts.set(kind, this.of(kind) + count);
    }
  }

  /** What never happened, and should somewhere in two hundred runs. */
  get missing(): Kind[] {
    return KINDS.filter((kind) => this.of(kind) === 0 && !RARE.includes(kind));
  }

  format(): string {
    return KINDS.map((kind) => `${String(this.of(kind)).padStart(9)}  ${kind}`).join('\n');
  }
}
