/** The menu in Electron: standard roles only, so that every item does what the platform's people expect. */
import { Menu } from 'electron';

export function installMenu(platform: NodeJS.Platform): void {
  const menu = Menu.buildFromTemplate([
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ]);
  Menu.setApplicationMenu(menu);
}
