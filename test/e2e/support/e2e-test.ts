/**
 * `test` with Zabra at hand: a host with an empty data folder and a page on it for every test, one browser a file. When a
 * test has failed there is a picture of the page in test/output; when the page had an error that nobody saw, it fails.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test as base } from 'vitest';
import type { Page } from 'playwright-core';
import { App } from '../pages/app.ts';
import { launchChromium } from './chromium.ts';
import type { PageProblems } from './page-problems.ts';
import { CONTEXT_OPTIONS, openPage } from './page.ts';
import { TEXTS } from './texts.ts';
import { ROOT, type ZabraHost, startZabra } from './zabra-host.ts';

export interface Zabra {
  readonly host: ZabraHost;
  readonly page: Page;
  /** The screen by its English words. */
  readonly app: App;
  readonly problems: PageProblems;
}

export const test = base
  // eslint-disable-next-line no-empty-pattern -- vitest reads what a fixture needs from the pattern
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  // eslint-disable-next-line no-empty-pattern -- as above
  .extend('host', async ({}, { onCleanup }) => {
    const host = await startZabra();
    onCleanup(() => host.dispose());
    return host;
  })
  .extend('zabra', async ({ browser, host, task }, { onCleanup }): Promise<Zabra> => {
    const context = await browser.newContext(CONTEXT_OPTIONS);
    const { page, problems } = await openPage(context, host.url);
    onCleanup(async () => {
      if (task.result?.state === 'fail' && !page.isClosed()) await takePicture(page, task.name);
      await context.close();
      problems.expectNone();
    });
    return { host, page, app: new App(page, TEXTS.en), problems };
  });

async function takePicture(page: Page, title: string): Promise<void> {
  const folder = path.join(ROOT, 'test/output/e2e');
  await mkdir(folder, { recursive: true });
  const name = title.replace(/[^\w]+/g, '-').slice(0, 100);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
