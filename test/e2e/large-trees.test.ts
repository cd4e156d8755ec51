/**
 * Trees that a careless window would freeze on: 100,000 children of one node, whose list is larger than the 1 MB that Apache's
 * own client takes, and a path of 200 levels. Figures are printed; no task may take longer than 200 ms while one scrolls.
 */
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { ZooKeeperClient } from '../../electron/client/client.ts';
import type { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { type FrameFigures, formatFigures, measureFrames } from './support/frame-meter.ts';
import { eventually } from './support/eventually.ts';
import { see } from './support/look.ts';
import { connectClient, describeEngines } from './support/servers.ts';

const TASK_MS_MAX = 200;
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

function report(title: string, figures: FrameFigures): void {
  // eslint-disable-next-line no-console -- figures are what this suite is for
  console.log(formatFigures(title, figures));
}

function expectNoLongTask(title: string, figures: FrameFigures): void {
  report(title, figures);
  expect(figures.frames, 'frames were measured').toBeGreaterThan(5);
  expect(Math.max(0, ...figures.longTasksMs), `longest task: ${title}`).toBeLessThanOrEqual(TASK_MS_MAX);
}

const nextFrame = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));

/** Turns the wheel over the tree until it is at its end. */
async function wheelToEnd(page: Page, app: App, { stepPx }: { stepPx: number }): Promise<void> {
  await app.browse.tree.root.hover();
  const isAtEnd = (): Promise<boolean> =>
    app.browse.tree.root.evaluate(
      (list) => Math.ceil(list.scrollTop + list.clientHeight) >= list.scrollHeight - 1,
    );
  while (!(await isAtEnd())) {
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

    const loading = await measureFrames(page, async () => {
      await tree.toggle('/many');
      await tree.loadThem.click();
      await see(tree.row(`/many/${nameOf(0)}`), 60_000);
      await eventually(() => tree.row(`/many/${nameOf(0)}`).getAttribute('aria-setsize'), 60_000).toBe(
        String(CHILDREN),
      );
    });
    expectNoLongTask(`${engine.name}: loading 100,000 children`, loading);

    const wheel = await measureFrames(page, () => wheelToEnd(page, app, { stepPx: 32_000 }));
    expectNoLongTask(`${engine.name}: by wheel from top to bottom`, wheel);
    await see(tree.row(`/many/${nameOf(CHILDREN - 1)}`));

    const keys = await measureFrames(page, async () => {
      await tree.root.focus();
      await pressRepeatedly(page, 'End', 1);
      await pressRepeatedly(page, 'PageUp', 60);
      await pressRepeatedly(page, 'ArrowDown', 60);
      await pressRepeatedly(page, 'Home', 1);
      await see(tree.row('/'));
    });
    expectNoLongTask(`${engine.name}: by keys`, keys);

    const filter = await measureFrames(page, async () => {
      await tree.filter.pressSequentially('99999');
      await see(tree.row(`/many/${nameOf(99_999)}`));
      await tree.filter.fill('');
      await see(tree.row(`/many/${nameOf(0)}`));
    });
    expectNoLongTask(`${engine.name}: filtering`, filter);

    const table = await measureFrames(page, async () => {
      await tree.select('/many');
      await app.browse.node.openTab('children');
      await app.browse.node.children('/many').hover();
      for (let turn = 0; turn < 60; turn++) {
        await page.mouse.wheel(0, 16_000);
        await nextFrame(page);
      }
    });
    expectNoLongTask(`${engine.name}: the table of children`, table);
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

    const opening = await measureFrames(page, async () => {
      await app.palette.run(deepest);
      await see(app.browse.tree.selected(deepest), 60_000);
    });
    expectNoLongTask('opening 200 levels', opening);
    const level = await app.browse.tree.row(deepest).getAttribute('aria-level');
    expect(Number(level)).toBe(LEVELS + 1);

    const climbing = await measureFrames(page, async () => {
      await app.browse.tree.root.focus();
      await pressRepeatedly(page, 'ArrowUp', LEVELS - 1);
      await see(app.browse.tree.selected('/deep'));
      await wheelToEnd(page, app, { stepPx: 120 });
    });
    expectNoLongTask('climbing 200 levels', climbing);
  });
});
