/** Runs the shell for a browser: services, the loopback host, and (unless the address is only printed) an app window. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type BrowserHost, startBrowserHost } from '../browser-host.ts';
import { openLog } from '../log.ts';
import { createServices, stopServices } from '../services/services.ts';
import { ensureDataFolder } from '../stores/data-folder.ts';
import { openKeyringVault } from '../stores/keyring-vault.ts';
import { openStores } from '../stores/stores.ts';

export interface BrowserShellOptions {
  readonly dataFolder: string;
  readonly rendererFolder: string;
  readonly port: number | undefined;
  readonly version: string;
}

export interface BrowserShell {
  readonly host: BrowserHost;
  /** Where the app window's browser keeps its files. */
  readonly profileFolder: string;
  stop(): Promise<void>;
}

/** Throws StorageError (LOCKED: another Zabra has the data folder) and ShellError PORT_IN_USE. */
export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const { dataFolder, rendererFolder, port, version } = options;
  ensureDataFolder(dataFolder);
  const log = openLog(dataFolder);
  const stores = openStores({ dataFolder, vault: openKeyringVault(), log });
  const services = createServices({ stores, identity: { version, shell: 'browser' }, log });
  let host: BrowserHost;
  try {
    host = await startBrowserHost({ services, rendererFolder, port, log });
  } catch (error) {
    stores.close();
    throw error;
  }
  const profileFolder = path.join(dataFolder, 'browser-profile');
  mkdirSync(profileFolder, { recursive: true, mode: 0o700 });
  return {
    host,
    profileFolder,
    async stop() {
      await host.close();
      await stopServices(services);
      stores.close();
    },
  };
}
