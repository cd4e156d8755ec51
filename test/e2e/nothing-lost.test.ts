/** What a person typed survives: servers that die, sessions that expire, pages that are reloaded, data that is refused. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { missingForApache, startApache } from '../support/apache-server.ts';
import { startBuiltin } from '../support/builtin-server.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { App } from './pages/app.ts';
import { bytesOf, textOfBytes } from './support/bytes.ts';
import { test } from './support/e2e-test.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { eventually } from './support/eventually.ts';
import { see, seeEnabled, textOf } from './support/look.ts';
import { TELLING, connectClient } from './support/servers.ts';
import { TEXTS, fill } from './support/texts.ts';
import { type ZabraHost, startZabra } from './support/zabra-host.ts';

describe.skipIf(missingForApache() !== undefined && process.env['CI'] !== 'true')('Apache 3.8.0', () => {
  test('a server that is killed and comes back finds the edit as it was, and takes it', async ({
    zabra: { app },
  }) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'zabra-e2e-apache-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    // On disk at once, since the server gets no time to write anything later.
    const config = { ...TELLING, forceSync: 'yes' };
    const first = await startApache(config, dataDir);
    onTestFinished(() => first.stop());
    const client = await connectClient(first.connectString);
    await client.create('/edited', { data: bytesOf('before') });
    await app.connectTo(first.connectString);
    await app.browse.tree.select('/edited');
    await app.browse.node.replaceText('/edited', 'typed before the crash');
    await see(app.browse.node.save(0));

    process.kill(first.pid, 'SIGKILL');
    await see(app.status('suspended'));
    await see(app.banner(app.texts.common.gate.suspended));
    expect(await textOf(app.browse.node.editorText)).toBe('typed before the crash');
    await app.browse.node.editor('/edited').focus();
    await app.page.keyboard.press('ControlOrMeta+End');
    await app.page.keyboard.insertText(', and after');

    await first.stop();
    const second = await startApache(config, dataDir);
    onTestFinished(() => second.stop());
    await see(app.status('connected'));
    await app.browse.node.save(0).click();
    await see(app.browse.node.saved(1));
    const later = await connectClient(second.connectString);
    expect(textOfBytes((await later.getData('/edited')).data)).toBe('typed before the crash, and after');
  });
});

/** Kills the one local server there is, lets `meanwhile` happen, and starts it again. Ends in Browse. */
async function killLocalServer(
  app: App,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { local } = app.texts.connections;
  await app.chooseInSwitcher('manageConnections');
  await app.connections.list.getByRole('option').first().click();
  const [, pid] =
    /pid (\d+)/.exec(await textOf(app.connections.localServer.filter({ hasText: /pid \d/ }))) ?? [];
  expect(Number(pid)).toBeGreaterThan(1);
  process.kill(Number(pid), 'SIGKILL');
  await see(app.connections.localServer.getByText(local.states.failed));
  await meanwhile();
  await app.connections.localServer.getByRole('button', { name: local.start, exact: true }).click();
  await see(app.connections.localServer.getByText(local.states.running));
  await app.open('browse');
}

/** The data of all local servers. */
function wipeLocalServers({ dataFolder }: ZabraHost): Promise<void> {
  return rm(path.join(dataFolder, 'local-servers'), { recursive: true });
}

test('a local server that is killed comes back with its data, and takes the edit', async ({
  zabra: { app },
}) => {
  await app.startLocalServer();
  await app.browse.create({ name: 'draft', data: 'before' });
  await see(app.browse.tree.selected('/draft'));
  await app.browse.node.replaceText('/draft', 'typed before the crash');
  await see(app.browse.node.save(0));
  await killLocalServer(app);
  await app.seeConnected();
  await eventually(() => textOf(app.browse.node.editorText)).toBe('typed before the crash');
  await app.browse.node.save(0).click();
  await see(app.browse.node.saved(1));
});

test('a local server that loses its data takes the nodes along, but not the edit', async ({
  zabra: { app, host },
}) => {
  await app.startLocalServer();
  await app.browse.create({ name: 'draft', data: 'before' });
  await see(app.browse.tree.selected('/draft'));
  await app.browse.node.replaceText('/draft', 'typed before the crash');
  await see(app.browse.node.save(0));
  await killLocalServer(app, () => wipeLocalServers(host));

  await see(app.browse.node.goneDraft('/draft'));
  expect(await app.browse.node.copyDraft()).toBe('typed before the crash');
  await app.browse.node.button(app.texts.browse.gone.createAgain).click();
  await eventually(() => textOf(app.browse.node.editorText)).toBe('typed before the crash');
});

test('a session that expired keeps the edit; a new session saves it', async ({ zabra: { app } }) => {
  const server = await startBuiltin({ ...TELLING, maxSessionTimeout: '2000' });
  onTestFinished(() => server.stop());
  const proxy = await TcpProxy.start(server);
  onTestFinished(() => proxy.stop());
  const client = await connectClient(server.connectString);
  await client.create('/edited', { data: bytesOf('before') });
  await app.connectTo(proxy.connectString);
  await app.browse.tree.select('/');
  await app.browse.create({ name: 'mine', mode: 'EPHEMERAL' });
  await app.browse.tree.select('/edited');
  await app.browse.node.replaceText('/edited', 'typed');
  await see(app.browse.node.save(0));

  proxy.refuse();
  await eventually(() => client.exists('/mine')).toBeNull();
  proxy.accept();
  await see(app.status('expired'));
  const newSession = app.page.getByRole('button', { name: app.texts.common.gate.newSession });
  await newSession.click();
  await see(app.status('connected'));
  expect(await textOf(app.browse.node.editorText)).toBe('typed');
  await app.browse.node.save(0).click();
  await see(app.browse.node.saved(1));
});

test('more than 1 MB is refused with a reason, and the draft stays, over a reload and a restart', async ({
  zabra: { app, page, host },
  browser,
}) => {
  await app.startLocalServer();
  await app.browse.create({ name: 'big', data: 'small' });
  await see(app.browse.tree.selected('/big'));
  await see(app.browse.node.editorText);
  const text = 'a line of thirty-two characters.'.repeat(35_000);
  await app.browse.node.replaceText('/big', text);
  await app.browse.node.save(0).click();
  await see(app.failure('NODE_TOO_LARGE'));
  await see(app.browse.node.save(0));

  await page.reload();
  await app.seeConnected();
  await app.browse.tree.select('/big');
  await seeEnabled(app.browse.node.save(0));

  // Not left open: it would look for its host for ever.
  await page.close();
  await host.stop();
  await wipeLocalServers(host);
  const second = await startZabra(host.dataFolder);
  onTestFinished(() => second.stop());
  const context = await browser.newContext(CONTEXT_OPTIONS);
  onTestFinished(() => context.close());
  const later = await openPage(context, second.url);
  const laterApp = new App(later.page, TEXTS.en);
  // The local server has lost its data; the draft did not go with it.
  await later.page.getByRole('button', { name: laterApp.texts.common.gate.startAgain }).click();
  await laterApp.seeConnected();
  await laterApp.palette.run('/big');
  await see(laterApp.browse.node.goneDraft('/big'));
  await eventually(() => laterApp.browse.node.copyDraft()).toBe(text);
  await see(later.page.getByRole('alert').filter({ hasText: fill(laterApp.texts.browse.gone.openAcl) }));
  later.problems.expectNone();
});
