/**
 * Every screen there is, one after the other, each with something to show. The suite walks the tour for accessibility and for
 * the languages, the screenshots' script to take its pictures.
 */
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { ZooKeeperClient } from '../../../electron/client/client.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import type { App } from '../pages/app.ts';
import { bytesOf } from './bytes.ts';
import { see, seeEnabled, seeNone } from './look.ts';
import { BINARY, BROKER, TOPIC, TOPIC_CONFIG } from './seed.ts';
import { fill, like } from './texts.ts';
import { ROOT } from './zabra-host.ts';

/** What Apache's servers logged during elections. */
const RECORDED_LOGS = [1, 2, 3].map((sid) =>
  path.join(ROOT, `test/fixtures/logs/three-servers-slf4j-simple/server-${sid}.log.gz`),
);

export interface Stage {
  readonly app: App;
  readonly page: Page;
  /** Beside the one under test, on the same server, which is seeded. */
  readonly client: ZooKeeperClient;
  /** What the app connects to. */
  readonly proxy: TcpProxy;
}

export interface Screen {
  readonly name: string;
  /** Leads there from the screen before; what is awaited last is what makes the screen complete. */
  readonly show: (stage: Stage) => Promise<void>;
  /** Leads away from what floats above the others. */
  readonly leave?: (stage: Stage) => Promise<void>;
}

const closeDialog = async ({ page }: Stage): Promise<void> => {
  await page.keyboard.press('Escape');
  await seeNone(page.getByRole('dialog'));
};

const discardEdit = async ({ app }: Stage): Promise<void> => {
  await app.browse.node.revert.click();
};

const CONNECTING: readonly Screen[] = [
  {
    name: 'first-start',
    show: async ({ app }) => {
      await see(app.firstStart.title);
      await see(app.page.getByText(/127\.0\.0\.1:\d+/));
    },
  },
  {
    name: 'connection-form',
    show: async ({ app, proxy }) => {
      await app.firstStart.enter(`${proxy.connectString}/hbase/acl`, 'staging');
      await app.firstStart.more.click();
      await app.connections.field('name').fill('kafka-stg');
      await see(app.connections.testPanel);
    },
  },
  {
    name: 'connection-test-failed',
    show: async ({ app }) => {
      await app.connections.chooseDigest('kim', 'guessed');
      await app.connections.button('test').click();
      await see(app.connections.step('first-read', 'failed'));
    },
  },
  {
    name: 'connection-test-passed',
    show: async ({ app }) => {
      await app.connections.field('chroot').fill('');
      await app.connections.button('testAgain').click();
      await see(app.connections.step('first-read', 'passed'));
    },
  },
];

const DATA: readonly Screen[] = [
  {
    name: 'browse-json',
    show: async ({ app, page }) => {
      await app.connections.button('saveAndOpen').click();
      await app.seeConnected();
      await app.browse.tree.chooseInMenu('/kafka', 'watch');
      await see(app.events.chip('/kafka'));
      await app.open('browse');
      await app.browse.tree.expand('/hbase');
      await app.browse.tree.expand('/locks');
      await app.browse.tree.expand('/locks/orders');
      await app.browse.tree.reach(BROKER);
      await page.locator('.view-line', { hasText: '"rack"' }).click();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Backspace');
      await page.keyboard.insertText('c');
      await seeEnabled(app.browse.node.save(0));
    },
  },
  {
    name: 'browse-diff',
    show: async ({ app }) => {
      await app.browse.node.button(app.texts.browse.save.diff).click();
      await see(app.page.locator('.monaco-diff-editor .view-line').first());
    },
    leave: async (stage) => {
      await stage.app.browse.node.button(stage.app.texts.browse.save.edit).click();
      await discardEdit(stage);
    },
  },
  {
    name: 'browse-text',
    show: async ({ app }) => {
      await app.browse.tree.reach('/config/app.properties');
      await see(app.browse.node.editorText.getByText('http.threads'));
    },
  },
  {
    name: 'browse-hex',
    show: async ({ app }) => {
      await app.browse.tree.select(BINARY);
      await see(app.browse.node.hexEditor(BINARY));
    },
  },
  {
    name: 'browse-null',
    show: async ({ app }) => {
      await app.browse.tree.select('/locks');
      await see(app.page.getByRole('heading', { name: app.texts.browse.data.nullTitle }));
    },
  },
];

const NODE: readonly Screen[] = [
  {
    name: 'stat',
    show: async ({ app }) => {
      await app.browse.tree.select(BROKER);
      await app.browse.node.openTab('stat');
      await see(app.browse.node.panel.getByText('ephemeralOwner'));
    },
  },
  {
    name: 'acl',
    show: async ({ app }) => {
      await app.browse.node.openTab('acl');
      await see(app.browse.node.aclPermission('read', 1));
    },
  },
  {
    name: 'acl-digest',
    show: async ({ app, page }) => {
      await app.browse.node.button(app.texts.browse.acl.digest).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: app.texts.browse.digest.user }).fill('kim');
    },
    leave: closeDialog,
  },
  {
    name: 'children',
    show: async ({ app }) => {
      await app.browse.tree.select('/kafka/brokers');
      await app.browse.node.openTab('children');
      await see(app.browse.node.children('/kafka/brokers').getByText('topics'));
    },
  },
  {
    name: 'children-none',
    show: async ({ app, page }) => {
      await app.browse.tree.select('/kafka/controller_epoch');
      await see(page.getByRole('heading', { name: app.texts.browse.children.emptyTitle }));
    },
  },
  {
    name: 'denied',
    show: async ({ app }) => {
      await app.browse.tree.select('/hbase/acl');
      await see(app.failure('NOAUTH'));
    },
  },
  {
    name: 'gone',
    show: async ({ app, client }) => {
      await client.create('/config/old');
      await app.browse.tree.select('/config/old');
      await app.browse.node.openTab('data');
      await client.delete('/config/old');
      await see(app.browse.node.gone);
    },
  },
];

const DIALOGS: readonly Screen[] = [
  {
    name: 'create',
    show: async ({ app }) => {
      await app.browse.tree.select('/services');
      await app.browse.tree.create.click();
      await app.browse.fillCreateDialog({
        name: 'worker-',
        mode: 'PERSISTENT_SEQUENTIAL_WITH_TTL',
        ttl: '10',
        data: 'http://worker.svc:8080',
      });
    },
    leave: closeDialog,
  },
  {
    name: 'delete',
    show: async ({ app }) => {
      await app.browse.tree.chooseInMenu('/services', 'delete');
      await see(app.browse.deleteAll('services'));
      await seeNone(app.browse.deleteDialog('services').getByText(app.texts.browse.remove.counting));
    },
    leave: closeDialog,
  },
  {
    name: 'conflict',
    show: async ({ app, client }) => {
      await app.browse.tree.reach(TOPIC);
      await app.browse.node.replaceWord('"producer"', 'zstd');
      await app.browse.node.replaceWord('"604800000"', '1209600000');
      await seeEnabled(app.browse.node.save(0));
      const theirs = TOPIC_CONFIG.replace('1048588', '4194304').replace('604800000', '259200000');
      await client.setData(TOPIC, bytesOf(theirs));
      await see(app.browse.node.conflict({ now: 1, edited: 0 }));
    },
    leave: async ({ app }) => {
      await app.browse.node.discardMine(1).click();
    },
  },
  {
    name: 'palette',
    show: async ({ app, page }) => {
      await app.browse.tree.root.focus();
      await page.keyboard.press('ControlOrMeta+k');
      await see(app.palette.field);
      await page.keyboard.type('s');
      await see(app.palette.chosen);
    },
    leave: closeDialog,
  },
  {
    name: 'shortcuts',
    show: async ({ app, page }) => {
      await app.browse.tree.root.focus();
      await page.keyboard.press('Shift+?');
      await see(page.getByRole('dialog', { name: app.texts.common.shortcuts.title }));
    },
    leave: closeDialog,
  },
];

const VIEWS: readonly Screen[] = [
  {
    name: 'events',
    show: async ({ app, client }) => {
      await client.setData('/kafka/controller_epoch', bytesOf('43'));
      await client.create('/kafka/brokers/ids/3', { mode: 'EPHEMERAL', data: bytesOf('{}') });
      await client.delete('/kafka/brokers/ids/3');
      await app.open('events');
      await see(app.events.row('NodeDeleted', '/kafka/brokers/ids/3'));
    },
  },
  {
    name: 'events-filtered-away',
    show: async ({ app }) => {
      await app.events.filterText.fill('nothing is called so');
      await see(app.page.getByRole('heading', { name: app.texts.events.noMatch.title }));
    },
    leave: async ({ app }) => {
      await app.events.filterText.fill('');
    },
  },
  {
    name: 'sessions',
    show: async ({ app }) => {
      await app.open('sessions');
      await see(app.sessions.table.getByRole('row').nth(2));
    },
  },
  {
    name: 'session-details',
    show: async ({ app, client }) => {
      const sessionId = `0x${client.sessionKey?.sessionId.toString(16) ?? ''}`;
      await app.sessions.row(sessionId).click();
      await see(app.sessions.details(sessionId));
    },
  },
  {
    name: 'session-end',
    show: async ({ app, client }) => {
      await client.exists('/kafka/controller', { watch: () => undefined });
      await app.sessions.openEnd.click();
      await see(app.sessions.preview.getByText('/kafka/controller'));
      await app.sessions.preview.getByRole('button', { name: app.texts.radius.ask }).click();
      await see(app.sessions.preview.getByText(app.texts.radius.childHidden));
      await app.sessions.confirmation.fill('orders-work');
    },
  },
  {
    name: 'sessions-ended',
    show: async ({ app }) => {
      await app.sessions.scope('ended').click();
      const ended = app.sessions.ended.getByRole('row').nth(1);
      await see(ended);
    },
  },
  {
    name: 'cluster',
    show: async ({ app }) => {
      await app.open('cluster');
      await see(app.cluster.answer(app.texts.cluster.verdict.standalone));
      // The second sample brings the rates.
      const collecting = app.page.getByText(app.texts.cluster.sub.collecting);
      await seeNone(collecting);
    },
  },
  {
    name: 'cluster-values',
    show: async ({ app, proxy }) => {
      await app.cluster.allValues(proxy.connectString).click();
      await see(app.cluster.values(proxy.connectString).getByRole('row').nth(5));
    },
    leave: async ({ app }) => {
      await app.page.getByRole('button', { name: app.texts.cluster.drawer.close }).click();
    },
  },
  {
    name: 'logs-none',
    show: async ({ app }) => {
      await app.open('diagnose');
      await app.election.openLogs.click();
      await see(app.page.getByRole('heading', { name: app.texts.election.logs.drop.title }));
    },
  },
  {
    name: 'logs-election',
    show: async ({ app }) => {
      await app.election.chooseLogs(RECORDED_LOGS);
      await see(app.election.logsSummary);
      await app.election.loggedElections.nth(1).click();
      await app.election.messages.focus();
      await app.page.keyboard.press('PageDown');
    },
  },
  {
    name: 'logs-election-table',
    show: async ({ app }) => {
      await app.election.asTable();
      await see(app.election.messageTable.getByRole('row').nth(3));
    },
    leave: async ({ app }) => {
      await app.election.closeLogs.click();
    },
  },
  {
    name: 'ensembles-none',
    show: async ({ app }) => {
      await app.open('ensembles');
      await see(app.page.getByRole('heading', { name: app.texts.ensembles.empty.title }));
    },
  },
  {
    name: 'ensembles-create',
    show: async ({ app }) => {
      await app.page.getByRole('button', { name: app.texts.ensembles.empty.options }).click();
      await app.ensembles.dialog.getByLabel(app.texts.ensembles.create.servers).fill('4');
      await see(app.page.getByText(app.texts.ensembles.hint.even));
    },
    leave: closeDialog,
  },
  {
    name: 'ensembles-serving',
    show: async ({ app, page }) => {
      await page.getByRole('button', { name: app.texts.ensembles.empty.options }).click();
      await app.ensembles.create({ name: 'breakable', servers: 3, observers: 1 });
      await see(app.ensembles.verdict('serving'));
      await see(app.ensembles.fact('sessions', 4).getByText(/\d/));
    },
  },
  {
    name: 'ensembles-link',
    show: async ({ app, page }) => {
      await app.ensembles.linkMore.first().click();
      // Escape is a key of what floats, which has the keys a moment after it is there.
      await see(page.getByRole('dialog').locator(':focus'));
      await see(page.getByText(app.texts.ensembles.link.hint));
    },
    leave: async ({ app, page }) => {
      await page.keyboard.press('Escape');
      await seeNone(page.getByText(app.texts.ensembles.link.hint));
    },
  },
  {
    name: 'ensembles-conditions',
    show: async ({ app }) => {
      await app.ensembles.more(2, 'conditions');
      await app.ensembles.dialog
        .getByRole('slider', { name: app.texts.ensembles.conditions.syncDelay })
        .press('ArrowRight');
      await see(app.page.getByText(app.texts.ensembles.conditions.reset));
    },
    leave: async (stage) => {
      await stage.page.getByText(stage.app.texts.ensembles.conditions.reset).click();
      await seeNone(stage.page.getByText(stage.app.texts.ensembles.conditions.reset));
      await closeDialog(stage);
    },
  },
  {
    name: 'ensembles-remove-server',
    show: async ({ app }) => {
      await app.ensembles.more(4, 'remove');
      await see(app.ensembles.dialog);
    },
    leave: closeDialog,
  },
  {
    name: 'ensembles-partition',
    show: async ({ app }) => {
      for (const other of [2, 3, 4]) {
        await app.ensembles.cut(1, other).click();
        await see(app.ensembles.mend(1, other));
      }
      await see(app.ensembles.server(1).getByText('LOOKING'));
      await see(app.ensembles.verdict('partitioned'));
      await app.ensembles.action(4, 'kill').click();
      await see(app.ensembles.action(4, 'wipe'));
    },
  },
  {
    name: 'ensembles-wipe',
    show: async ({ app }) => {
      await app.ensembles.action(4, 'wipe').click();
      await see(app.ensembles.dialog);
    },
    leave: closeDialog,
  },
  {
    name: 'ensembles-stopped',
    show: async ({ app }) => {
      await app.ensembles.lever('stopAll').click();
      await see(app.ensembles.verdict('stopped'));
    },
    leave: async ({ app }) => {
      await app.ensembles.lever('remove').click();
      await app.ensembles.dialog
        .getByRole('button', { name: fill(app.texts.ensembles.remove.confirm, { name: 'breakable' }) })
        .click();
      await see(app.page.getByRole('heading', { name: app.texts.ensembles.empty.title }));
    },
  },
  {
    name: 'settings',
    show: async ({ app }) => {
      await app.open('settings');
      await see(app.page.getByText(app.texts.settings.dataFolder, { exact: true }));
    },
  },
];

const TROUBLE: readonly Screen[] = [
  {
    name: 'suspended',
    show: async ({ app, proxy }) => {
      await app.open('browse');
      await app.browse.tree.select(BROKER);
      proxy.refuse();
      await see(app.status('suspended'));
      await see(app.banner(app.texts.common.gate.lastAttempt));
    },
    leave: async ({ app, proxy }) => {
      proxy.accept();
      await see(app.status('connected'));
    },
  },
  {
    name: 'connecting-in-vain',
    show: async ({ app, proxy }) => {
      await app.chooseInSwitcher('manageConnections');
      await app.palette.run(app.texts.common.command.close);
      await app.open('browse');
      await see(app.page.getByRole('heading', { name: like(app.texts.common.gate.notOpenTitle) }));
      proxy.refuse();
      await app.page.getByRole('button', { name: app.texts.common.gate.open, exact: true }).click();
      await see(app.alert(app.texts.common.gate.lastAttempt));
    },
    leave: async ({ app, proxy }) => {
      proxy.accept();
      await see(app.status('connected'));
    },
  },
  {
    name: 'production-unlock',
    show: async ({ app, page }) => {
      await app.chooseInSwitcher('manageConnections');
      await app.connections.item('kafka-stg').click();
      await page.getByText(app.texts.common.environment.production, { exact: true }).click();
      await app.connections.button('save').click();
      await app.open('browse');
      await app.unlockButton.click();
      await see(app.unlockDialog);
    },
    leave: closeDialog,
  },
  {
    name: 'production',
    show: async ({ app }) => {
      await app.browse.tree.select(BROKER);
      await app.browse.node.openTab('data');
      await see(app.browse.node.editorText.getByText('"rack"'));
    },
  },
  {
    name: 'connections',
    show: async ({ app }) => {
      await app.chooseInSwitcher('manageConnections');
      await app.connections.item('kafka-stg').click();
      await see(app.connections.field('name'));
    },
  },
  {
    name: 'connection-remove',
    show: async ({ app, page }) => {
      await app.connections.removeButton.click();
      const title = fill(app.texts.connections.remove.title, { name: 'kafka-stg' });
      await see(page.getByRole('dialog', { name: title }));
    },
    leave: closeDialog,
  },
];

export const TOUR: readonly Screen[] = [...CONNECTING, ...DATA, ...NODE, ...DIALOGS, ...VIEWS, ...TROUBLE];

/** Walks the screens in order; a failure says at which one. */
export async function walk(
  stage: Stage,
  visit: (screen: Screen) => Promise<void>,
  screens: readonly Screen[] = TOUR,
): Promise<void> {
  for (const screen of screens) {
    try {
      await screen.show(stage);
      await visit(screen);
      await screen.leave?.(stage);
    } catch (error) {
      throw new Error(`at the screen ${screen.name}: ${error instanceof Error ? error.message : ''}`, {
        cause: error,
      });
    }
  }
}
