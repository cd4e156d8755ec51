/** The command palette. */
import type { Locator, Page } from 'playwright-core';
import { see } from '../support/look.ts';
import type { Texts } from '../support/texts.ts';

export class Palette {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  get field(): Locator {
    return this.#page.getByRole('combobox', { name: this.#texts.common.palette.placeholder });
  }

  get entries(): Locator {
    return this.#page.getByRole('listbox', { name: this.#texts.common.palette.title }).getByRole('option');
  }

  get chosen(): Locator {
    return this.entries.and(this.#page.locator('[aria-selected="true"]'));
  }

  /** Opens it by its key, types, and runs what is chosen then. */
  async run(text: string): Promise<void> {
    await this.#page.keyboard.press('ControlOrMeta+k');
    await this.#page.keyboard.type(text);
    // Commands come and go with what they are for; another one that is like it is not meant.
    await see(this.chosen.filter({ hasText: text }));
    await this.#page.keyboard.press('Enter');
  }
}
