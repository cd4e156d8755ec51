/** The Cluster view on real ensembles: what the lanes say, what the rules find, what the chart draws, and what is hidden. */
import { describe, expect, onTestFinished } from 'vitest';
import { missingForApache, startApache } from '../support/apache-server.ts';
import { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { eventually } from './support/eventually.ts';
import { LOOK_MS_MAX, see, seeNone, textOf } from './support/look.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { TEXTS, fill } from './support/texts.ts';

/** The addresses of a local ensemble of three, by the lanes. */
async function serversOf(app: App): Promise<string[]> {
  const lanes = app.page
    .getByRole('main')
    .getByRole('listitem')
    .getByRole('code')
    .filter({ hasText: /:\d+$/ });
  await eventually(() => lanes.count()).toBe(3);
  return lanes.allInnerTexts();
}

test('three servers: lanes, all rules checked, a chart with points by pointer, keyboard and table', async ({
  zabra: { app },
}) => {
  await app.startLocalEnsemble();
  await app.open('cluster');
  await see(app.cluster.answer(fill(app.texts.cluster.verdict.servingQuorum, { synced: 3, total: 3 })));
  for (const server of await serversOf(app)) {
    await eventually(() => textOf(app.cluster.lane(server))).toMatch(/(leader|follower).*sid \d.*zxid 0x/);
  }
  await app.cluster.otherRules.click();
  await see(app.cluster.findings.getByText(app.texts.cluster.rule['quorum-margin'].name));
  await see(app.cluster.findings.getByText(app.texts.cluster.rule['clocks-differ'].name));

  await app.cluster.chooseMetric('requestsPerSecond');
  await eventually(async () => Number(await app.cluster.chart.getAttribute('data-points'))).toBeGreaterThan(
    4,
  );
  await app.cluster.chart.focus();
  await app.page.keyboard.press('Home');
  await app.page.keyboard.press('ArrowRight');
  await see(app.page.getByText(/^\d\d:\d\d:\d\d$/));
  await app.cluster.chartButton('asTable').click();
  await see(app.page.getByRole('table').getByRole('row').nth(3));
  await app.cluster.chartButton('asChart').click();
  await app.cluster.chooseRange('1h');
  await eventually(async () => Number(await app.cluster.chart.getAttribute('data-points'))).toBeGreaterThan(
    1,
  );
});

test('a server is killed: the answer and the rules say so, and are well again when it is back', async ({
  zabra: { app },
}) => {
  await app.startLocalEnsemble();
  await app.open('ensembles');
  await see(app.ensembles.verdict('serving'));
  await app.ensembles.action(1, 'kill').click();
  await see(app.ensembles.action(1, 'start'));
  await app.open('cluster');
  const { verdict } = app.texts.cluster;
  await see(app.cluster.answer(fill(verdict.servingQuorum, { synced: 2, total: 3 })));
  await see(app.cluster.finding('server-down'));
  await see(app.cluster.finding('quorum-margin'));
  await app.open('ensembles');
  await app.ensembles.action(1, 'start').click();
  await app.open('cluster');
  await see(app.cluster.answer(fill(verdict.servingQuorum, { synced: 3, total: 3 })));
  await seeNone(app.cluster.finding('server-down'));
  await seeNone(app.cluster.finding('quorum-margin'));
});

test('a rule that turns bad is a desktop notification, which leads to the view', async ({
  browser,
  host,
}) => {
  const context = await browser.newContext({ ...CONTEXT_OPTIONS, permissions: ['notifications'] });
  onTestFinished(() => context.close());
  // A headless browser has nowhere to show them.
  await context.addInitScript(() => {
    const shown: Notification[] = [];
    class Recorded extends EventTarget {
      static readonly permission = 'granted';
      readonly title: string;
      constructor(title: string) {
        super();
        this.title = title;
        shown.push(this as unknown as Notification);
      }
      close(): void {
        shown.length = 0;
      }
    }
    Object.assign(window, { Notification: Recorded, shownNotifications: shown });
  });
  const app = new App((await openPage(context, host.url)).page, TEXTS.en);
  await app.startLocalEnsemble();
  await app.open('ensembles');
  await see(app.ensembles.verdict('serving'));
  await app.ensembles.action(1, 'kill').click();
  const shown = await app.page.waitForFunction(
    () =>
      (window as unknown as { shownNotifications: Notification[] }).shownNotifications.find(({ title }) =>
        title.includes('does not serve'),
      ),
    undefined,
    { timeout: LOOK_MS_MAX },
  );
  expect(await shown.evaluate((notification) => notification?.title)).toMatch(
    /^local-1: 127\.0\.0\.1:\d+ does not serve$/,
  );
  await shown.evaluate((notification) => notification?.dispatchEvent(new Event('click')));
  await see(app.cluster.finding('server-down'));
});

test('Chinese: the rules, the chart and its table say everything in it', async ({ browser, host }) => {
  const context = await browser.newContext({ ...CONTEXT_OPTIONS, locale: 'zh-CN' });
  onTestFinished(() => context.close());
  const app = new App((await openPage(context, host.url)).page, TEXTS['zh-CN']);
  await app.startLocalEnsemble();
  await app.open('cluster');
  await see(app.cluster.answer(fill(app.texts.cluster.verdict.servingQuorum, { synced: 3, total: 3 })));
  await app.cluster.otherRules.click();
  await see(app.cluster.findings.getByText(app.texts.cluster.rule['quorum-margin'].name));
  await app.cluster.chooseMetric('connections');
  await eventually(async () => Number(await app.cluster.chart.getAttribute('data-points'))).toBeGreaterThan(
    1,
  );
  await app.cluster.chartButton('asTable').click();
  await see(app.page.getByRole('table').getByText(app.texts.cluster.chart.time));
});

describe.skipIf(missingForApache() !== undefined)('Apache with a narrow whitelist', () => {
  test('hidden words are said with the line that would allow them, and rules with what they need', async ({
    zabra: { app },
  }) => {
    const server = await startApache({ '4lw.commands.whitelist': 'srvr, conf' });
    onTestFinished(() => server.stop());
    await app.connectTo(server.connectString);
    await app.open('cluster');
    await see(app.cluster.answer(app.texts.cluster.verdict.standalone));
    const finding = app.cluster.finding('words-hidden');
    await see(finding.getByText('4lw.commands.whitelist=conf,cons,dump,mntr,srvr,wchs', { exact: true }));
    const lane = app.cluster.lane(server.connectString);
    await see(lane.getByText(fill(app.texts.cluster.hidden.whitelist, { word: 'mntr' })));
    await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await finding.getByRole('button', { name: app.texts.cluster.notice.copyLine }).click();
    await see(finding.getByText(app.texts.common.action.copied));
    await app.cluster.otherRules.click();
    await see(app.cluster.findings.getByText(app.texts.cluster.findings.needs.mntr).first());
    expect(await app.cluster.findings.getByText(app.texts.cluster.rule['quorum-margin'].name).count()).toBe(
      1,
    );
  });
});
