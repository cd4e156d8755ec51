/** The window: title bar, activity bar, status bar, and the views behind them, found by what they say. */
import type { Locator, Page } from 'playwright-core';
import { see } from '../support/look.ts';
import { type Texts, like } from '../support/texts.ts';
import { Browse } from './browse.ts';
import { Cluster } from './cluster.ts';
import { Connections } from './connections.ts';
import { Diagnose } from './diagnose.ts';
import { ElectionPage } from './election.ts';
import { Ensembles } from './ensembles.ts';
import { Events } from './events.ts';
import { FirstStart } from './first-start.ts';
import { Palette } from './palette.ts';
import { Sessions } from './sessions.ts';

export type ViewName = 'browse' | 'events' | 'sessions' | 'cluster' | 'diagnose' | 'ensembles' | 'settings';

export class App {
  readonly page: Page;
  readonly texts: Texts;
  readonly firstStart: FirstStart;
  readonly connections: Connections;
  readonly browse: Browse;
  readonly events: Events;
  readonly sessions: Sessions;
  readonly cluster: Cluster;
  readonly diagnose: Diagnose;
  readonly election: ElectionPage;
  readonly ensembles: Ensembles;
  readonly palette: Palette;

  constructor(page: Page, texts: Texts) {
    this.page = page;
    this.texts = texts;
    this.firstStart = new FirstStart(page, texts);
    this.connections = new Connections(page, texts);
    this.browse = new Browse(page, texts);
    this.events = new Events(page, texts);
    this.sessions = new Sessions(page, texts);
    this.cluster = new Cluster(page, texts);
    this.diagnose = new Diagnose(page, texts);
    this.election = new ElectionPage(page, texts);
    this.ensembles = new Ensembles(page, texts);
    this.palette = new Palette(page, texts);
  }

  get statusBar(): Locator {
    return this.page.getByRole('contentinfo', { name: this.texts.common.frame.status });
  }

  /** The state of the connection as the status bar says it. */
  status(state: keyof Texts['common']['status']): Locator {
    return this.statusBar.getByRole('status').filter({ hasText: this.texts.common.status[state] });
  }

  /** What is new in a view is counted behind its name. */
  view(view: ViewName): Locator {
    return this.page
      .getByRole('navigation', { name: this.texts.common.frame.activity })
      .getByRole('button', { name: new RegExp(`^${this.texts.common.views[view]}`) });
  }

  async open(view: ViewName): Promise<void> {
    await this.view(view).click();
    await see(this.view(view).and(this.page.locator('[aria-current="page"]')));
  }

  get connectionSwitcher(): Locator {
    return this.page.getByRole('button', { name: like(this.texts.common.frame.switchConnection) });
  }

  /** An entry of the connection switcher's menu, after opening it. */
  async chooseInSwitcher(entry: 'manageConnections' | 'newConnection' | 'startLocalEnsemble'): Promise<void> {
    await this.connectionSwitcher.click();
    await this.page.getByRole('menuitem', { name: this.texts.common.frame[entry] }).click();
  }

  /** From the very first start to the tree of three servers, in one click. */
  async startLocalEnsemble(): Promise<void> {
    await this.firstStart.startEnsemble.click();
    await this.seeConnected();
  }

  /**
   * From the very first start to the tree of three servers that serve already: of those that are still starting, the diagnosis may
   * see the first election, and tell it.
   */
  async startServingEnsemble(): Promise<void> {
    await see(this.firstStart.title);
    await this.open('ensembles');
    await this.page.getByRole('button', { name: this.texts.ensembles.empty.options }).click();
    await this.ensembles.create({ name: 'quiet', servers: 3 });
    await see(this.ensembles.verdict('serving'));
    await this.ensembles.lever('openWorkspace').click();
    await this.seeConnected();
  }

  /** From the very first start to the tree of one server, which is there sooner than three. */
  async startLocalServer(): Promise<void> {
    await this.firstStart.startOne.click();
    await this.seeConnected();
  }

  /** From the very first start to the tree of a server that runs already. */
  async connectTo(
    connectString: string,
    environment: 'dev' | 'staging' | 'production' = 'dev',
  ): Promise<void> {
    await this.firstStart.enter(connectString, environment);
    await this.firstStart.testAndConnect.click();
    await this.seeConnected();
  }

  async seeConnected(): Promise<void> {
    await see(this.status('connected'));
    await see(this.browse.tree.row('/'));
  }

  /** A failure or a question where the thing would be. */
  alert(text?: string | RegExp): Locator {
    const alerts = this.page.getByRole('alert');
    return text === undefined ? alerts : alerts.filter({ hasText: text });
  }

  /** The notice of a failure with this code: its sentence in the language of the page. */
  failure(code: keyof Texts['failures']['code']): Locator {
    return this.alert(this.texts.failures.code[code].what);
  }

  banner(template: string): Locator {
    return this.page.getByRole('status').filter({ hasText: like(template) });
  }

  get languageButton(): Locator {
    return this.titleBar.getByRole('button', { name: this.texts.common.frame.otherLanguage, exact: true });
  }

  async chooseTheme(theme: 'dark' | 'light'): Promise<void> {
    const { frame } = this.texts.common;
    await this.page.getByRole('button', { name: like(frame.theme) }).click();
    await this.page.getByRole('menuitem', { name: frame.themeNames[theme], exact: true }).click();
  }

  get titleBar(): Locator {
    return this.page.getByRole('region', { name: this.texts.common.frame.titleBar });
  }

  get unlockButton(): Locator {
    return this.titleBar.getByRole('button', { name: this.texts.common.guard.unlock });
  }

  get unlockDialog(): Locator {
    return this.page.getByRole('dialog', { name: like(this.texts.common.guard.dialogTitle) });
  }
}
