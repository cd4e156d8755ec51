/** Where Zabra keeps its files, by the platform's convention. Pure but for creating the folder. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { StorageError } from '../../shared/errors.ts';

export interface DataFolderHost {
  readonly platform: NodeJS.Platform;
  readonly homeFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `ZABRA_DATA_DIR`, else the platform's place for an application's data. */
export function dataFolderPath({ platform, homeFolder, environment }: DataFolderHost): string {
  const override = environment.ZABRA_DATA_DIR;
  if (override !== undefined && override !== '') return path.resolve(override);
  switch (platform) {
    case 'darwin':
      return path.join(homeFolder, 'Library', 'Application Support', 'Zabra');
    case 'win32':
      return path.join(environment.APPDATA ?? path.join(homeFolder, 'AppData', 'Roaming'), 'Zabra');
    default:
      return path.join(xdgDataHome(homeFolder, environment.XDG_DATA_HOME), 'zabra');
  }
}

/** The specification says to ignore a relative XDG_DATA_HOME. */
function xdgDataHome(homeFolder: string, value: string | undefined): string {
  return value !== undefined && path.isAbsolute(value) ? value : path.join(homeFolder, '.local', 'share');
}

/** Makes the folder, readable by its owner only. Throws StorageError IO. */
export function ensureDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StorageError('IO', `the data folder ${folder} cannot be made: ${String(error)}`, {
      cause: error,
    });
  }
}
