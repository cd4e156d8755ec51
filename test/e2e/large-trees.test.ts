/**
 * Trees that a careless window would freeze on: 100,000 children of one node, whose list is larger than the 1 MB that Apache's
 * own client takes, and a path of 200 levels. Figures are printed; no task may take longer than 200 ms while one scrolls.
 *
 * Any task is long on a machine that is busy with something else: how busy is measured along, and what exceeds the limit all the
 * same is done once more. What the page itself is slow at shows again.
 */
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { ZooKeeperClient } from '../../electron/client/client.ts';
import type { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { type FrameFigures, formatFigures, longestTaskMs, measureFrames } from './support/frame-meter.ts';
import { eventually } from './support/eventually.ts';
import { see } from './support/look.ts';
import { connectClient, describeEngines } from './support/servers.ts';

const TASK_MS_MAX = 200;
/** While something is read that was not there before. */
const LOADING_TASK_MS_MAX = 500;
const CHILDREN = 100_000;
const LEVELS = 200;
const CREATES_A_REQUEST = 1_000;

/** Eleven letters a name: the list of them all is 1.5 MB. */
const nameOf = (at: number): string => `node-${String(at).padStart(6, '0')}`;

async function createChildren(client: ZooKeeperClient, parent: string): Promise<void> {
  await client.create(parent);
  const requests = Array.from({ length: CHILDREN / CREATES_A_REQUEST }, (_request, request) =>
    client.multi(
      Array.from({ length: CREATES_A_REQUEST }, (_write, at) => ({
        op: 'create' as const,
        path: `${parent}/${nameOf(request * CREATES_A_REQUEST + at)}`,
      })),
    ),
  );
  await Promise.all(requests);
}

async function createLevels(client: ZooKeeperClient, top: string): Promise<string> {
  const writes = [{ op: 'create' as const, path: top }];
  let path = top;
  for (let level = 1; level < LEVELS; level++) {
    path += `/level-${level}`;
    writes.push({ op: 'create', path });
  }
  await client.multi(writes);
  return path;
}

function longestOf(title: string, figures: FrameFigures): number {
  // eslint-disable-next-line no-console -- figures are what this suite is for
  console.log(formatFigures(title, figures));
  expect(figures.frames, 'frames were measured').toBeGreaterThan(5);
  return longestTaskMs(figures);
}

/** For what can be done once only. */
async function loadWithoutFreezing(page: Page, title: string, act: () => Promise<void>): Promise<void> {
  const longest = longestOf(title, await measureFrames(page, act));
  expect(longest, `longest task: ${title}`).toBeLessThanOrEqual(LOADING_TASK_MS_MAX);
}

/** `act` can be repeated. */
async function scrollWithoutLongTasks(page: Page, title: string, act: () => Promise<void>): Promise<void> {
  const first = longestOf(title, await measureFrames(page, act));
  if (first <= TASK_MS_MAX) return;
  const second = longestOf(`${title}, again`, await measureFrames(page, act));
  expect(second, `longest task: ${title}`).toBeLessThanOrEqual(TASK_MS_MAX);
}

const nextFrame = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));

/** Turns the wheel over the tree until it is at its end, or with negative steps at its beginning. */
async function wheel(page: Page, app: App, { stepPx }: { stepPx: number }): Promise<void> {
  await app.browse.tree.root.hover();
  const isThere = (): Promise<boolean> =>
    app.browse.tree.root.evaluate(
      (list, isDown) =>
        isDown
          ? Math.ceil(list.scrollTop + list.clientHeight) >= list.scrollHeight - 1
          : list.scrollTop === 0,
      stepPx > 0,
    );
  while (!(await isThere())) {
    await page.mouse.wheel(0, stepPx);
    await nextFrame(page);
  }
}

/** As a key that is held down: at most one press a frame. */
async function pressRepeatedly(page: Page, key: string, presses: number): Promise<void> {
  for (let press = 0; press < presses; press++) {
    await page.keyboard.press(key);
    await nextFrame(page);
  }
}

describeEngines('100,000 children', ['builtin', 'apache'], (engine) => {
  test('are listed, filtered and scrolled through without a long task', async ({ zabra: { app, page } }) => {
    const client = await connectClient(engine.server.connectString);
    await createChildren(client, '/many');
    await app.connectTo(engine.server.connectString);
    const { tree } = app.browse;
    // The editor's code is loaded with the first node that is shown; that is not what is measured here.
    await see(app.browse.node.editorText);

    await loadWithoutFreezing(page, `${engine.name}: loading 100,000 children`, async () => {
      await tree.toggle('/many');
      await tree.loadThem.click();
      await see(tree.row(`/many/${nameOf(0)}`), 120_000);
      await eventually(() => tree.row(`/many/${nameOf(0)}`).getAttribute('aria-setsize'), 120_000).toBe(
        String(CHILDREN),
      );
    });

    await scrollWithoutLongTasks(page, `${engine.name}: by wheel from top to bottom`, async () => {
      await wheel(page, app, { stepPx: -100_000 });
      await wheel(page, app, { stepPx: 32_000 });
    });
    await see(tree.row(`/many/${nameOf(CHILDREN - 1)}`));

    await scrollWithoutLongTasks(page, `${engine.name}: by keys`, async () => {
      await tree.root.focus();
      await pressRepeatedly(page, 'End', 1);
      await pressRepeatedly(page, 'PageUp', 60);
      await pressRepeatedly(page, 'ArrowDown', 60);
      await pressRepeatedly(page, 'Home', 1);
      await see(tree.row('/'));
    });

    await scrollWithoutLongTasks(page, `${engine.name}: filtering`, async () => {
      await tree.filter.pressSequentially('99999');
      await see(tree.row(`/many/${nameOf(99_999)}`));
      await tree.filter.fill('');
      await see(tree.row(`/many/${nameOf(0)}`));
    });

    await scrollWithoutLongTasks(page, `${engine.name}: the table of children`, async () => {
      await tree.select('/many');
      await app.browse.node.openTab('children');
      await app.browse.node.children('/many').hover();
      for (let turn = 0; turn < 60; turn++) {
        await page.mouse.wheel(0, 16_000);
        await nextFrame(page);
      }
    });
  });
});

describe('200 levels', () => {
  test('are reached by path, walked by keys and scrolled through without a long task', async ({
    zabra: { app, page },
  }) => {
    await app.startLocalServer();
    const server = await app.statusBar.locator('code').first().innerText();
    const client = await connectClient(server);
    const deepest = await createLevels(client, '/deep');
    await see(app.browse.tree.row('/deep'));
    await see(app.browse.node.editorText);

    await loadWithoutFreezing(page, 'opening 200 levels', async () => {
      await app.palette.run(deepest);
      await see(app.browse.tree.selected(deepest), 120_000);
    });
    const level = await app.browse.tree.row(deepest).getAttribute('aria-level');
    expect(Number(level)).toBe(LEVELS + 1);

    await scrollWithoutLongTasks(page, 'walking 200 levels down and up', async () => {
      await app.browse.tree.root.focus();
      await pressRepeatedly(page, 'Home', 1);
      await pressRepeatedly(page, 'ArrowDown', LEVELS);
      await see(app.browse.tree.selected(deepest));
      await pressRepeatedly(page, 'ArrowUp', LEVELS - 1);
      await see(app.browse.tree.selected('/deep'));
      await wheel(page, app, { stepPx: 120 });
    });
  });
});
