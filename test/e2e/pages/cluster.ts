/** Cluster: the answer, a lane a server, and what is hidden. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, fill } from '../support/texts.ts';

export class Cluster {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  answer(sentence: string): Locator {
    return this.#page.getByRole('main').getByRole('status').filter({ hasText: sentence });
  }

  lane(server: string): Locator {
    const name = fill(this.#texts.cluster.lane.label, { server });
    return this.#page.getByRole('listitem', { name, exact: true });
  }

  allValues(server: string): Locator {
    const name = fill(this.#texts.cluster.lane.details, { server });
    return this.#page.getByRole('button', { name, exact: true });
  }

  /** All that a server tells by mntr. */
  values(server: string): Locator {
    const name = fill(this.#texts.cluster.drawer.label, { server });
    return this.#page.getByRole('grid', { name, exact: true });
  }

  get searchValues(): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.cluster.drawer.search });
  }
}
