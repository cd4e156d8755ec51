/** Sessions: countdowns run, clients have names, and a session is ended after a look at what would follow. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { sessionIdToHex } from '../../shared/ids.ts';
import { startBuiltin } from '../support/builtin-server.ts';
import type { RunningServer } from '../support/child-server.ts';
import { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { eventually } from './support/eventually.ts';
import { formatFigures, longestTaskMs, measureFrames } from './support/frame-meter.ts';
import { see, seeEnabled, seeNone, textOf } from './support/look.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { TELLING, connectClient, describeEngines } from './support/servers.ts';
import { type Language, TEXTS, like } from './support/texts.ts';

const idOf = (client: ZooKeeperClient): string => sessionIdToHex(client.sessionKey!.sessionId);

describeEngines('sessions', ['builtin', 'apache'], (engine) => {
  test('a countdown runs between the polls, and a session that is heard starts anew', async ({
    zabra: { app },
  }) => {
    const client = await connectClient(engine.server.connectString, { sessionTimeoutMs: 6_000 });
    await app.connectTo(engine.server.connectString);
    await app.open('sessions');
    const row = app.sessions.row(idOf(client));
    await see(row);
    const seen = new Set<string>();
    await eventually(
      async () => seen.add(await textOf(row.getByRole('gridcell').nth(4))).size,
    ).toBeGreaterThan(8);
    await see(row);
  });

  for (const language of ['en', 'zh-CN'] satisfies Language[]) {
    test(`a session is ended: preview, name typed, ephemerals gone, in ${language}`, async ({
      browser,
      host,
    }) => {
      const { connectString } = engine.server;
      const context = await browser.newContext({ ...CONTEXT_OPTIONS, locale: language });
      const { page, problems } = await openPage(context, host.url);
      const app = new App(page, TEXTS[language]);
      const [client, other] = [await connectClient(connectString), await connectClient(connectString)];
      const folder = `/ends-${language}`;
      await other.create(folder);
      const held = await client.create(`${folder}/lock-`, { mode: 'EPHEMERAL_SEQUENTIAL' });
      const next = await other.create(`${folder}/lock-`, { mode: 'EPHEMERAL_SEQUENTIAL' });
      await other.exists(held.path, { watch: () => undefined });
      await app.connectTo(connectString);
      await app.open('sessions');
      await app.sessions.row(idOf(client)).click();
      const { sessions: texts, radius } = TEXTS[language];
      await see(app.sessions.details(idOf(client)).getByText(texts.role.lock.holds));
      await app.sessions.nameIt(`worker-${language}`);
      await see(app.sessions.row(idOf(client)).getByText(`worker-${language}`));

      await app.sessions.openEnd.click();
      await see(app.sessions.preview.getByText(held.path));
      await see(app.sessions.preview.getByText(next.path.slice(folder.length + 1)));
      await app.sessions.preview.getByRole('button', { name: radius.ask }).click();
      await see(app.sessions.preview.getByText(idOf(other), { exact: true }));

      await app.sessions.confirmation.fill('worker');
      expect(await app.sessions.end.isDisabled()).toBe(true);
      expect(await other.exists(held.path), 'nothing was sent yet').not.toBeNull();
      await app.sessions.confirmation.fill(`worker-${language}`);
      await seeEnabled(app.sessions.end);
      await app.sessions.end.click();
      await eventually(() => other.exists(held.path)).toBeNull();
      await seeNone(app.sessions.row(idOf(client)));
      await app.sessions.scope('ended').click();
      const ended = app.sessions.ended.getByRole('row').filter({ hasText: idOf(client) });
      await see(ended.getByText(texts.ended.causes['ended-by-admin']));
      await see(ended.getByText(`worker-${language}`));
      await context.close();
      problems.expectNone();
    });
  }

  test("Zabra's own session is not offered to be ended, and no session while production is locked", async ({
    zabra: { app },
  }) => {
    const client = await connectClient(engine.server.connectString);
    await app.connectTo(engine.server.connectString, 'production');
    await app.open('sessions');
    await app.sessions.row(idOf(client)).click();
    await see(app.sessions.openEnd);
    expect(await app.sessions.openEnd.isDisabled()).toBe(true);
    await app.sessions.table.getByText(app.texts.sessions.own).click();
    await see(app.page.getByText(app.texts.sessions.finding.own));
    await seeNone(app.sessions.openEnd);
  });

  test('who watches is asked only on demand, for the list and before a save', async ({ zabra: { app } }) => {
    const client = await connectClient(engine.server.connectString);
    const path = '/watched-before-save';
    await client.create(path, { data: new TextEncoder().encode('before') });
    await client.getData(path, { watch: () => undefined });
    await app.connectTo(engine.server.connectString);
    await app.open('sessions');
    await app.sessions.scope('watching').click();
    await see(app.page.getByText(app.texts.sessions.watches.notAskedTitle));
    await app.sessions.countWatches.click();
    await see(app.sessions.row(idOf(client)));

    await app.open('browse');
    await app.browse.tree.reach(path);
    await app.browse.node.replaceText(path, 'after');
    const note = app.page.getByRole('status', { name: app.texts.radius.title });
    await eventually(() => textOf(note)).toMatch(/at most \d+ watch/);
    await note.getByRole('button', { name: app.texts.radius.ask }).click();
    await see(app.page.getByRole('button', { name: idOf(client) }));
    await eventually(() => textOf(note)).toMatch(/^1 other session is notified/);
    await client.delete(path);
  });
});

/** As for trees of 100,000 nodes: what is longer is felt. */
const TASK_MS_MAX = 200;
/** A busy machine stops any page for moments; one of so many times it lets this one run. */
const TRIES = 3;

async function expectNoFreeze(title: string, page: Page, act: () => Promise<void>): Promise<void> {
  let longestMs = Infinity;
  for (let tries = 0; tries < TRIES && longestMs > TASK_MS_MAX; tries++) {
    const figures = await measureFrames(page, act);
    // eslint-disable-next-line no-console -- figures are what the test is for
    console.info(formatFigures(`5,000 sessions, ${title}`, figures));
    longestMs = Math.min(longestMs, longestTaskMs(figures));
  }
  expect(longestMs, title).toBeLessThanOrEqual(TASK_MS_MAX);
}

describe('many sessions', () => {
  const COUNT = 5_000;
  let server: RunningServer;
  const clients: ZooKeeperClient[] = [];

  beforeAll(async () => {
    server = await startBuiltin({ ...TELLING, maxSessionTimeout: '120000' });
    for (let from = 0; from < COUNT; from += 250) {
      const batch = Array.from({ length: 250 }, () => {
        const { connectString } = server;
        return new ZooKeeperClient({ connectString, sessionTimeoutMs: 120_000 });
      });
      await Promise.all(batch.map((client) => client.connect()));
      clients.push(...batch);
    }
  });
  afterAll(async () => {
    for (const client of clients) client.abandon();
    await server.stop();
  });

  test('5,000 sessions are listed, sorted and counted down without the page stopping', async ({
    zabra: { app, page },
  }) => {
    await app.connectTo(server.connectString);
    await app.open('sessions');
    await see(app.page.getByText(like(app.texts.sessions.footer.shown)));
    await app.sessions.table.hover();
    await expectNoFreeze('counting', page, () => page.waitForTimeout(7_000));
    await expectNoFreeze('scrolling', page, async () => {
      for (let at = 0; at < 10; at++) {
        await page.mouse.wheel(0, 2_000);
        await page.waitForTimeout(100);
      }
    });
    await expectNoFreeze('sorting', page, () =>
      app.sessions.table.getByRole('columnheader', { name: app.texts.sessions.column.address }).click(),
    );
  });
});
