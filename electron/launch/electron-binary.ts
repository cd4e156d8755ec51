/**
 * Finds Electron's binary by the file system only. Electron's own JavaScript must not be asked: it downloads the binary when
 * there is none, and blocks meanwhile (DESIGN.md).
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ElectronSearch {
  readonly root: string;
  /** `ELECTRON_OVERRIDE_DIST_PATH`: a folder with a binary of one's own. */
  readonly overrideFolder: string | undefined;
  readonly platform: NodeJS.Platform;
}

/** The path of an executable Electron, or undefined. */
export function findElectronBinary({ root, overrideFolder, platform }: ElectronSearch): string | undefined {
  const packageFolder = path.join(root, 'node_modules', 'electron');
  if (overrideFolder !== undefined && overrideFolder !== '') {
    const name = readName(packageFolder) ?? defaultName(platform);
    return executable(path.join(overrideFolder, name));
  }
  const name = readName(packageFolder);
  return name === undefined ? undefined : executable(path.join(packageFolder, 'dist', name));
}

/** path.txt is written by whoever fetched the binary. */
function readName(packageFolder: string): string | undefined {
  try {
    return readFileSync(path.join(packageFolder, 'path.txt'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function defaultName(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

function executable(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return file;
  } catch {
    return undefined;
  }
}
