/** The first start: two ways to a connection. */
import type { Locator, Page } from 'playwright-core';
import type { Texts } from '../support/texts.ts';

export class FirstStart {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  get title(): Locator {
    return this.#page.getByRole('heading', { name: this.#texts.connections.firstStart.title });
  }

  get startEnsemble(): Locator {
    return this.#button(this.#texts.connections.firstStart.start);
  }

  get startOne(): Locator {
    return this.#button(this.#texts.connections.firstStart.startOne);
  }

  get connectionString(): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.connections.firstStart.connectionString });
  }

  get testAndConnect(): Locator {
    return this.#button(this.#texts.connections.firstStart.testAndConnect);
  }

  get more(): Locator {
    return this.#button(this.#texts.connections.firstStart.more);
  }

  async enter(connectString: string, environment: 'dev' | 'staging' | 'production' = 'dev'): Promise<void> {
    await this.connectionString.fill(connectString);
    await this.#page.getByText(this.#texts.common.environment[environment], { exact: true }).click();
  }

  #button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true });
  }
}
