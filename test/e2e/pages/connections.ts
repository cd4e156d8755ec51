/** Connections: the list, the form of one, and the test of what stands in it. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, like } from '../support/texts.ts';

export type TestStepName = keyof Texts['connections']['test']['steps'];

export class Connections {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  get list(): Locator {
    return this.#page.getByRole('listbox', { name: this.#texts.connections.list.label });
  }

  item(name: string): Locator {
    return this.list.getByRole('option').filter({ hasText: name });
  }

  field(name: 'name' | 'servers' | 'chroot' | 'user'): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.connections.form[name], exact: true });
  }

  get password(): Locator {
    return this.#page.locator('input[type=password]');
  }

  async chooseDigest(user: string, password: string): Promise<void> {
    await this.#page.getByText(this.#texts.connections.form.authKinds.digest, { exact: true }).click();
    await this.field('user').fill(user);
    await this.password.fill(password);
  }

  button(name: 'save' | 'saveAndOpen' | 'open' | 'test' | 'testAgain' | 'cancel'): Locator {
    return this.#page.getByRole('button', { name: this.#texts.connections.form[name], exact: true });
  }

  get removeButton(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.connections.form.remove });
  }

  get testPanel(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.connections.test.label });
  }

  /** A step of the test in the state given. */
  step(step: TestStepName, state: keyof Texts['connections']['test']['states']): Locator {
    const { steps, states } = this.#texts.connections.test;
    return this.testPanel
      .getByRole('listitem')
      .filter({ has: this.#page.getByRole('heading', { name: steps[step], exact: true }) })
      .filter({ has: this.#page.getByRole('img', { name: states[state], exact: true }) });
  }

  /** The end of a test: how many steps passed. */
  get testSummary(): Locator {
    return this.testPanel.getByText(like(this.#texts.connections.test.passed));
  }

  /** The server that Zabra runs for the chosen connection. */
  get localServer(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.connections.form.titleLocal });
  }
}
