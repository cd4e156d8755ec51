/** Browse: the tree, the selected node, and the dialogs that create and delete. */
import type { Locator, Page } from 'playwright-core';
import { seeNone } from '../support/look.ts';
import { type Texts, fill, like } from '../support/texts.ts';
import { NodePane } from './node-pane.ts';
import { Tree } from './tree.ts';

export interface NewNode {
  readonly name: string;
  readonly mode?: keyof Texts['browse']['create']['modes'];
  readonly data?: string;
  readonly ttl?: string;
}

export class Browse {
  readonly tree: Tree;
  readonly node: NodePane;
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.tree = new Tree(page, texts);
    this.node = new NodePane(page, texts);
    this.#page = page;
    this.#texts = texts;
  }

  // ---- creating

  get createDialog(): Locator {
    return this.#page.getByRole('dialog', { name: like(this.#texts.browse.create.title) });
  }

  async fillCreateDialog({ name, mode, data, ttl }: NewNode): Promise<void> {
    const { create } = this.#texts.browse;
    const dialog = this.createDialog;
    await dialog.getByRole('textbox', { name: create.name }).fill(name);
    if (mode !== undefined) {
      await dialog.getByRole('combobox', { name: create.mode }).click();
      // An option says what it means, too, so its name is longer than its title.
      const title = this.#page.getByText(create.modes[mode], { exact: true });
      await this.#page.getByRole('option').filter({ has: title }).click();
    }
    if (ttl !== undefined) await dialog.getByRole('textbox', { name: create.ttl }).fill(ttl);
    if (data !== undefined) await dialog.getByRole('textbox', { name: create.data }).fill(data);
  }

  get submitCreate(): Locator {
    return this.createDialog.getByRole('button', { name: this.#texts.browse.create.submit });
  }

  /** Creates a node below the selected one. */
  async create(node: NewNode): Promise<void> {
    await this.tree.create.click();
    await this.fillCreateDialog(node);
    await this.submitCreate.click();
    await seeNone(this.createDialog);
  }

  // ---- deleting

  deleteDialog(name: string): Locator {
    return this.#page.getByRole('dialog', { name: fill(this.#texts.browse.remove.title, { name }) });
  }

  /** Confirms the delete of one node without children. */
  deleteOne(name: string, version: number): Locator {
    const button = fill(this.#texts.browse.remove.one, { version });
    return this.deleteDialog(name).getByRole('button', { name: button });
  }

  deleteAll(name: string): Locator {
    return this.deleteDialog(name).getByRole('button', { name: this.#texts.browse.remove.start });
  }

  get undo(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.browse.remove.undo, exact: true });
  }

  get jobProgress(): Locator {
    return this.#page.getByRole('progressbar', { name: this.#texts.browse.job.progress });
  }

  get cancelJob(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.browse.job.cancel });
  }
}
