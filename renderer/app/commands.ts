/**
 * The registry of commands: what the palette lists, what shortcuts run, what the overlay of shortcuts shows. A
 * feature registers its commands while it is mounted, so an absent view has none. A shortcut is written as
 * `Mod+Shift+L`; Mod is Ctrl, and Cmd on a Mac.
 */
import type { LucideIcon } from 'lucide-react';
import { useEffect } from 'react';
import { create } from 'zustand';
import type { Failure } from '../../shared/api/failure.ts';
import { failureOf } from '../api/failure.ts';
import type { MessageKey } from '../i18n/i18n.ts';

export interface Command {
  /** `browse.create`; unique. */
  readonly id: string;
  /** What it does, as a full key: `browse:createNode`. A title that ends in … asks first. */
  readonly titleKey: MessageKey;
  /** A few words on what it costs or touches, beside the title. */
  readonly hintKey?: MessageKey;
  readonly icon?: LucideIcon;
  /** `Mod+K`, `Alt+ArrowLeft`, `?`, `G B` is not supported: one chord. */
  readonly shortcut?: string;
  /** Whether it can run now; it is hidden where not. Missing: always. */
  readonly isAvailable?: () => boolean;
  readonly run: () => void | Promise<void>;
}

/** A command that was run from the palette, a menu or a key, and failed: the frame says so. */
export interface CommandFailure {
  readonly titleKey: MessageKey;
  readonly failure: Failure;
}

interface CommandState {
  readonly commands: readonly Command[];
  readonly failed: CommandFailure | null;
}

export const useCommandStore = create<CommandState>(() => ({ commands: [], failed: null }));

/** Adds commands; returns what takes them away again. A later command with the same id replaces the earlier one. */
export function registerCommands(added: readonly Command[]): () => void {
  useCommandStore.setState(({ commands }) => ({
    commands: [...commands.filter(({ id }) => !added.some((command) => command.id === id)), ...added],
  }));
  return () => {
    useCommandStore.setState(({ commands }) => ({
      commands: commands.filter((command) => !added.includes(command)),
    }));
  };
}

/** Registers commands while the component is mounted. Demands a stable array (useMemo), or it re-registers. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => registerCommands(commands), [commands]);
}

/** Commands that can run now. */
export function availableCommands(): readonly Command[] {
  return useCommandStore.getState().commands.filter((command) => command.isAvailable?.() ?? true);
}

/** Runs a command by its id, if it is there and can run now. */
export function runCommand(id: string): void {
  const command = availableCommands().find((one) => one.id === id);
  if (command) void execute(command);
}

/** Runs a command; never rejects, since whoever pressed the key is not there to hear. */
export async function execute(command: Command): Promise<void> {
  useCommandStore.setState({ failed: null });
  try {
    await command.run();
  } catch (error) {
    useCommandStore.setState({ failed: { titleKey: command.titleKey, failure: failureOf(error) } });
  }
}

/** The person has read it. */
export function dismissCommandFailure(): void {
  useCommandStore.setState({ failed: null });
}

export interface Chord {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** `Mod+Shift+L` taken apart. */
export function parseShortcut(shortcut: string): Chord {
  const parts = shortcut.split('+');
  // 'Mod++' ends in an empty part: the key is plus itself.
  const key = parts.at(-1) === '' ? '+' : (parts.at(-1) ?? '');
  const has = (name: string): boolean => parts.slice(0, -1).includes(name);
  return { key: key.toLowerCase(), mod: has('Mod'), shift: has('Shift'), alt: has('Alt') };
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Whether a key press is the chord. For characters like `?` the layout decides about Shift, so it is not compared. */
export function matchesChord(press: KeyPress, chord: Chord, isMac: boolean): boolean {
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const otherMod = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== chord.mod || otherMod || press.altKey !== chord.alt) return false;
  if (press.key.toLowerCase() !== chord.key) return false;
  const isSymbol = chord.key.length === 1 && !/[a-z0-9]/.test(chord.key);
  return isSymbol || press.shiftKey === chord.shift;
}

export function isMacPlatform(): boolean {
  return /^Mac/i.test(navigator.platform);
}
