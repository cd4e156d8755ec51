/** From an empty folder, by one click, to a server of one's own, and the whole path of an edit on it beside a second client. */
import { expect } from 'vitest';
import { bytesOf, textOfBytes } from './support/bytes.ts';
import { test } from './support/e2e-test.ts';
import { see, seeNone } from './support/look.ts';
import { connectClient } from './support/servers.ts';

test('first start: a local server, a node on it, an edit, a conflict, an event, and the end of the node', async ({
  zabra: { app },
}) => {
  const { tree, node } = app.browse;
  await see(app.firstStart.title);
  await app.startLocalServer();
  await see(tree.row('/zookeeper'));
  const client = await connectClient(await app.statusBar.locator('code').first().innerText());

  await app.browse.create({ name: 'orders', data: 'first' });
  await see(tree.selected('/orders'));
  await app.events.watchRoot.click();
  await see(app.events.chip('/'));
  await node.replaceText('/orders', 'second');
  await node.save(0).click();
  await see(node.saved(1));
  await see(app.events.row('NodeDataChanged', '/orders'));

  await node.replaceText('/orders', 'mine');
  await see(node.save(1));
  await client.setData('/orders', bytesOf('theirs'));
  await see(node.conflict({ now: 2, edited: 1 }));
  await node.overwrite(2).click();
  await node.overwriteNow(2).click();
  await seeNone(node.conflict({ now: 2, edited: 1 }));
  await see(node.save(3));
  expect(textOfBytes((await client.getData('/orders')).data)).toBe('mine');

  await tree.chooseInMenu('/orders', 'delete');
  await app.browse.deleteOne('orders', 3).click();
  await seeNone(tree.row('/orders'));
  expect(await client.exists('/orders')).toBeNull();
});
