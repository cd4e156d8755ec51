/** Sessions: the table, the details of one session, its name, and its end. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, fill, like } from '../support/texts.ts';

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

  /** Those that are gone. */
  get ended(): Locator {
    return this.#page.getByRole('grid', { name: this.#texts.sessions.ended.label });
  }

  scope(scope: 'all' | 'with-ephemerals' | 'watching' | 'ended'): Locator {
    return this.#page.getByText(this.#texts.sessions.scope[scope], { exact: true });
  }

  get filter(): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.sessions.filter, exact: true });
  }

  get countWatches(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.sessions.watches.count });
  }

  /** Of the chosen session. */
  async nameIt(name: string): Promise<void> {
    await this.#page.getByRole('button', { name: this.#texts.sessions.label.edit }).click();
    await this.#page.getByLabel(this.#texts.sessions.label.name, { exact: true }).fill(name);
    await this.#page.getByRole('button', { name: this.#texts.sessions.label.save }).click();
  }

  get openEnd(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.sessions.end.open });
  }

  get preview(): Locator {
    return this.#page.getByRole('group', { name: this.#texts.sessions.end.preview });
  }

  get confirmation(): Locator {
    return this.#page.getByRole('textbox', { name: this.#confirmationName });
  }

  get end(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.sessions.end.confirm, exact: true });
  }

  get #confirmationName(): RegExp {
    const { typeName, typeId } = this.#texts.sessions.end;
    return new RegExp(`${like(typeName).source}|${like(typeId).source}`);
  }
}
