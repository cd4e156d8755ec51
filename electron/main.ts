/**
 * The Electron shell: one instance, one window, the same services and router as the browser host, behind a MessagePort. The
 * page is served on zabra://app, a scheme of its own, so that no file:// page exists and the policy is a header.
 */
import path from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import {
  type BrowserWindow,
  MessageChannelMain,
  app,
  dialog,
  ipcMain,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';
import { customJsonSerializers } from '../shared/api/serializers.ts';
import { AppError } from '../shared/errors.ts';
import { ensembleArguments, runEnsembleCommand } from '../embedded-server/launcher/ensemble-command.ts';
import { canGuard, guardProcess } from '../embedded-server/launcher/guard.ts';
import type { ForkServer } from '../embedded-server/launcher/launcher.ts';
import { diagnoseArguments, runDiagnose } from './diagnosis/diagnose-command.ts';
import { APP_SCHEME } from './host/app-url.ts';
import { RendererFiles } from './host/renderer-files.ts';
import { transferOf } from './host/message-transfer.ts';
import { openLog } from './log.ts';
import { installMenu } from './menu.ts';
import { type PageContext, joinPage } from './services/page.ts';
import { router } from './services/router.ts';
import { type Services, createServices, stopServices } from './services/services.ts';
import { dataFolderPath, ensureDataFolder } from './stores/data-folder.ts';
import { openSafeStorageVault } from './stores/safe-storage-vault.ts';
import { type Stores, openStores } from './stores/stores.ts';
import { createWindow, hardenContents, hardenSession, isFromPage } from './window.ts';

// Bundled: this file is dist/electron/main.js, beside server.js and preload.cjs.
const HERE = import.meta.dirname;
const LOG_WORKER = path.join(HERE, 'log-worker.js');

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.enableSandbox();

/** A server in a utility process: the packed app's binary runs no other scripts (fuse runAsNode is off). */
const forkServer: ForkServer = (argument) => {
  const child = utilityProcess.fork(path.join(HERE, 'server.js'), [argument], {
    serviceName: 'Zabra server',
  });
  child.once('spawn', () => {
    if (!canGuard || child.pid === undefined) return;
    // It ends with us by itself, but not while it is paused.
    const { release } = guardProcess(child.pid);
    child.once('exit', release);
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    kill() {
      // Electron's own asks a process that is paused, which does not hear.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
  };
};

function serveRenderer(): void {
  const files = new RendererFiles({ folder: path.join(HERE, '..', 'renderer'), connect: "'self'" });
  protocol.handle(APP_SCHEME, async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'app' || request.method !== 'GET') return new Response(null, { status: 403 });
    const { status, headers, body } = await files.respond(url.pathname);
    return new Response(Buffer.from(body), { status, headers });
  });
}

/** Each load of the page gets a port of its own; the old one closes with the old page. */
function servePorts(services: Services, window: () => BrowserWindow | undefined): void {
  const handler = new RPCHandler<PageContext>(router, {
    customJsonSerializers,
    experimental_transfer: transferOf,
  });
  ipcMain.on('zabra:connect', (event) => {
    if (!isFromPage(event, window())) {
      services.log.warn({ url: event.senderFrame?.url }, 'a port was refused');
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    const { context, leave } = joinPage(services);
    port2.on('close', leave);
    handler.upgrade(port2, { context });
    port2.start();
    event.sender.postMessage('zabra:port', null, [port1]);
  });
}

function openEverything(): { stores: Stores; services: Services } {
  const { platform, env } = process;
  const dataFolder = dataFolderPath({ platform, homeFolder: app.getPath('home'), environment: env });
  ensureDataFolder(dataFolder);
  const log = openLog(dataFolder);
  const stores = openStores({ dataFolder, vault: openSafeStorageVault(safeStorage, platform), log });
  const identity = { version: app.getVersion(), shell: 'electron' } as const;
  return { stores, services: createServices({ stores, identity, log, forkServer, logWorker: LOG_WORKER }) };
}

/** Sessions and servers end before the program does, once. */
function stopOnQuit({ stores, services }: { stores: Stores; services: Services }): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('will-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void stopServices(services).finally(() => {
      state = 'stopped';
      stores.close();
      app.quit();
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}

async function main(): Promise<void> {
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
  await app.whenReady();
  const opened = openEverything();
  stopOnQuit(opened);
  hardenSession(session.defaultSession);
  serveRenderer();
  installMenu(process.platform);
  let window: BrowserWindow | undefined;
  const open = (): void => {
    window = createWindow(opened.stores.windowState);
    window.once('closed', () => (window = undefined));
  };
  servePorts(opened.services, () => window);
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  // On macOS a program stays when its last window is closed.
  app.on('activate', () => {
    if (window === undefined) open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  open();
}

/** `zabra ensemble …`: without a window, and beside one that is open. */
async function runEnsemble(words: readonly string[]): Promise<void> {
  await app.whenReady();
  app.dock?.hide();
  app.exit(await runEnsembleCommand(words, { forkServer, version: app.getVersion() }));
}

/** `zabra diagnose …`, likewise. */
async function diagnose(words: readonly string[]): Promise<void> {
  await app.whenReady();
  app.dock?.hide();
  app.exit(await runDiagnose(words));
}

const words = process.argv.slice(app.isPackaged ? 1 : 2);
const ensemble = ensembleArguments(words);
const diagnosis = diagnoseArguments(words);

if (ensemble !== undefined) {
  void runEnsemble(ensemble);
} else if (diagnosis !== undefined) {
  void diagnose(diagnosis);
} else if (app.requestSingleInstanceLock()) {
  main().catch((error: unknown) => {
    const message = error instanceof AppError ? error.message : String(error);
    dialog.showErrorBox('Zabra cannot start', message);
    app.exit(1);
  });
} else {
  app.quit();
}
