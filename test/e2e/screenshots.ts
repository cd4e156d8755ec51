/**
 * `npm run screenshots`: a picture of every screen, in both themes and both languages, into .screenshots/ (which git
 * ignores), to be held beside the drawings. Needs the built page, as `npm start` and `npm run build` make it.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { startClientProcess } from '../incidents/client-process.ts';
import { missingForApache } from '../support/apache-server.ts';
import { startBuiltin } from '../support/builtin-server.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { App } from './pages/app.ts';
import { startApacheEnsemble } from './support/apache-ensemble.ts';
import { launchChromium } from './support/chromium.ts';
import { see, seeNone, textOf } from './support/look.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { seed } from './support/seed.ts';
import { type Language, TEXTS, like } from './support/texts.ts';
import { type Stage, walk } from './support/tour.ts';
import { ROOT, startZabra } from './support/zabra-host.ts';

const FOLDER = path.join(ROOT, '.screenshots');
const THEMES = ['dark', 'light'] as const;
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', 'zh-CN': 'zh-CN' };

/** What was started, to be ended in the opposite order. */
type Cleanup = (() => Promise<void>)[];

async function openApp(browser: Browser, language: Language, cleanup: Cleanup): Promise<App> {
  const host = await startZabra();
  cleanup.push(() => host.dispose());
  const context = await browser.newContext({
    ...CONTEXT_OPTIONS,
    locale: LOCALES[language],
    deviceScaleFactor: 1,
  });
  cleanup.push(() => context.close());
  const { page } = await openPage(context, host.url);
  return new App(page, TEXTS[language]);
}

async function openStage(app: App, cleanup: Cleanup): Promise<Stage> {
  const server = await startBuiltin({
    '4lw.commands.whitelist': '*',
    extendedTypesEnabled: 'true',
  });
  cleanup.push(() => server.stop());
  const proxy = await TcpProxy.start(server);
  cleanup.push(() => proxy.stop());
  const client = new ZooKeeperClient({ connectString: server.connectString });
  await client.connect();
  cleanup.push(() => client.close());
  await seed(client);
  return { app, page: app.page, client, proxy };
}

async function takePictures({ page }: App, language: Language, name: string): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, theme);
    await page.screenshot({ path: path.join(FOLDER, `${name}.${theme}.${language}.png`) });
  }
}

/** A real ensemble, of which one server tells little. */
async function takeEnsemble(app: App, language: Language, cleanup: Cleanup): Promise<void> {
  const ensemble = await startApacheEnsemble([
    // The first, since of equals the highest sid leads.
    { '4lw.commands.whitelist': 'srvr' },
    { '4lw.commands.whitelist': '*' },
    { '4lw.commands.whitelist': '*' },
  ]);
  cleanup.push(() => ensemble.stop());
  const { cluster } = app.texts;
  await app.connectTo(ensemble.connectString, 'staging');
  await app.open('cluster');
  await see(app.page.getByText(like(cluster.verdict.servingQuorum)).first(), 30_000);
  await seeNone(app.page.getByText(cluster.sub.collecting));
  await takePictures(app, language, 'cluster-ensemble');
  await app.election.runs(1).click({ force: true });
  await takePictures(app, language, 'what-if');
  await app.cluster.otherRules.click();
  await app.cluster.chooseMetric('requestsPerSecond');
  await app.cluster.chartButton('asTable').click();
  await takePictures(app, language, 'cluster-rules');
  await app.open('sessions');
  await see(app.sessions.table.getByRole('row').nth(1));
  await takePictures(app, language, 'sessions-ensemble');
}

/** Three servers, and a client of theirs that stands still past its timeout. */
async function takeDiagnosis(app: App, language: Language, cleanup: Cleanup): Promise<void> {
  await app.startServingEnsemble();
  await app.open('diagnose');
  await see(app.page.getByText(like(app.texts.diagnose.empty.events_other)));
  await takePictures(app, language, 'diagnose-none');
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(await textOf(app.statusBar))?.[1]);
  const frozen = await startClientProcess({ connectString: `127.0.0.1:${port}`, timeoutMs: 6_000 });
  cleanup.push(() => frozen.kill());
  // Its first pings, so that there is something before the silence.
  await app.page.waitForTimeout(6_000);
  frozen.freeze();
  await see(app.diagnose.chart, 40_000);
  await takePictures(app, language, 'diagnose-expiry');
}

async function runWithCleanup(act: (cleanup: Cleanup) => Promise<void>): Promise<void> {
  const cleanup: Cleanup = [];
  try {
    await act(cleanup);
  } finally {
    for (const end of cleanup.reverse()) await end();
  }
}

async function main(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const browser = await launchChromium();
  try {
    for (const language of ['en', 'zh-CN'] as const) {
      await runWithCleanup(async (cleanup) => {
        const app = await openApp(browser, language, cleanup);
        const stage = await openStage(app, cleanup);
        await walk(stage, ({ name }) => takePictures(app, language, name)).catch(async (error: unknown) => {
          await app.page.screenshot({ path: path.join(FOLDER, 'failed.png') });
          throw error;
        });
      });
      await runWithCleanup(async (cleanup) => {
        await takeDiagnosis(await openApp(browser, language, cleanup), language, cleanup);
      });
      const missing = missingForApache();
      if (missing === undefined) {
        await runWithCleanup(async (cleanup) => {
          await takeEnsemble(await openApp(browser, language, cleanup), language, cleanup);
        });
      } else process.stdout.write(`*** no picture of an ensemble: ${missing} ***\n`);
      process.stdout.write(`Screens in ${language} are in ${FOLDER}\n`);
    }
  } finally {
    await browser.close();
  }
}

await main();
