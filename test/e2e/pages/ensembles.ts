/** Ensembles: the sentence, the servers and the links in the picture, the live state, the log. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, fill, like } from '../support/texts.ts';

type Levers = Texts['ensembles']['lever'];
type Actions = Texts['ensembles']['action'];

export class Ensembles {
  readonly #page: Page;
  readonly #texts: Texts['ensembles'];

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts.ensembles;
  }

  tab(name: string): Locator {
    return this.#page.getByRole('tab', { name: like(`${name} {{count}}`) });
  }

  /** What the ensemble does, in a sentence. */
  verdict(template: keyof Texts['ensembles']['verdict']): Locator {
    const sentence = like(this.#texts.verdict[template]);
    return this.#page.getByRole('main').getByRole('status').filter({ hasText: sentence });
  }

  server(sid: number): Locator {
    return this.#page.getByRole('region', { name: this.#name(sid), exact: true });
  }

  lever(lever: keyof Levers): Locator {
    return this.#page.getByRole('main').getByRole('button', { name: this.#texts.lever[lever], exact: true });
  }

  action(sid: number, action: keyof Actions): Locator {
    const name = fill(this.#texts.actionOf, { action: this.#texts.action[action], name: this.#name(sid) });
    return this.#page.getByRole('button', { name, exact: true });
  }

  /** What is in the menu of a server beside its usual actions. */
  async more(sid: number, what: 'conditions' | 'remove'): Promise<void> {
    await this.#page
      .getByRole('button', { name: fill(this.#texts.server.more, { name: this.#name(sid) }), exact: true })
      .click();
    await this.#page.getByRole('menuitem', { name: this.#texts.server[what] }).click();
  }

  /** One server more. */
  async add(role: 'participant' | 'observer'): Promise<void> {
    await this.#page.getByRole('button', { name: this.#texts.add.server, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: this.#texts.add[role] }).click();
  }

  cut(a: number, b: number): Locator {
    return this.#page.getByRole('button', { name: fill(this.#texts.link.cutNamed, { a, b }), exact: true });
  }

  mend(a: number, b: number): Locator {
    return this.#page.getByRole('button', { name: fill(this.#texts.link.mendNamed, { a, b }), exact: true });
  }

  get linkMore(): Locator {
    return this.#page.getByRole('button', { name: like(this.#texts.link.more) });
  }

  /** The cell of a server in the table of live states. */
  fact(fact: keyof Texts['ensembles']['fact'], sid: number): Locator {
    return this.#page
      .getByRole('row')
      .filter({ has: this.#page.getByRole('rowheader', { name: this.#texts.fact[fact], exact: true }) })
      .getByRole('cell')
      .nth(sid - 1);
  }

  get log(): Locator {
    return this.#page.getByRole('log', { name: this.#texts.log.title });
  }

  get newEnsemble(): Locator {
    return this.#page.getByRole('main').getByRole('button', { name: this.#texts.new, exact: true });
  }

  get dialog(): Locator {
    return this.#page.getByRole('dialog');
  }

  /** Fills in the dialog that is open, and starts. */
  async create(options: {
    readonly name: string;
    readonly servers: number;
    readonly observers?: number;
    readonly isApache?: boolean;
  }): Promise<void> {
    await this.dialog.getByLabel(this.#texts.create.name, { exact: true }).fill(options.name);
    await this.dialog.getByLabel(this.#texts.create.servers).fill(String(options.servers));
    await this.dialog.getByLabel(this.#texts.create.observers).fill(String(options.observers ?? 0));
    if (options.isApache === true) {
      await this.dialog.getByText(this.#texts.engine.apache, { exact: true }).click();
    }
    await this.dialog.getByRole('button', { name: like(this.#texts.create.submit_other) }).click();
  }

  #name(sid: number): string {
    return fill(this.#texts.server.name, { sid });
  }
}
