/** A browser's window on Zabra, the same for every test and for the pictures. */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { LOOK_MS_MAX } from './look.ts';
import { PageProblems } from './page-problems.ts';

export const CONTEXT_OPTIONS = {
  locale: 'en-US',
  colorScheme: 'dark',
  viewport: { width: 1440, height: 900 },
  permissions: ['clipboard-read', 'clipboard-write'],
} satisfies BrowserContextOptions;

/** A page on a host, watched for problems. */
export async function openPage(
  context: BrowserContext,
  url: string,
): Promise<{ page: Page; problems: PageProblems }> {
  const page = await context.newPage();
  page.setDefaultTimeout(LOOK_MS_MAX);
  const problems = await PageProblems.watch(page);
  await page.goto(url);
  return { page, problems };
}
