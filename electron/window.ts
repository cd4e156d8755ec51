/**
 * The window in Electron: sandboxed, without Node, on zabra://app only. It goes nowhere else, opens no other window (a link
 * on https goes to the system's browser), and gets no permission but to write to the clipboard and to show notifications.
 */
import { BrowserWindow, type IpcMainEvent, type Session, type WebContents, screen, shell } from 'electron';
import path from 'node:path';
import { APP_ORIGIN, isAppUrl, isOpenableUrl } from './host/app-url.ts';
import { type WindowState, visibleWindowState } from './host/window-state.ts';

export interface WindowStateStore {
  read(): WindowState | undefined;
  save(state: WindowState): void;
}

/** Demands that the app is ready and zabra:// is served. */
export function createWindow(states: WindowStateStore): BrowserWindow {
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const { isMaximized, ...bounds } = visibleWindowState(states.read(), areas);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 880,
    minHeight: 560,
    show: false,
    title: 'Zabra',
    // The frame's colour (ux/tokens.css, dark), so that nothing flashes before the first paint.
    backgroundColor: '#0f1114',
    webPreferences: {
      preload: path.join(import.meta.dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  if (isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => states.save({ ...window.getNormalBounds(), isMaximized: window.isMaximized() }));
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

/** For every web contents that ever comes to be, also ones that nobody meant to make. */
export function hardenContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isAppUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isOpenableUrl(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

const PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications']);

export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    decide(PERMISSIONS.has(permission) && isAppUrl(requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => PERMISSIONS.has(permission) && isAppUrl(`${origin}/`),
  );
  session.setDevicePermissionHandler(() => false);
}

/** Whether a message comes from the page of `window` itself: its main frame, on our origin. */
export function isFromPage(event: IpcMainEvent, window: BrowserWindow | undefined): boolean {
  const { senderFrame, sender } = event;
  if (window === undefined || window.isDestroyed() || sender !== window.webContents || senderFrame === null)
    return false;
  return senderFrame === sender.mainFrame && isAppUrl(senderFrame.url);
}
