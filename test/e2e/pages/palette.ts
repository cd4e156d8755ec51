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
    // It has the keys a moment after it is there: a menu that is closing gives them back first.
    await see(this.field.and(this.#page.locator(':focus')));
    await this.#page.keyboard.type(text);
    await see(this.#page.locator(`input[value=${JSON.stringify(text)}]`));
    await see(this.chosen);
    await this.#page.keyboard.press('Enter');
  }
}
