/** The application itself: what it is, settings, and unsaved edits. */
import type { AppInfo, Draft, Settings } from '../../../shared/api/app.ts';
import type { SettingsChanges } from '../../stores/settings-store.ts';
import type { Stores } from '../../stores/stores.ts';
import { ShellError } from '../shell-error.ts';

export interface AppIdentity {
  readonly version: string;
  readonly shell: AppInfo['shell'];
}

export class AppService {
  readonly #stores: Stores;
  readonly #identity: AppIdentity;

  constructor({ stores, identity }: { stores: Stores; identity: AppIdentity }) {
    this.#stores = stores;
    this.#identity = identity;
  }

  info(): AppInfo {
    return {
      ...this.#identity,
      platform: process.platform,
      dataFolder: this.#stores.dataFolder,
      secretStore: this.#stores.secrets.kind,
    };
  }

  settings(): Settings {
    return this.#stores.settings.read();
  }

  saveSettings(changes: SettingsChanges): Settings {
    return this.#stores.settings.save(changes);
  }

  drafts(connectionId: string): Draft[] {
    return this.#stores.drafts.list(connectionId);
  }

  /** Throws ShellError CONNECTION_UNKNOWN. */
  saveDraft(draft: Draft): void {
    if (this.#stores.profiles.get(draft.connectionId) === undefined) {
      throw new ShellError('CONNECTION_UNKNOWN', `no connection has the id ${draft.connectionId}`);
    }
    this.#stores.drafts.save(draft);
  }

  discardDraft(connectionId: string, path: string): void {
    this.#stores.drafts.discard(connectionId, path);
  }
}
