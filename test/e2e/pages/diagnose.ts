/** Diagnose: the list of findings, and the one that is shown. */
import type { Locator, Page } from 'playwright-core';
import type { Texts } from '../support/texts.ts';

export class Diagnose {
  readonly #page: Page;
  readonly #texts: Texts['diagnose'];

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts.diagnose;
  }

  get list(): Locator {
    return this.#page.getByRole('listbox', { name: this.#texts.list.label });
  }

  /** Findings in the list whose row says this. */
  finding(text: string | RegExp): Locator {
    return this.list.getByRole('option').filter({ hasText: text });
  }

  get search(): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.list.searchLabel });
  }

  /** The answer of the finding that is shown. */
  get headline(): Locator {
    return this.#page.getByRole('article').getByRole('heading', { level: 1 });
  }

  /** The value of a fact in the strip below the answer. */
  fact(fact: keyof Texts['diagnose']['fact']): Locator {
    const name = this.#texts.fact[fact];
    return this.#page
      .getByRole('article')
      .locator('dl > div')
      .filter({ has: this.#page.getByText(name, { exact: true }) })
      .locator('dd')
      .first();
  }

  panel(title: string): Locator {
    return this.#page.getByRole('article').getByRole('region', { name: title, exact: true });
  }

  get chart(): Locator {
    return this.#page.getByRole('img', { name: this.#texts.picture.chart });
  }

  get report(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.report.action, exact: true });
  }

  get causeOne(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.empty.cause });
  }
}
