/** The Diagnose view at a local ensemble: a client that is killed, a leader that is killed, and how both are answered. */
import { readFile } from 'node:fs/promises';
import { expect, onTestFinished } from 'vitest';
import { type ClientProcess, startClientProcess } from '../incidents/client-process.ts';
import { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { see, seeNone, textOf } from './support/look.ts';
import { TEXTS, fill, like } from './support/texts.ts';

const TIMEOUT_MS = 4_000;
const FOUND_MS_MAX = 90_000;

/** A client of all three servers, with an ephemeral node. */
async function client(app: App): Promise<ClientProcess> {
  const address = /127\.0\.0\.1:(\d+)/.exec(await textOf(app.statusBar));
  const port = Number(address?.[1]);
  const around = [port - 2, port - 1, port, port + 1, port + 2].map((each) => `127.0.0.1:${each}`);
  const started = await startClientProcess({ connectString: around.join(','), timeoutMs: TIMEOUT_MS });
  onTestFinished(() => started.kill());
  return started;
}

test('a client that is killed: counted while one is elsewhere, answered, pictured, and reported, in both languages', async ({
  zabra: { app, page },
}) => {
  await app.startServingEnsemble();
  await app.open('diagnose');
  await see(page.getByRole('heading', { name: like(app.texts.diagnose.empty.title) }));
  await see(page.getByText(fill(app.texts.diagnose.empty.events_other, { formatted: 3 })));
  const killed = await client(app);
  await app.open('browse');
  await killed.kill();
  await see(page.getByText('1 new finding', { exact: true }), FOUND_MS_MAX);

  await page.keyboard.press('Alt+5');
  const { diagnose } = app;
  await see(diagnose.finding(killed.sessionId));
  await see(diagnose.headline.filter({ hasText: like(app.texts.diagnose.headline.session['client-gone']) }));
  // The client has a name once its picture is there.
  await see(diagnose.headline.filter({ hasText: /^127\.0\.0\.1 lost its session/ }));
  expect(await textOf(diagnose.fact('cause'))).toBe(app.texts.diagnose.cause.session['client-gone']);
  expect(await textOf(diagnose.fact('silent'))).toMatch(/^([4-9]|1\d)(\.\d)? s$/);
  expect(await textOf(diagnose.fact('removed'))).toBe('1');
  await see(diagnose.chart);
  const { considered } = app.texts.diagnose;
  await see(diagnose.panel(considered.title).getByText(considered.out.notClosed));
  await see(diagnose.panel(app.texts.diagnose.removed.title).getByRole('button', { name: /^\/member-/ }));
  await see(diagnose.panel(app.texts.diagnose.evidence.title).getByRole('listitem').nth(2));

  const download = page.waitForEvent('download');
  await diagnose.report.click();
  const file = await (await download).path();
  const report = await readFile(file, 'utf8');
  expect(report).toContain(killed.sessionId);
  expect(report).toContain('session-ended/client-gone');

  await diagnose.search.fill('0xdeadbeef');
  await see(page.getByText(app.texts.diagnose.list.none));
  await diagnose.search.fill(killed.sessionId);
  await see(diagnose.finding(killed.sessionId));

  await app.languageButton.click();
  const chinese = new App(page, TEXTS['zh-CN']);
  await see(
    chinese.diagnose.headline.filter({
      hasText: like(chinese.texts.diagnose.headline.session['client-gone']),
    }),
  );
  expect(await textOf(chinese.diagnose.fact('cause'))).toBe('客户端消失');
  await see(chinese.diagnose.panel(chinese.texts.diagnose.considered.title));
});

test('a leader that is killed from the empty list: the election is found, and arrow keys move through the list', async ({
  zabra: { app, page },
}) => {
  await app.startServingEnsemble();
  await app.open('diagnose');
  const { diagnose } = app;
  await see(page.getByText(fill(app.texts.diagnose.empty.events_other, { formatted: 3 })));
  const left = await client(app);
  await left.close();
  await see(page.getByText('Show 1 session that its client closed'), FOUND_MS_MAX);
  await seeNone(diagnose.finding(left.sessionId));
  await page.getByText('Show 1 session that its client closed').click();
  await see(diagnose.finding(left.sessionId));
  await page.getByText('Show 1 session that its client closed').click();
  await diagnose.causeOne.click();
  const election = diagnose.finding(like(app.texts.diagnose.kind.electionOf));
  await see(election, FOUND_MS_MAX);
  await election.first().click();
  await see(
    page
      .getByRole('article')
      .getByText(/crashed|ended without having been stopped/)
      .first(),
  );
  await see(diagnose.report);
  await page.getByText('Show 1 session that its client closed').click();
  await diagnose.list.focus();
  await page.keyboard.press('End');
  await see(diagnose.finding(left.sessionId).and(page.locator('[aria-selected="true"]')));
  await page.keyboard.press('ArrowUp');
  await see(page.locator('[role="option"][aria-selected="true"]').filter({ hasNotText: left.sessionId }));
});
