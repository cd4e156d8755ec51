/**
 * What no person sees and every test must fail on: uncaught errors, errors on the console, violations of the content
 * security policy, requests to anywhere but the host. A test that provokes one on purpose allows it by a pattern.
 */
import type { Page } from 'playwright-core';

export class PageProblems {
  readonly #found: string[] = [];
  readonly #allowed: RegExp[] = [];

  static async watch(page: Page): Promise<PageProblems> {
    const problems = new PageProblems();
    const add = (problem: string): void => {
      problems.#found.push(problem);
    };
    page.on('pageerror', (error) => {
      add(`uncaught: ${error.stack ?? error.message}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') add(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      const isLocal = hostname === '127.0.0.1' || protocol === 'blob:' || protocol === 'data:';
      if (!isLocal) add(`a request to ${request.url()}`);
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        // eslint-disable-next-line no-console -- the page's console is where the suite listens
        console.error(`content security policy: ${event.violatedDirective} refused ${event.blockedURI}`);
      });
    });
    return problems;
  }

  /** Problems that match are expected in this test. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  get unexpected(): readonly string[] {
    return this.#found.filter((problem) => !this.#allowed.some((pattern) => pattern.test(problem)));
  }

  expectNone(): void {
    if (this.unexpected.length > 0)
      throw new Error(`the page had problems:\n- ${this.unexpected.join('\n- ')}`);
  }
}
