/**
 * What clients saw of one register that all of them write: every value is written once, and the server numbers the writes.
 * Linearizable means here: one value a version, one version a value, what was acknowledged before an operation began lies
 * before it, and no session ever goes back. Throws HistoryError for the first observation that does not fit.
 */

export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

export interface Observation {
  readonly version: number;
  readonly value: string;
}

/** When an operation began: no later operation may be seen to come before what was acknowledged by then. */
export interface Invocation {
  readonly acknowledgedVersion: number;
}

export class RegisterHistory {
  readonly #valueOf = new Map<number, string>();
  readonly #versionOf = new Map<string, number>();
  readonly #sessionVersion = new Map<string, number>();
  #acknowledgedVersion = 0;
  acknowledgedWrites = 0;
  reads = 0;

  begin(): Invocation {
    return { acknowledgedVersion: this.#acknowledgedVersion };
  }

  onAcknowledged(session: string, { acknowledgedVersion }: Invocation, write: Observation): void {
    this.#see(session, write);
    if (write.version <= acknowledgedVersion) {
      throw new HistoryError(
        `${write.value} got version ${write.version}, though ${acknowledgedVersion} was acknowledged before it began`,
      );
    }
    this.#acknowledgedVersion = Math.max(this.#acknowledgedVersion, write.version);
    this.acknowledgedWrites++;
  }

  /** A read behind a sync; without one, pass an invocation from the very beginning. */
  onRead(session: string, { acknowledgedVersion }: Invocation, read: Observation): void {
    this.#see(session, read);
    if (read.version < acknowledgedVersion) {
      throw new HistoryError(
        `${session} read version ${read.version}, though ${acknowledgedVersion} was acknowledged before it asked`,
      );
    }
    this.reads++;
  }

  #see(session: string, { version, value }: Observation): void {
    const valueThere = this.#valueOf.get(version) ?? value;
    if (valueThere !== value) {
      throw new HistoryError(`version ${version} is ${value} for ${session}, and was ${valueThere} before`);
    }
    const versionThere = this.#versionOf.get(value) ?? version;
    if (versionThere !== version) {
      throw new HistoryError(`${value} is version ${version} for ${session}, and was ${versionThere} before`);
    }
    const seen = this.#sessionVersion.get(session) ?? 0;
    if (version < seen) throw new HistoryError(`${session} saw version ${seen} and then ${version}`);
    this.#valueOf.set(version, value);
    this.#versionOf.set(value, version);
    this.#sessionVersion.set(session, version);
  }
}
