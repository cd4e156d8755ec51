/** Remembers what was told, so that a finding is told again only when something of it has changed. Pure. */
const REMEMBERED_MAX = 10_000;

export class FindingBook {
  readonly #told = new Map<string, string>();

  /** Those that are new or have changed. */
  changed<T extends { readonly id: string }>(findings: readonly T[]): T[] {
    return findings.filter((finding) => {
      const text = JSON.stringify(finding);
      if (this.#told.get(finding.id) === text) return false;
      this.#told.delete(finding.id);
      this.#told.set(finding.id, text);
      const [oldest] = this.#told.keys();
      if (this.#told.size > REMEMBERED_MAX && oldest !== undefined) this.#told.delete(oldest);
      return true;
    });
  }
}
