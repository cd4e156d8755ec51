/** The browser of the suite: the installed one that `npm start` would open a window in, driven by playwright-core. */
import { type Browser, chromium } from 'playwright-core';
import { findInstalledBrowser } from '../../../electron/launch/installed-browser.ts';

/** Nothing of the browser's own may use the network or the disk beside the tests. */
const QUIET_ARGUMENTS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--disable-background-networking',
  '--disable-background-mode',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--disable-domain-reliability',
  '--metrics-recording-only',
  '--password-store=basic',
  '--disable-features=Translate,MediaRouter,OptimizationHints',
];

export function browserPath(): string {
  const found = findInstalledBrowser({ platform: process.platform, environment: process.env });
  if (found === undefined)
    throw new Error('no browser of the Chromium family; on Debian: apt-get install chromium');
  return found;
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath(), args: QUIET_ARGUMENTS });
}
