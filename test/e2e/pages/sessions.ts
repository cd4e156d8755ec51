/** Sessions: the table and the details of one session. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, fill } from '../support/texts.ts';

export class Sessions {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  get table(): Locator {
    return this.#page.getByRole('grid', { name: this.#texts.sessions.table });
  }

  row(sessionId: string): Locator {
    return this.table.getByRole('row').filter({ hasText: sessionId });
  }

  details(sessionId: string): Locator {
    const name = fill(this.#texts.sessions.drawer.label, { id: sessionId });
    return this.#page.getByLabel(name, { exact: true });
  }
}
