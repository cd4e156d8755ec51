/** The selected znode: its tabs, the data in its three forms, saving, the conflict, the ACL. */
import type { Locator, Page } from 'playwright-core';
import { see } from '../support/look.ts';
import { type Texts, fill } from '../support/texts.ts';

export type TabName = 'data' | 'stat' | 'acl' | 'children';

export class NodePane {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  get #browse(): Texts['browse'] {
    return this.#texts.browse;
  }

  tab(tab: TabName): Locator {
    const name = tab === 'acl' ? 'ACL' : this.#browse.tab[tab];
    return this.#page.getByRole('tab', { name });
  }

  async openTab(tab: TabName): Promise<void> {
    await this.tab(tab).click();
    await see(this.panel);
  }

  get panel(): Locator {
    return this.#page.getByRole('tabpanel');
  }

  /** The table of children. */
  children(path: string): Locator {
    return this.#page.getByRole('grid', { name: fill(this.#browse.children.label, { path }), exact: true });
  }

  /** The text editor of a node; it is there when Monaco is loaded. */
  editor(path: string): Locator {
    return this.#page.getByRole('textbox', { name: fill(this.#browse.data.editorLabel, { path }) });
  }

  /** What the editor shows; short texts only, since Monaco renders what is in sight. */
  get editorText(): Locator {
    return this.#page.locator('.monaco-editor .view-lines');
  }

  hexEditor(path: string): Locator {
    return this.#page.getByRole('application', { name: fill(this.#browse.data.editorLabel, { path }) });
  }

  async showAs(mode: 'text' | 'json' | 'hex'): Promise<void> {
    await this.#page.getByRole('combobox', { name: this.#browse.data.mode }).click();
    await this.#page.getByRole('option', { name: this.#browse.mode[mode], exact: true }).click();
  }

  /** Puts a text in place of all that the editor holds, by the clipboard: a browser types a long text letter by letter. */
  async replaceText(path: string, text: string): Promise<void> {
    await this.#page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.editor(path).focus();
    await this.#page.keyboard.press('ControlOrMeta+a');
    await this.#page.keyboard.press('ControlOrMeta+v');
  }

  /** Puts a text in place of a word that stands once in the editor, as it is coloured: with its quotes. */
  async replaceWord(word: string, text: string): Promise<void> {
    await this.editorText.getByText(word, { exact: true }).dblclick();
    await this.#page.keyboard.insertText(text);
  }

  save(fromVersion: number): Locator {
    const name = fill(this.#browse.save.save, { from: fromVersion, to: fromVersion + 1 });
    return this.#page.getByRole('button', { name, exact: true });
  }

  /** The line that says that a save has gone through. */
  saved(version: number): Locator {
    return this.#page.getByRole('status').filter({ hasText: fill(this.#browse.save.saved, { version }) });
  }

  button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true });
  }

  get revert(): Locator {
    return this.button(this.#browse.save.revert);
  }

  // ---- the conflict

  conflict({ now, edited }: { now: number; edited: number }): Locator {
    return this.#page
      .getByRole('alert')
      .filter({ hasText: fill(this.#browse.conflict.title, { now, edited }) });
  }

  /** Drops the edit and shows what is on the server. */
  discardMine(version: number): Locator {
    return this.button(fill(this.#browse.conflict.discard, { version }));
  }

  overwrite(version: number): Locator {
    return this.button(fill(this.#browse.conflict.overwrite, { version }));
  }

  overwriteNow(version: number): Locator {
    return this.button(fill(this.#browse.conflict.overwriteNow, { from: version, to: version + 1 }));
  }

  saveMerged(becomes: number): Locator {
    return this.button(fill(this.#browse.conflict.saveMerged, { to: becomes }));
  }

  // ---- the ACL

  aclPermission(perm: keyof Texts['browse']['acl']['perm'], entry: number): Locator {
    const { perm: perms, permOf } = this.#browse.acl;
    return this.#page.getByRole('checkbox', { name: fill(permOf, { perm: perms[perm], number: entry }) });
  }

  saveAcl(aversion: number): Locator {
    return this.button(fill(this.#browse.acl.save, { from: aversion, to: aversion + 1 }));
  }

  savedAcl(aversion: number): Locator {
    return this.#page
      .getByRole('status')
      .filter({ hasText: fill(this.#browse.acl.saved, { version: aversion }) });
  }

  // ---- a node that went while one edited it

  goneDraft(path: string): Locator {
    return this.#page.getByRole('alert').filter({ hasText: fill(this.#browse.gone.draftTitle, { path }) });
  }

  /** Copies the whole draft, and says what that is. */
  async copyDraft(): Promise<string> {
    await this.button(this.#browse.conflict.copyDraft).click();
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  get gone(): Locator {
    return this.#page.getByRole('heading', { name: this.#browse.gone.deleted });
  }
}
