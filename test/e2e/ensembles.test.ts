/** The Ensembles view: from one click to a workspace, and what one sees when it is broken and mended. */
import { describe, expect, onTestFinished } from 'vitest';
import type { Locator } from 'playwright-core';
import { missingForApache } from '../support/apache-server.ts';
import { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { see, seeNone, textOf } from './support/look.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { TEXTS, fill } from './support/texts.ts';
import { startZabra } from './support/zabra-host.ts';

const SECONDS = 1_000;

const othersThan = (leader: number): number[] => [1, 2, 3].filter((sid) => sid !== leader);

const follower = (app: App, sid: number): Locator =>
  app.ensembles.server(sid).getByText(app.texts.common.role.follower);

/** Who leads, by the cards, as soon as somebody does. Mostly it is the highest number, but not when it starts last. */
async function someLeader(app: App): Promise<number> {
  await see(app.page.getByRole('region').getByText(app.texts.common.role.leader, { exact: true }));
  for (const sid of [1, 2, 3]) {
    const badge = app.ensembles.server(sid).getByText(app.texts.common.role.leader, { exact: true });
    if ((await badge.count()) > 0) return sid;
  }
  throw new Error('who led just now does not any more');
}

test('one click: three servers, a workspace on them, and their picture', async ({ zabra: { app } }) => {
  await app.startLocalEnsemble();
  await app.open('ensembles');
  await see(app.ensembles.verdict('serving'));
  const leader = await someLeader(app);
  for (const sid of othersThan(leader)) await see(follower(app, sid));
  await see(app.ensembles.fact('zabState', 1).getByText('BROADCAST'));
  await see(app.ensembles.fact('memory', 2).getByText(/MB/));
  await see(app.ensembles.log.getByText('the ensemble serves'));
  await app.ensembles.lever('openWorkspace').click();
  await app.seeConnected();
  expect(await textOf(app.statusBar)).toMatch(/127\.0\.0\.1:218\d/);
});

test('the leader is killed: another one leads, and the dead one follows when it is back', async ({
  zabra: { app },
}) => {
  await app.startLocalEnsemble();
  await app.open('ensembles');
  const killed = await someLeader(app);
  await app.palette.run(app.texts.ensembles.command.killLeader);
  await see(app.ensembles.action(killed, 'start'));
  await see(app.ensembles.log.getByText(`kill server ${killed}`));
  expect(othersThan(killed)).toContain(await someLeader(app));
  await app.ensembles.action(killed, 'start').click();
  await see(follower(app, killed));
});

test('cut links: the partition is named, the minority looks, and mending joins all again', async ({
  zabra: { app },
}) => {
  await app.startLocalEnsemble();
  await app.open('ensembles');
  await see(app.ensembles.verdict('serving'));
  await app.ensembles.cut(1, 2).click();
  await see(app.ensembles.mend(1, 2));
  await app.ensembles.cut(1, 3).click();
  await see(app.ensembles.verdict('partitioned').filter({ hasText: '1 | 2 3' }));
  await see(app.ensembles.fact('peerState', 1).getByText('LOOKING'));
  expect([2, 3]).toContain(await someLeader(app));
  await app.ensembles.lever('healLinks').click();
  await see(app.ensembles.verdict('serving'));
  await see(app.ensembles.fact('peerState', 1).getByText('FOLLOWING'));
});

test('a server comes and another goes, without a stop', async ({ zabra: { app } }) => {
  await app.startLocalEnsemble();
  await app.open('ensembles');
  const leader = await someLeader(app);
  await app.ensembles.add('observer');
  await see(app.ensembles.server(4).getByText(app.texts.common.role.observer));
  await see(app.ensembles.log.getByText('server 4 is a member'));
  await app.ensembles.more(leader, 'remove');
  await app.ensembles.dialog
    .getByRole('button', {
      name: fill(app.texts.ensembles.removeServer.confirm, { server: `server ${leader}` }),
    })
    .click();
  await seeNone(app.ensembles.dialog);
  await seeNone(app.ensembles.server(leader));
  await see(app.ensembles.verdict('serving'));
  expect(othersThan(leader)).toContain(await someLeader(app));
});

test('a disk is slowed and filled: the card says so, and it can be undone', async ({
  zabra: { app, page },
}) => {
  await app.startLocalEnsemble();
  await app.open('ensembles');
  const [sid = 1] = othersThan(await someLeader(app));
  const { conditions, server } = app.texts.ensembles;
  await app.ensembles.more(sid, 'conditions');
  await app.ensembles.dialog.getByRole('slider', { name: conditions.syncDelay }).press('ArrowRight');
  await see(app.ensembles.server(sid).getByText(fill(server.diskSlow, { delay: '5\u00a0ms' })));
  await app.ensembles.dialog.getByRole('switch', { name: conditions.diskFull }).press('Space');
  await see(app.ensembles.server(sid).getByText(server.diskFull));
  await app.ensembles.dialog.getByRole('button', { name: conditions.reset }).click();
  await seeNone(app.ensembles.server(sid).getByText(server.diskFull));
  await page.keyboard.press('Escape');
  await seeNone(app.ensembles.dialog);
});

test('a restart of Zabra keeps an ensemble, stopped, with what its servers have', async ({
  browser,
  zabra: { app, host },
}) => {
  await app.startLocalEnsemble();
  await app.browse.create({ name: 'kept' });
  await see(app.browse.tree.selected('/kept'));
  await app.page.close();
  await host.stop();
  const again = await startZabra(host.dataFolder);
  onTestFinished(() => again.stop());
  const context = await browser.newContext(CONTEXT_OPTIONS);
  onTestFinished(() => context.close());
  const later = new App((await openPage(context, again.url)).page, TEXTS.en);
  await later.open('ensembles');
  await see(later.ensembles.verdict('stopped'));
  await later.ensembles.lever('startAll').click();
  await see(later.ensembles.verdict('serving'), 120 * SECONDS);
  await later.ensembles.lever('openWorkspace').click();
  await later.seeConnected();
  await see(later.browse.tree.row('/kept'));
});

test('a removed ensemble is gone, with its connection', async ({ zabra: { app } }) => {
  await app.startLocalServer();
  await app.open('ensembles');
  await see(app.ensembles.verdict('standalone'));
  await app.ensembles.lever('remove').click();
  await app.ensembles.dialog.getByRole('button', { name: /^Remove local-1/ }).click();
  await see(app.page.getByRole('heading', { name: app.texts.ensembles.empty.title }));
  await seeNone(app.ensembles.dialog);
});

const missing = missingForApache();
describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('the engine Apache', () => {
  test('three JVMs serve, with their logs, and what they do not tell says so', async ({ zabra: { app } }) => {
    await see(app.firstStart.title);
    await app.open('ensembles');
    await app.page.getByRole('button', { name: app.texts.ensembles.empty.options }).click();
    await app.ensembles.create({ name: 'real', servers: 3, isApache: true });
    await see(app.ensembles.verdict('serving'), 120 * SECONDS);
    await see(app.ensembles.fact('peerState', 3).getByText(/LEADING|FOLLOWING/));
    await see(app.ensembles.log.getByText(/QuorumPeer|Leader|Learner/));
    await app.ensembles.fact('vote', 1).getByText('-').hover();
    await see(app.page.getByText(app.texts.ensembles.absence.apache));
  });
});
