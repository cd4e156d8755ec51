/** Znodes made, edited, protected and deleted by a person, while a second client looks and interferes. */
import { expect } from 'vitest';
import { Perms } from '../../shared/acl.ts';
import { bytesOf, textOfBytes } from './support/bytes.ts';
import { test } from './support/e2e-test.ts';
import { eventually } from './support/eventually.ts';
import { see, seeNone, textOf } from './support/look.ts';
import { connectClient, describeEngines } from './support/servers.ts';

const ANYONE = { scheme: 'world', id: 'anyone' };

describeEngines('editing', ['builtin', 'apache'], (engine) => {
  test('create: every mode arrives at the server as what it is', async ({ zabra: { app } }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/modes');
    await app.connectTo(engine.server.connectString);
    const { tree } = app.browse;
    await tree.select('/modes');

    await app.browse.create({ name: 'plain', data: 'text' });
    await see(tree.selected('/modes/plain'));
    await tree.select('/modes');
    await app.browse.create({ name: 'lock-', mode: 'EPHEMERAL_SEQUENTIAL' });
    await see(tree.badge('/modes/lock-0000000001', 'ephemeral'));
    await see(tree.badge('/modes/lock-0000000001', 'sequential'));
    await tree.select('/modes');
    await app.browse.create({ name: 'job-', mode: 'PERSISTENT_SEQUENTIAL_WITH_TTL', ttl: '5' });
    await see(tree.badge('/modes/job-0000000002', 'ttl'));
    await tree.select('/modes');
    await app.browse.create({ name: 'group', mode: 'CONTAINER' });
    await see(tree.badge('/modes/group', 'container'));

    const { children } = await client.getChildren('/modes');
    expect([...children].sort()).toEqual(['group', 'job-0000000002', 'lock-0000000001', 'plain']);
    const lock = await client.exists('/modes/lock-0000000001');
    expect(lock?.ephemeralOwner).not.toBe(0n);
    expect(textOfBytes((await client.getData('/modes/plain')).data)).toBe('text');
  });

  test('edit: text is saved as the next version, and the same bytes can be edited as hex', async ({
    zabra: { app, page },
  }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/text', { data: bytesOf('retries=3\n') });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/text');
    await app.browse.node.replaceText('/text', 'retries=5\n');
    await app.browse.node.save(0).click();
    await see(app.browse.node.saved(1));
    const { data, stat } = await client.getData('/text');
    expect(textOfBytes(data)).toBe('retries=5\n');
    expect(stat.version).toBe(1);

    await app.browse.node.showAs('hex');
    await app.browse.node.hexEditor('/text').locator('[data-at="8"][data-column="text"]').click();
    await page.keyboard.type('7');
    await app.browse.node.save(1).click();
    await see(app.browse.node.saved(2));
    expect(textOfBytes((await client.getData('/text')).data)).toBe('retries=7\n');
  });

  test('edit: JSON is shown formatted and saved minified, its other bytes as they were', async ({
    zabra: { app, page },
  }) => {
    // Numbers and escapes that a parse and a print would change.
    const stored = '{"big":12345678901234567890,"exp":1.50e+3,"esc":"\\u00e9\\/","host":"a","list":[1,2]}';
    const client = await connectClient(engine.server.connectString);
    await client.create('/json', { data: bytesOf(stored) });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/json');
    await see(app.browse.node.editorText.getByText('"host"'));
    const lines = await app.browse.node.editorText.locator('.view-line').count();
    expect(lines).toBeGreaterThan(6);
    await page.locator('.view-line', { hasText: '"host"' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.insertText('bc');
    await app.browse.node.save(0).click();
    await see(app.browse.node.saved(1));
    expect(textOfBytes((await client.getData('/json')).data)).toBe(
      stored.replace('"host":"a"', '"host":"abc"'),
    );
  });

  test('edit: binary data stays byte for byte what it was, but for the byte that was edited', async ({
    zabra: { app, page },
  }) => {
    const stored = Uint8Array.from({ length: 256 }, (_, at) => at);
    const client = await connectClient(engine.server.connectString);
    await client.create('/binary', { data: stored });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/binary');
    const hex = app.browse.node.hexEditor('/binary');
    await see(hex);
    await hex.locator('[data-at="17"][data-column="hex"]').click();
    await page.keyboard.type('ff');
    await page.keyboard.press('ControlOrMeta+s');
    await see(app.browse.node.saved(1));
    expect((await client.getData('/binary')).data).toEqual(stored.with(17, 0xff));
  });

  test('conflict: reloading takes theirs, and nothing was written', async ({ zabra: { app } }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/reload', { data: bytesOf('base') });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/reload');
    const { node } = app.browse;
    await node.replaceText('/reload', 'mine');
    await see(node.save(0));
    await client.setData('/reload', bytesOf('theirs'));
    await see(node.conflict({ now: 1, edited: 0 }));
    expect(textOfBytes((await client.getData('/reload')).data)).toBe('theirs');
    await node.discardMine(1).click();
    await eventually(() => textOf(node.editorText)).toBe('theirs');
    expect((await client.getData('/reload')).stat.version).toBe(1);
  });

  test('conflict: overwriting is asked for, and writes over the version that was shown', async ({
    zabra: { app },
  }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/overwrite', { data: bytesOf('base') });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/overwrite');
    const { node } = app.browse;
    await node.replaceText('/overwrite', 'mine');
    await client.setData('/overwrite', bytesOf('theirs'));
    await see(node.conflict({ now: 1, edited: 0 }));
    await node.overwrite(1).click();
    expect(textOfBytes((await client.getData('/overwrite')).data)).toBe('theirs');
    await node.overwriteNow(1).click();
    await seeNone(node.conflict({ now: 1, edited: 0 }));
    await eventually(async () => textOfBytes((await client.getData('/overwrite')).data)).toBe('mine');
    expect((await client.getData('/overwrite')).stat.version).toBe(2);
  });

  test('conflict: what both changed apart is merged', async ({ zabra: { app, page } }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/merge', { data: bytesOf('a=1\nb=2\nc=3\nd=4\ne=5\n') });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/merge');
    const { node } = app.browse;
    await page.locator('.view-line', { hasText: 'a=1' }).click();
    await page.keyboard.press('End');
    await page.keyboard.insertText('0');
    await see(node.save(0));
    await client.setData('/merge', bytesOf('a=1\nb=2\nc=3\nd=4\ne=50\n'));
    await node.saveMerged(2).click();
    await see(node.saved(2));
    expect(textOfBytes((await client.getData('/merge')).data)).toBe('a=10\nb=2\nc=3\nd=4\ne=50\n');
  });

  test('ACL: a permission taken away is gone on the server', async ({ zabra: { app } }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/guarded');
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.select('/guarded');
    const { node } = app.browse;
    await node.openTab('acl');
    await node.aclPermission('delete', 1).uncheck();
    await node.aclPermission('create', 1).uncheck();
    await node.saveAcl(0).click();
    await see(node.savedAcl(1));
    const { acl, stat } = await client.getAcl('/guarded');
    expect(acl).toEqual([{ perms: Perms.READ | Perms.WRITE | Perms.ADMIN, id: ANYONE }]);
    expect(stat.aversion).toBe(1);
  });

  test('delete: one node goes and comes back by undo, with its data and its ACL', async ({
    zabra: { app },
  }) => {
    const acl = [{ perms: Perms.READ | Perms.ADMIN | Perms.WRITE, id: ANYONE }];
    const client = await connectClient(engine.server.connectString);
    await client.create('/kept', { data: bytesOf('precious'), acl });
    await app.connectTo(engine.server.connectString);
    await app.browse.tree.chooseInMenu('/kept', 'delete');
    await app.browse.deleteOne('kept', 0).click();
    await seeNone(app.browse.tree.row('/kept'));
    expect(await client.exists('/kept')).toBeNull();
    await app.browse.undo.click();
    await see(app.browse.tree.selected('/kept'));
    expect(textOfBytes((await client.getData('/kept')).data)).toBe('precious');
    expect((await client.getAcl('/kept')).acl).toEqual(acl);
  });

  test('delete: a subtree goes with progress, and stops when it is told to', async ({
    zabra: { app, page },
  }) => {
    const client = await connectClient(engine.server.connectString);
    await client.create('/many');
    const names = Array.from({ length: 20_000 }, (_, at) => `/many/n${at}`);
    await Promise.all(
      Array.from({ length: 40 }, (_, part) =>
        client.multi(names.slice(part * 500, part * 500 + 500).map((path) => ({ op: 'create', path }))),
      ),
    );
    await app.connectTo(engine.server.connectString);
    const { browse } = app;
    await browse.tree.chooseInMenu('/many', 'delete');
    await browse.deleteAll('many').click();
    await eventually(() =>
      browse.jobProgress.evaluate((bar: HTMLProgressElement) => bar.value),
    ).toBeGreaterThan(0);
    await browse.cancelJob.click();
    const dialog = browse.deleteDialog('many');
    await see(dialog.getByRole('status').filter({ hasText: /^Stopped/ }));
    const left = (await client.exists('/many'))?.numChildren ?? 0;
    expect(left, 'stopped before the end').toBeGreaterThan(0);
    expect(left, 'and after the start').toBeLessThan(20_000);
    await dialog.getByRole('button', { name: app.texts.common.action.close, exact: true }).last().click();

    await browse.tree.chooseInMenu('/many', 'delete');
    await browse.deleteAll('many').click();
    await eventually(() => client.exists('/many'), 120_000).toBeNull();
    await see(
      browse
        .deleteDialog('many')
        .getByRole('status')
        .filter({ hasText: /deleted\.$/ }),
    );
    await page.keyboard.press('Escape');
    await seeNone(browse.tree.row('/many'));
  });
});
