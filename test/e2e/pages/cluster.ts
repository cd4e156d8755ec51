/** Cluster: the answer, a lane a server, what the rules found, the chart. */
import type { Locator, Page } from 'playwright-core';
import type { RuleId } from '../../../shared/api/health.ts';
import { type Texts, fill, like } from '../support/texts.ts';

export class Cluster {
  readonly #page: Page;
  readonly #texts: Texts;

  constructor(page: Page, texts: Texts) {
    this.#page = page;
    this.#texts = texts;
  }

  answer(sentence: string): Locator {
    return this.#page.getByRole('main').getByRole('status').filter({ hasText: sentence });
  }

  lane(server: string): Locator {
    const name = fill(this.#texts.cluster.lane.label, { server });
    return this.#page.getByRole('listitem', { name, exact: true });
  }

  allValues(server: string): Locator {
    const name = fill(this.#texts.cluster.lane.details, { server });
    return this.#page.getByRole('button', { name, exact: true });
  }

  /** All that a server tells by mntr. */
  values(server: string): Locator {
    const name = fill(this.#texts.cluster.drawer.label, { server });
    return this.#page.getByRole('grid', { name, exact: true });
  }

  get searchValues(): Locator {
    return this.#page.getByRole('textbox', { name: this.#texts.cluster.drawer.search });
  }

  get findings(): Locator {
    return this.#page.getByRole('region', { name: this.#texts.cluster.findings.title, exact: true });
  }

  finding(rule: RuleId): Locator {
    const texts: Readonly<Record<string, string>> = this.#texts.cluster.rule[rule];
    const title = texts['title'] ?? texts['title_one'] ?? texts['title_other'] ?? '';
    return this.findings.getByRole('listitem').filter({ hasText: like(title) });
  }

  /** The button that shows which rules passed, and which nobody could check. */
  get otherRules(): Locator {
    const { allChecked, unchecked_other: unchecked } = this.#texts.cluster.findings;
    const name = new RegExp(`${like(allChecked).source}|${like(unchecked).source}`);
    return this.findings.getByRole('button', { name });
  }

  /** The picture itself; `data-points` says how many points it has. */
  get chart(): Locator {
    return this.#page.getByRole('application');
  }

  chartButton(button: 'asTable' | 'asChart'): Locator {
    return this.#page.getByRole('button', { name: this.#texts.cluster.chart[button], exact: true });
  }

  async chooseMetric(metric: keyof Texts['cluster']['chart']['metric']): Promise<void> {
    const { chart } = this.#texts.cluster;
    await this.#page.getByRole('combobox', { name: chart.choose, exact: true }).click();
    await this.#page.getByRole('option', { name: chart.metric[metric], exact: true }).click();
  }

  async chooseRange(range: keyof Texts['cluster']['rangeText']): Promise<void> {
    await this.#page
      .getByRole('radiogroup', { name: this.#texts.cluster.range })
      .getByText(this.#texts.cluster.rangeText[range], { exact: true })
      .click();
  }
}
