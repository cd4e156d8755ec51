/** Everything of the core path without a mouse: from the first start to a node that was made, edited and deleted. */
import { expect } from 'vitest';
import { bytesOf, textOfBytes } from './support/bytes.ts';
import { test } from './support/e2e-test.ts';
import { eventually } from './support/eventually.ts';
import { see, seeNone, textOf } from './support/look.ts';
import { connectClient } from './support/servers.ts';

test('keyboard: start a server, walk the tree, edit, save, create and delete', async ({
  zabra: { app, page },
}) => {
  const { tree, node } = app.browse;
  await see(app.firstStart.startEnsemble.and(page.locator(':focus')));
  await page.keyboard.press('Enter');
  await app.seeConnected();
  const server = await app.statusBar.locator('code').first().innerText();
  const client = await connectClient(server);
  await client.create('/alpha', { data: bytesOf('first') });
  await client.create('/beta');
  await client.create('/beta/child');
  await see(tree.row('/beta'));

  // F6 goes around the parts of the window; the tree is one stop of it.
  await reach(page, () => tree.root.evaluate((root) => root === document.activeElement));
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await see(tree.selected('/alpha'));
  await page.keyboard.type('be');
  await see(tree.selected('/beta'));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await see(tree.selected('/beta/child'));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await seeNone(tree.row('/beta/child'));

  await page.keyboard.press('Insert');
  await page.keyboard.type('made');
  await page.keyboard.press('Enter');
  await see(tree.selected('/beta/made'));
  expect(await client.exists('/beta/made')).not.toBeNull();

  await app.palette.run('/alpha');
  await see(tree.selected('/alpha'));
  await reach(page, () => node.editor('/alpha').evaluate((editor) => editor === document.activeElement));
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(' and more');
  await page.keyboard.press('ControlOrMeta+s');
  await see(node.saved(1));
  expect(textOfBytes((await client.getData('/alpha')).data)).toBe('first and more');

  // Tab is a character for the editor; F6 leaves it.
  await page.keyboard.press('F6');
  await reach(page, () => node.tab('data').evaluate((tab) => tab === document.activeElement));
  await page.keyboard.press('ArrowRight');
  await eventually(() => textOf(node.panel)).toContain('czxid');

  await reach(page, () => tree.root.evaluate((root) => root === document.activeElement));
  await page.keyboard.press('Delete');
  const confirm = app.browse.deleteOne('alpha', 1);
  await see(confirm);
  await reach(page, () => confirm.evaluate((button) => button === document.activeElement));
  await page.keyboard.press('Enter');
  await seeNone(tree.row('/alpha'));
  expect(await client.exists('/alpha')).toBeNull();
});

test('keyboard: a dialog gives the focus back to where it was', async ({ zabra: { app, page } }) => {
  await app.startLocalServer();
  await app.browse.tree.root.focus();
  for (const open of ['Insert', 'ControlOrMeta+k', 'Shift+?'] as const) {
    await page.keyboard.press(open);
    await see(page.getByRole('dialog'));
    await page.keyboard.press('Escape');
    await seeNone(page.getByRole('dialog'));
    await eventually(() => app.browse.tree.root.evaluate((root) => root === document.activeElement)).toBe(
      true,
    );
  }
});

test('keyboard: keys that come faster than the window draws are not lost', async ({
  zabra: { app, page },
}) => {
  await app.startLocalServer();
  const { tree } = app.browse;
  await app.browse.create({ name: 'alpha' });
  await see(tree.selected('/alpha'));
  await app.browse.create({ name: 'beta' });
  await see(tree.selected('/alpha/beta'));

  // The pane follows the cursor a moment after a key. The next key comes just when it does, before a frame is drawn.
  await tree.root.focus();
  const lost = await tree.root.evaluate(async (root) => {
    const [FOLLOW_MS, ROUNDS] = [140, 5];
    const wait = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
    const press = async (key: string): Promise<number> => {
      root.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
      return performance.now();
    };
    let lost = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const pressedMs = await press('Home');
      await wait(FOLLOW_MS / 2);
      while (performance.now() - pressedMs < FOLLOW_MS + 1);
      await press('ArrowDown');
      await wait(FOLLOW_MS * 2);
      const selected = root.querySelector<HTMLElement>('[aria-selected="true"]');
      if (selected?.dataset['path'] !== '/alpha') lost++;
    }
    return lost;
  });
  expect(lost).toBe(0);

  for (const [key, isCtrl] of [
    ['Insert', false],
    ['k', true],
  ] as const) {
    // What has the keys in the very task in which the key was pressed.
    const focused = await tree.root.evaluate(
      async (root, { key, ctrlKey }) => {
        root.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }));
        for (let step = 0; step < 10; step++) await Promise.resolve();
        return document.activeElement?.matches('[role="dialog"] input');
      },
      { key, ctrlKey: isCtrl },
    );
    expect(focused, key).toBe(true);
    await page.keyboard.press('Escape');
    await seeNone(page.getByRole('dialog'));
  }
});

/** Presses Tab until the focus is there; everything must be within reach of it. */
async function reach(
  page: { keyboard: { press: (key: string) => Promise<void> } },
  isThere: () => Promise<boolean>,
): Promise<void> {
  const PRESSES_MAX = 60;
  for (let press = 0; press < PRESSES_MAX; press++) {
    if (await isThere()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached by ${PRESSES_MAX} presses of Tab`);
}
