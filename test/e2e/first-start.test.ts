/** From an empty folder to a node on a server that Zabra started itself. */
import { expect } from 'vitest';
import { test } from './support/e2e-test.ts';
import { see } from './support/look.ts';

test('first start: one click starts a local server and shows its tree', async ({ zabra: { app } }) => {
  await see(app.firstStart.title);
  await app.startLocalServer();
  await see(app.browse.tree.row('/zookeeper'));
  await app.browse.create({ name: 'orders', data: '{"a":1}' });
  await see(app.browse.tree.selected('/orders'));
  expect(await app.browse.tree.rows.count()).toBeGreaterThan(2);
});
