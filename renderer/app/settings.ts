/**
 * The person's settings and the layout that outlives a restart. Changed at once on screen and saved at once, so that a window
 * that is closed right after keeps them; further changes wait a moment, so that dragging a divider is a few saves.
 */
import { create } from 'zustand';
import { SETTINGS_DEFAULTS, type Settings } from '../../shared/api/app.ts';
import { client } from '../api/client.ts';
import { changeLanguage, resolveLanguage } from '../i18n/i18n.ts';

const SAVE_INTERVAL_MS = 400;

const useSettingsStore = create<Settings>(() => SETTINGS_DEFAULTS);

let unsaved: Partial<Settings> = {};
let timer: ReturnType<typeof setTimeout> | undefined;

export function useSettings(): Settings {
  return useSettingsStore();
}

export function currentSettings(): Settings {
  return useSettingsStore.getState();
}

/** Reads what the shell has. Called once, before the first render. */
export async function loadSettings(): Promise<Settings> {
  const settings = await client.app.settings();
  useSettingsStore.setState(settings);
  return settings;
}

export function changeSettings(change: Partial<Settings>): void {
  useSettingsStore.setState(change);
  if (change.language !== undefined)
    void changeLanguage(resolveLanguage(change.language, navigator.languages));
  unsaved = { ...unsaved, ...change };
  if (timer === undefined) saveThenWait();
}

function saveThenWait(): void {
  void save();
  timer = setTimeout(() => {
    timer = undefined;
    if (Object.keys(unsaved).length > 0) saveThenWait();
  }, SAVE_INTERVAL_MS);
}

async function save(): Promise<void> {
  const change = unsaved;
  unsaved = {};
  try {
    await client.app.saveSettings(change);
  } catch {
    // Tried again until the shell is back; the width of a pane is no news for anybody.
    unsaved = { ...change, ...unsaved };
  }
}
