/** Events, as a view and as the dock below the others. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, fill } from '../support/texts.ts';

export class Events {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  get list(): Locator {
    return this.#page.getByRole('grid', { name: this.#texts.events.list });
  }

  row(type: string, path?: string): Locator {
    const rows = this.list.getByRole('row').filter({ hasText: type });
    if (path === undefined) return rows;
    const open = fill(this.#texts.events.action.openPath, { path });
    return rows.filter({ has: this.#page.getByTitle(open, { exact: true }) });
  }

  get watchRoot(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.events.empty.watchRoot, exact: true });
  }

  /** A watched subtree; its name is what it shows, and ends in the number of its events. */
  chip(path: string): Locator {
    return this.#page
      .getByRole('list', { name: this.#texts.events.subtree.label })
      .getByRole('button', { name: `${path === '/' ? '' : path}/** ` });
  }

  action(name: 'pause' | 'resume' | 'clear' | 'minimise' | 'restore' | 'openView'): Locator {
    return this.#page.getByRole('button', { name: this.#texts.events.action[name], exact: true });
  }

  get filterText(): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.events.action.filter });
  }
}
