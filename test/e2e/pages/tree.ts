/** The tree of Browse: rows by path, filter, notices below an open node, the context menu. */
import type { Locator, Page } from 'playwright-core';
import { see } from '../support/look.ts';
import type { Texts } from '../support/texts.ts';

const ATTEMPT_MS_MAX = 15_000;
const ATTEMPTS_MAX = 3;

export class Tree {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  get root(): Locator {
    return this.#page.getByRole('tree', { name: this.#texts.browse.tree.label });
  }

  get rows(): Locator {
    return this.root.getByRole('treeitem');
  }

  row(path: string): Locator {
    // A name alone may stand at many places of the tree; its path stands once.
    return this.rows.and(this.#page.locator(`[data-path=${JSON.stringify(path)}]`));
  }

  async select(path: string): Promise<void> {
    await this.#until(this.selected(path), async () => {
      await this.row(path).click();
    });
  }

  selected(path: string): Locator {
    return this.row(path).and(this.#page.locator('[aria-selected="true"]'));
  }

  expanded(path: string): Locator {
    return this.row(path).and(this.#page.locator('[aria-expanded="true"]'));
  }

  /** Opens or closes a node by its chevron. */
  async toggle(path: string): Promise<void> {
    await this.row(path).locator('[data-toggle]').click();
  }

  async expand(path: string): Promise<void> {
    await this.#until(this.expanded(path), async () => {
      await see(this.row(path));
      if ((await this.row(path).getAttribute('aria-expanded')) !== 'true') await this.toggle(path);
    });
  }

  /** Rows move while others are read, and a click may meet one that has come in between: so it looks, and tries again. */
  async #until(wanted: Locator, act: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await act();
      try {
        await see(wanted, ATTEMPT_MS_MAX);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** Opens every node on the way to `path`, and selects it. */
  async reach(path: string): Promise<void> {
    const names = path.split('/').filter((name) => name !== '');
    for (let depth = 1; depth < names.length; depth++) {
      await this.expand(`/${names.slice(0, depth).join('/')}`);
    }
    await this.select(path);
  }

  get filter(): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.browse.tree.filter });
  }

  badge(path: string, kind: keyof Texts['browse']['badge']): Locator {
    return this.row(path).getByRole('img', { name: this.#texts.browse.badge[kind] });
  }

  get create(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.browse.tree.create, exact: true });
  }

  /** The answer to the question before a long list of children is read. */
  get loadThem(): Locator {
    return this.root.getByRole('button', { name: this.#texts.browse.tree.loadThem });
  }

  async chooseInMenu(path: string, entry: 'create' | 'delete' | 'watch' | 'refresh'): Promise<void> {
    await this.row(path).click({ button: 'right' });
    await this.#page.getByRole('menuitem', { name: this.#texts.browse.menu[entry] }).click();
  }
}
