/** What other clients do appears by itself: in the tree, in the data, in the list of events, in Sessions and in Cluster. */
import { expect } from 'vitest';
import { sessionIdToHex } from '../../shared/ids.ts';
import { bytesOf } from './support/bytes.ts';
import { test } from './support/e2e-test.ts';
import { eventually } from './support/eventually.ts';
import { see, seeNone, textOf } from './support/look.ts';
import { connectClient, describeEngines } from './support/servers.ts';

describeEngines('live', ['builtin', 'apache'], (engine) => {
  test('tree: nodes appear and vanish as another client creates and deletes them', async ({
    zabra: { app },
  }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/live');
    await app.connectTo(engine.server.connectString);
    const { tree } = app.browse;
    await see(tree.row('/live'));
    await client.create('/live/first');
    await tree.expand('/live');
    await see(tree.row('/live/first'));
    await client.create('/live/second', { mode: 'EPHEMERAL' });
    await see(tree.badge('/live/second', 'ephemeral'));
    await client.delete('/live/first');
    await seeNone(tree.row('/live/first'));
    await client.close();
    await seeNone(tree.row('/live/second'));
  });

  test('data: the node on screen shows what another client writes, and says when it is deleted', async ({
    zabra: { app },
  }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/shown', { data: bytesOf('before') });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/shown');
    await eventually(() => textOf(app.browse.node.editorText)).toBe('before');
    await client.setData('/shown', bytesOf('after'));
    await eventually(() => textOf(app.browse.node.editorText)).toBe('after');
    await client.delete('/shown');
    await see(app.browse.node.gone);
  });

  test('events: a watched subtree reports every change with its path', async ({ zabra: { app } }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/watched');
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.chooseInMenu('/watched', 'watch');
    await app.open('events');
    await see(app.events.chip('/watched'));
    await client.create('/watched/a', { data: bytesOf('1') });
    await client.setData('/watched/a', bytesOf('2'));
    await client.delete('/watched/a');
    await client.setData('/zookeeper/quota', null).catch(() => undefined);
    await see(app.events.row('NodeCreated', '/watched/a'));
    await see(app.events.row('NodeDataChanged', '/watched/a'));
    await see(app.events.row('NodeDeleted', '/watched/a'));

    await app.events.action('pause').click();
    await client.create('/watched/b');
    await app.events.filterText.fill('/watched/b');
    await app.events.action('resume').click();
    await see(app.events.row('NodeCreated', '/watched/b'));
    expect(await app.events.row('NodeDeleted', '/watched/a').count(), 'filtered away').toBe(0);
  });

  test('sessions: a second client is listed with its ephemeral nodes', async ({ zabra: { app } }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/owned', { mode: 'EPHEMERAL' });
    const sessionId = sessionIdToHex(client.sessionKey!.sessionId);
    await app.connectTo(engine.server.connectString);
    await app.open('sessions');
    await app.sessions.row(sessionId).click();
    await see(app.sessions.details(sessionId).getByText('/owned', { exact: true }));
    await client.close();
    await seeNone(app.sessions.row(sessionId));
  });

  test('cluster: the one server is shown as standalone, with its numbers', async ({ zabra: { app } }) => {
    await app.connectTo(engine.server.connectString);
    await app.open('cluster');
    await see(app.cluster.answer(app.texts.cluster.verdict.standalone));
    const lane = app.cluster.lane(engine.server.connectString);
    await see(lane);
    await eventually(() => textOf(lane)).toMatch(/standalone.*zxid 0x.*connections \d+/);
    await app.cluster.allValues(engine.server.connectString).click();
    await app.cluster.searchValues.fill('zk_version');
    await see(app.cluster.values(engine.server.connectString).getByText('zk_version', { exact: true }));
  });
});
