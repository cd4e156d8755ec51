import { App } from './pages/app.ts';
import { startApache } from '../support/apache-server.ts';
import { launchChromium } from './support/chromium.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { TEXTS } from './support/texts.ts';
import { startZabra } from './support/zabra-host.ts';
const host = await startZabra();
const server = await startApache({ '4lw.commands.whitelist': 'srvr, conf' });
const browser = await launchChromium();
try {
  const context = await browser.newContext({ ...CONTEXT_OPTIONS, locale: 'en-US', deviceScaleFactor: 1 });
  await context.grantPermissions(['clipboard-read', 'clipboard-write', 'notifications']);
  const { page } = await openPage(context, host.url);
  page.on('console', (m) => console.log('page:', m.text()));
  page.on('pageerror', (e) => console.log('pageerror:', e.message));
  const app = new App(page, TEXTS.en);
  await app.connectTo(server.connectString);
  await app.chooseInSwitcher('manageConnections');
  await page.waitForTimeout(400);
  await page.getByText(server.connectString).first().click();
  await page.waitForTimeout(300);
  await page.getByText('Advanced').click();
  await page.waitForTimeout(300);
  await page.getByText('AdminServer port').scrollIntoViewIfNeeded();
  await page.screenshot({ path: `/tmp/zabra/look-cluster/h.png` });
  await app.open('settings');
  await page.waitForTimeout(300);
  await page.screenshot({ path: `/tmp/zabra/look-cluster/i.png` });
} catch (e) { console.log(String(e).slice(0, 600)); const p = browser.contexts()[0]?.pages()[0]; await p?.screenshot({ path: '/tmp/zabra/look-cluster/failed.png' }); } finally {
  await browser.close(); await host.dispose(); await server.stop();
}
