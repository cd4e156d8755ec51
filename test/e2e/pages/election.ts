/** An election in Diagnose, the epoch ribbon, opened logs, and the quorum what-if of Cluster. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, fill, like } from '../support/texts.ts';

export class ElectionPage {
  readonly #page: Page;
  readonly #texts: Texts['election'];

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts.election;
  }

  get title(): Locator {
    return this.#page.getByRole('article').getByRole('heading', { level: 1 });
  }

  /** A fact of the strip with its value and what is said below it. */
  fact(name: string): Locator {
    return this.#page
      .getByRole('article')
      .locator('dl > div')
      .filter({ has: this.#page.getByText(name, { exact: true }) });
  }

  get phases(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.phase.bar }).getByRole('listitem');
  }

  get messages(): Locator {
    return this.#page.getByRole('listbox', { name: this.#texts.diagram.label });
  }

  get messageTable(): Locator {
    return this.#page.getByRole('grid', { name: this.#texts.diagram.title });
  }

  asTable(): Promise<void> {
    return this.#page.getByText(this.#texts.diagram.asTable, { exact: true }).click();
  }

  /** Rows of the vote, the winner's first. */
  get votes(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.vote.title }).getByRole('row');
  }

  get syncs(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.sync.title }).getByRole('listitem');
  }

  get ribbon(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.ribbon.title, exact: true });
  }

  /** Boundaries of the ribbon. */
  get gaps(): Locator {
    return this.ribbon.getByRole('group').getByRole('button');
  }

  get explainLast(): Locator {
    return this.ribbon.getByRole('button', { name: this.#texts.ribbon.explainLast });
  }

  get openLogs(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.logs.open });
  }

  /** Hands files to the view as choosing them does. */
  chooseLogs(files: readonly string[]): Promise<void> {
    return this.#page
      .locator('input[type=file]')
      .first()
      .setInputFiles([...files]);
  }

  /** As dropping them from a file manager does. */
  async dropLogs(files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
    const transfer = await this.#page.evaluateHandle((given) => {
      const data = new DataTransfer();
      for (const { name, text } of given) data.items.add(new File([text], name));
      return data;
    }, files);
    const place = this.#page.getByRole('heading', { name: this.#texts.logs.drop.title });
    await place.dispatchEvent('dragover', { dataTransfer: transfer });
    await place.dispatchEvent('drop', { dataTransfer: transfer });
  }

  get loggedElections(): Locator {
    return this.#page.getByRole('listbox', { name: this.#texts.logs.elections }).getByRole('option');
  }

  get loggedServers(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.logs.servers }).getByRole('listitem');
  }

  get logsSummary(): Locator {
    return this.#page.getByText(like(this.#texts.logs.summary_other));
  }

  get closeLogs(): Locator {
    return this.#page.getByRole('button', { name: this.#texts.logs.close });
  }

  get whatIf(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.whatIf.title });
  }

  /** Of the what-if: whether the server runs there. */
  runs(sid: number): Locator {
    return this.whatIf.getByRole('switch', { name: fill(this.#texts.whatIf.toggle, { sid }) });
  }
}
