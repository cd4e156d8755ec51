/** Every screen: no serious violation of accessibility in either theme, and each language without words of the other. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, onTestFinished } from 'vitest';
import { startBuiltin } from '../support/builtin-server.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { eventually } from './support/eventually.ts';
import { see } from './support/look.ts';
import { seed } from './support/seed.ts';
import { TELLING, connectClient } from './support/servers.ts';
import { TEXTS } from './support/texts.ts';
import { type Stage, walk } from './support/tour.ts';
import { textsOnScreen, wordsOnlyIn } from './support/words.ts';

const MINUTES = 60_000;

async function setStage(app: App): Promise<Stage> {
  const server = await startBuiltin(TELLING);
  onTestFinished(() => server.stop());
  const proxy = await TcpProxy.start(server);
  onTestFinished(() => proxy.stop());
  const client = await connectClient(server.connectString);
  await seed(client);
  return { app, page: app.page, client, proxy };
}

test(
  'every screen in both themes has no serious violation of accessibility',
  { timeout: 10 * MINUTES },
  async ({ zabra: { app, page } }) => {
    const violations: string[] = [];
    await walk(await setStage(app), async ({ name }) => {
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.waitForFunction(
          (theme) => document.documentElement.dataset['theme'] === theme,
          colorScheme,
        );
        // Only violations are looked at, and the frames' own way of collecting them is not needed without frames.
        const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
        // Between the themes only colours differ.
        if (colorScheme === 'light') axe.withRules(['color-contrast']);
        const { violations: found } = await axe.analyze();
        for (const { id, impact, nodes } of found) {
          if (impact !== 'serious' && impact !== 'critical') continue;
          const where = nodes.map((node) => `    ${node.target.join(' ')}: ${node.html.slice(0, 160)}`);
          violations.push(`${name}, ${colorScheme}: ${id} (${impact})\n${where.join('\n')}`);
        }
      }
    });
    expect(violations.join('\n')).toBe('');
  },
);

test(
  'every screen in Chinese shows no English text that has a translation',
  { timeout: 10 * MINUTES },
  async ({ browser, host }) => {
    const context = await browser.newContext({ ...CONTEXT_OPTIONS, locale: 'zh-CN' });
    onTestFinished(() => context.close());
    const { page, problems } = await openPage(context, host.url);
    const isEnglish = wordsOnlyIn('en', 'zh-CN');
    const found = new Set<string>();
    await walk(await setStage(new App(page, TEXTS['zh-CN'])), async ({ name }) => {
      for (const text of await textsOnScreen(page)) if (isEnglish(text)) found.add(`${name}: ${text}`);
    });
    expect([...found].join('\n')).toBe('');
    problems.expectNone();
  },
);

test(
  'every screen in English shows no Chinese',
  { timeout: 10 * MINUTES },
  async ({ zabra: { app, page } }) => {
    const found = new Set<string>();
    await walk(await setStage(app), async ({ name }) => {
      for (const text of await textsOnScreen(page))
        if (/\p{Script=Han}/u.test(text)) found.add(`${name}: ${text}`);
    });
    // The button that switches the language says so in that language, and so does its command.
    const { frame, command } = TEXTS.en.common;
    const own = [frame.otherLanguage, frame.switchLanguage, command.chinese];
    expect([...found].filter((text) => !own.some((word) => text.endsWith(`: ${word}`)))).toEqual([]);
  },
);

test('the language changes in place and is kept over a reload', async ({ zabra: { app, page } }) => {
  await see(app.firstStart.title);
  await app.languageButton.click();
  const chinese = new App(page, TEXTS['zh-CN']);
  await see(chinese.firstStart.title);
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.reload();
  await see(chinese.firstStart.title);
  await chinese.languageButton.click();
  await see(app.firstStart.title);
});

test('the theme changes in place and is kept over a reload', async ({ zabra: { app, page } }) => {
  const theme = (): Promise<string | null> => page.locator('html').getAttribute('data-theme');
  await see(app.firstStart.title);
  await app.chooseTheme('light');
  await eventually(theme).toBe('light');
  await page.reload();
  await see(app.firstStart.title);
  expect(await theme(), 'from the first picture on').toBe('light');
  await app.chooseTheme('dark');
  await eventually(theme).toBe('dark');
});
