/** Finds an installed browser of the Chromium family, and the arguments that make it an app window of its own. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

export interface BrowserSearch {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
];
const MAC_FILES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS_FILES = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/** The first one found, or undefined. */
export function findInstalledBrowser(search: BrowserSearch): string | undefined {
  return candidates(search).find(isExecutable);
}

function candidates({ platform, environment }: BrowserSearch): string[] {
  switch (platform) {
    case 'darwin':
      return MAC_FILES;
    case 'win32': {
      const roots = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA];
      return roots.flatMap((root) =>
        root === undefined ? [] : WINDOWS_FILES.map((file) => path.win32.join(root, file)),
      );
    }
    default: {
      const folders = (environment.PATH ?? '')
        .split(path.delimiter)
        .filter((folder) => path.isAbsolute(folder));
      return LINUX_NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
    }
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

export interface AppWindow {
  readonly url: string;
  /** Private to Zabra: a browser that runs already must not take the window over, or its end would not be ours. */
  readonly profileFolder: string;
  readonly isRoot: boolean;
}

export function appWindowArguments({ url, profileFolder, isRoot }: AppWindow): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profileFolder}`,
    '--class=Zabra',
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-service-autorun',
    '--disable-background-networking',
    '--disable-background-mode',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-sync',
    '--metrics-recording-only',
    '--password-store=basic',
    '--disable-features=Translate,MediaRouter,OptimizationHints',
    // Chromium refuses to run as root with its sandbox.
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
}
