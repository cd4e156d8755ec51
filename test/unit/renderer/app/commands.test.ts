import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Command,
  availableCommands,
  dismissCommandFailure,
  execute,
  matchesChord,
  parseShortcut,
  registerCommands,
  runCommand,
  useCommandStore,
} from '../../../../renderer/app/commands.ts';

const command = (id: string, rest: Partial<Command> = {}): Command => ({
  id,
  titleKey: 'common:action.close',
  run: () => undefined,
  ...rest,
});
const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('commands: registry', () => {
  beforeEach(() => {
    useCommandStore.setState({ commands: [] });
  });
  it('what a feature registers is gone when it is', () => {
    const unregister = registerCommands([command('a'), command('b')]);
    registerCommands([command('c')]);
    unregister();
    expect(availableCommands().map(({ id }) => id)).toEqual(['c']);
  });
  it('a later command with the same id takes over, and taking the earlier away leaves it', () => {
    const run = vi.fn();
    const unregister = registerCommands([command('a')]);
    registerCommands([command('a', { run })]);
    unregister();
    runCommand('a');
    expect(run).toHaveBeenCalledOnce();
  });
  it('a command that is not available is neither listed nor run', () => {
    const run = vi.fn();
    registerCommands([command('a', { isAvailable: () => false, run })]);
    runCommand('a');
    expect(availableCommands()).toEqual([]);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('commands: failures', () => {
  it('a command that fails is named until it is read, and never rejects', async () => {
    const fail = async (): Promise<void> => Promise.reject(new Error('oops'));
    await execute(command('a', { titleKey: 'action.retry', run: fail }));
    expect(useCommandStore.getState().failed).toMatchObject({
      titleKey: 'action.retry',
      failure: { code: 'BUG', message: 'oops' },
    });
    dismissCommandFailure();
    expect(useCommandStore.getState().failed).toBeNull();
  });
  it('the next command takes an earlier failure away', async () => {
    const fail = (): void => {
      throw new Error('oops');
    };
    await execute(command('a', { run: fail }));
    await execute(command('b'));
    expect(useCommandStore.getState().failed).toBeNull();
  });
});

describe('commands: shortcuts', () => {
  it('Mod is Ctrl, and Cmd on a Mac', () => {
    const chord = parseShortcut('Mod+K');
    expect(matchesChord(press('k', { ctrlKey: true }), chord, false)).toBe(true);
    expect(matchesChord(press('k', { metaKey: true }), chord, false)).toBe(false);
    expect(matchesChord(press('k', { metaKey: true }), chord, true)).toBe(true);
    expect(matchesChord(press('k', { ctrlKey: true }), chord, true)).toBe(false);
  });
  it('Shift counts for letters: Mod+L is not Mod+Shift+L', () => {
    const held = { ctrlKey: true, shiftKey: true };
    expect(matchesChord(press('L', held), parseShortcut('Mod+Shift+L'), false)).toBe(true);
    expect(matchesChord(press('L', held), parseShortcut('Mod+L'), false)).toBe(false);
  });
  it('Shift does not count for signs, which some layouts have only with it', () => {
    expect(matchesChord(press('?', { shiftKey: true }), parseShortcut('?'), false)).toBe(true);
    expect(matchesChord(press('?'), parseShortcut('?'), false)).toBe(true);
  });
  it('Alt with an arrow, and the plus sign as a key', () => {
    expect(matchesChord(press('ArrowLeft', { altKey: true }), parseShortcut('Alt+ArrowLeft'), false)).toBe(
      true,
    );
    expect(matchesChord(press('ArrowLeft'), parseShortcut('Alt+ArrowLeft'), false)).toBe(false);
    expect(parseShortcut('Mod++')).toEqual({ key: '+', mod: true, shift: false, alt: false });
  });
});
