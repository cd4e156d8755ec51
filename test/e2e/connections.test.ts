/** Connecting to what is there, and to what is not: every failure is explained, and nothing typed is lost. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { digestId } from '../../electron/client/digest.ts';
import { Perms } from '../../shared/acl.ts';
import { findFreePort } from '../support/ports.ts';
import type { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { eventually } from './support/eventually.ts';
import { see, seeNone } from './support/look.ts';
import { connectClient, describeEngines } from './support/servers.ts';
import { fill } from './support/texts.ts';

/** From the first start to the form, with a connection string in it. */
async function openForm(app: App, connectString: string): Promise<void> {
  await app.firstStart.connectionString.fill(connectString);
  await app.firstStart.more.click();
  await see(app.connections.field('servers'));
}

async function expectServers(app: App, servers: string): Promise<void> {
  expect(await app.connections.field('servers').inputValue(), 'what was typed stays').toBe(servers);
}

describeEngines('connections', ['builtin', 'apache'], (engine) => {
  test('test: every step is passed, then it is saved and open', async ({ zabra: { app } }) => {
    await openForm(app, engine.server.connectString);
    await app.connections.field('name').fill('staging cluster');
    await app.connections.button('test').click();
    await see(app.connections.testSummary);
    for (const step of ['resolve', 'tcp', 'first-read'] as const)
      await see(app.connections.step(step, 'passed'));
    // The short ticks of this server make it grant less time than is asked for.
    await see(app.connections.step('session', 'warning'));
    await see(app.connections.step('auth', 'skipped'));
    await see(app.connections.step('tcp', 'passed').getByText(engine.server.connectString));
    await app.connections.button('saveAndOpen').click();
    await app.seeConnected();
    await see(app.connectionSwitcher.getByText('staging cluster'));
  });

  test('test: a wrong password fails at the first read; the right one passes', async ({ zabra: { app } }) => {
    const client = await connectClient(engine.server.connectString);
    const acl = [{ perms: Perms.ALL, id: digestId({ user: 'kim', password: 'right' }) }];
    await client.create('/closed', { acl });
    await openForm(app, `${engine.server.connectString}/closed`);
    await app.connections.chooseDigest('kim', 'wrong');
    await app.connections.button('test').click();
    const failed = app.connections.step('first-read', 'failed');
    await see(failed.getByText('NOAUTH'));
    await see(failed.getByRole('heading', { name: app.texts.connections.test.cause.mistyped.title }));
    await see(app.connections.step('auth', 'passed'));
    await app.connections.password.fill('right');
    await app.connections.button('testAgain').click();
    await see(app.connections.step('first-read', 'passed'));
    await app.connections.button('saveAndOpen').click();
    await see(app.status('connected'));
  });
});

test('test: a bad connection string is refused beside its field', async ({ zabra: { app } }) => {
  await app.firstStart.enter('zk-1:99999');
  await app.firstStart.testAndConnect.click();
  await expectServers(app, 'zk-1:99999');
  await app.connections.button('test').or(app.connections.button('testAgain')).click();
  await see(app.page.getByText(app.texts.connections.problem.serversPort));
  await app.connections.field('servers').fill('zk-1:2181');
  await seeNone(app.page.getByText(app.texts.connections.problem.serversPort));
});

test('test: a name that does not exist fails to resolve', async ({ zabra: { app } }) => {
  await app.firstStart.enter('no-such-host.invalid:2181');
  await app.firstStart.testAndConnect.click();
  const step = app.connections.step('resolve', 'failed');
  await see(step.getByText(app.texts.connections.test.finding['resolved-none']));
  await see(app.connections.step('tcp', 'skipped'));
  await expectServers(app, 'no-such-host.invalid:2181');
});

test('test: a port that nobody listens on is told from a host that is gone', async ({ zabra: { app } }) => {
  const servers = `127.0.0.1:${await findFreePort()}`;
  await app.firstStart.enter(servers);
  await app.firstStart.testAndConnect.click();
  const step = app.connections.step('tcp', 'failed');
  await see(step.getByText(app.texts.connections.test.finding['tcp-refused']));
  await see(step.getByRole('heading', { name: app.texts.connections.test.cause.notRunning.title }));
  await expectServers(app, servers);
});

test('test: something that is not ZooKeeper is recognised', async ({ zabra: { app } }) => {
  const server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await app.firstStart.enter(`127.0.0.1:${port}`);
  await app.firstStart.testAndConnect.click();
  const step = app.connections.step('session', 'failed');
  await see(step.getByText(app.texts.connections.test.finding['session-not-zookeeper']));
});

test('open: an unreachable server is tried on, with the reason in sight, until one stops it', async ({
  zabra: { app },
}) => {
  const servers = `127.0.0.1:${await findFreePort()}`;
  await openForm(app, servers);
  await app.connections.field('name').fill('gone');
  await app.connections.button('saveAndOpen').click();
  await see(app.failure('CONNECTION_REFUSED'));
  const { gate } = app.texts.common;
  await app.page.getByRole('button', { name: gate.close }).click();
  await see(app.page.getByRole('heading', { name: fill(gate.notOpenTitle, { name: 'gone' }) }));
  await app.page.getByRole('button', { name: gate.edit }).click();
  await expectServers(app, servers);
});

test('production: nothing is written before it is unlocked, and after it is locked again', async ({
  zabra: { app, page },
}) => {
  // The local server as somebody's production: what counts is the environment of the connection.
  await app.startLocalServer();
  await app.chooseInSwitcher('manageConnections');
  await app.connections.list.getByRole('option').first().click();
  await page.getByText(app.texts.common.environment.production, { exact: true }).click();
  await app.connections.button('save').click();
  await app.open('browse');
  await see(app.unlockButton);

  const frame = page.locator('#root > div').first();
  const { width, color } = await frame.evaluate((element) => {
    const style = getComputedStyle(element, '::after');
    return { width: style.borderLeftWidth, color: style.borderLeftColor };
  });
  expect(width).toBe('2px');
  const [red = 0, green = 0, blue = 0] = (color.match(/\d+/g) ?? []).map(Number);
  expect(red - Math.max(green, blue), `a red frame: ${color}`).toBeGreaterThan(80);

  await app.browse.tree.root.focus();
  await page.keyboard.press('Insert');
  expect(await app.browse.createDialog.count(), 'locked').toBe(0);
  await page.keyboard.press('ControlOrMeta+k');
  await see(app.palette.chosen);
  await page.keyboard.type(app.texts.browse.command.create);
  await eventually(() => app.palette.entries.count()).toBe(0);
  await page.keyboard.press('Escape');

  await app.unlockButton.click();
  await app.unlockDialog.getByRole('button', { name: /^Unlock for/ }).click();
  await see(page.getByRole('timer'));
  await app.browse.tree.select('/');
  await app.browse.create({ name: 'allowed' });
  await see(app.browse.tree.selected('/allowed'));

  await page.getByRole('button', { name: app.texts.common.guard.lockNow }).click();
  await seeNone(page.getByRole('timer'));
  await app.browse.tree.row('/allowed').click({ button: 'right' });
  const entry = page.getByRole('menuitem', { name: app.texts.browse.menu.delete });
  await see(entry);
  expect(await entry.isDisabled()).toBe(true);
});
