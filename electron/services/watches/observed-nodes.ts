/** Which nodes the pages show: each page says what it has on screen, and the watches serve all of them together. Pure. */
export class ObservedNodes<Page> {
  readonly #byPage = new Map<Page, ReadonlySet<string>>();
  #all: ReadonlySet<string> = new Set();

  /** What any page shows. */
  get all(): ReadonlySet<string> {
    return this.#all;
  }

  has(page: Page): boolean {
    return this.#byPage.has(page);
  }

  /** Replaces what one page shows; the result is what it did not show before. */
  replace(page: Page, paths: readonly string[]): string[] {
    const before = this.#byPage.get(page);
    this.#byPage.set(page, new Set(paths));
    this.#join();
    return paths.filter((path) => before?.has(path) !== true);
  }

  forget(page: Page): void {
    this.#byPage.delete(page);
    this.#join();
  }

  #join(): void {
    this.#all = new Set([...this.#byPage.values()].flatMap((paths) => [...paths]));
  }
}
