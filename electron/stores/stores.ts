/** Everything that Zabra keeps on this machine, opened together. */
import type { Log } from '../log.ts';
import { openDatabase } from './database.ts';
import { DiagnosisStore } from './diagnosis-store.ts';
import { DraftStore } from './draft-store.ts';
import { HistoryStore } from './history-store.ts';
import { LabelStore } from './label-store.ts';
import { ProfileStore } from './profile-store.ts';
import { SecretStore, type SecretVault } from './secret-store.ts';
import { SettingsStore } from './settings-store.ts';
import { WindowStateStore } from './window-state-store.ts';

export interface Stores {
  readonly dataFolder: string;
  readonly profiles: ProfileStore;
  readonly secrets: SecretStore;
  readonly settings: SettingsStore;
  readonly drafts: DraftStore;
  readonly history: HistoryStore;
  readonly diagnosis: DiagnosisStore;
  readonly labels: LabelStore;
  readonly windowState: WindowStateStore;
  close(): void;
}

/** Demands that the folder exists. Throws StorageError. */
export function openStores(options: {
  readonly dataFolder: string;
  readonly vault: SecretVault | undefined;
  readonly log: Log;
}): Stores {
  const { dataFolder, vault, log } = options;
  const database = openDatabase(dataFolder);
  return {
    dataFolder,
    profiles: new ProfileStore(database),
    secrets: new SecretStore(database, { vault, log }),
    settings: new SettingsStore(database),
    drafts: new DraftStore(database),
    history: new HistoryStore(database),
    diagnosis: new DiagnosisStore(database),
    labels: new LabelStore(database),
    windowState: new WindowStateStore(database),
    close: () => database.close(),
  };
}
