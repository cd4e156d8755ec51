/** The commands of the frame itself, and the one listener that runs every command's shortcut. */
import {
  ArrowLeft,
  ArrowRight,
  Boxes,
  FolderTree,
  Keyboard,
  Languages,
  List,
  Lock,
  LockOpen,
  Moon,
  PanelBottom,
  Plug,
  Plus,
  Radio,
  Search,
  Server,
  SlidersHorizontal,
  Stethoscope,
  Sun,
  SunMoon,
  Unplug,
  Users,
} from 'lucide-react';
import { useEffect } from 'react';
import { client } from '../../api/client.ts';
import { editNewConnection } from '../../features/connections/form-state.ts';
import {
  type Command,
  availableCommands,
  execute,
  isMacPlatform,
  matchesChord,
  parseShortcut,
  useCommands,
} from '../commands.ts';
import { currentStatus } from '../connection-status.ts';
import { startLocalEnsemble } from '../ensembles.ts';
import { editPath, openOverlay, useOverlays } from '../overlays.ts';
import { changeSettings, currentSettings } from '../settings.ts';
import { goBack, goForward, openView, reconnect, useWorkspace } from '../workspace.ts';
import { focusNextRegion } from './regions.ts';

const hasConnection = (): boolean => useWorkspace.getState().connectionId !== null;
const isState = (...states: readonly string[]): boolean =>
  states.includes(currentStatus()?.state ?? 'closed');
const isGuard = (kind: string): boolean => currentStatus()?.writeGuard.kind === kind;

/** Runs a call about the present connection, if there is one. */
async function withConnection(call: (input: { connectionId: string }) => Promise<unknown>): Promise<void> {
  const { connectionId } = useWorkspace.getState();
  if (connectionId !== null) await call({ connectionId });
}

const VIEW_COMMANDS: readonly Command[] = [
  {
    id: 'frame.browse',
    titleKey: 'command.browse',
    icon: FolderTree,
    shortcut: 'Alt+1',
    isAvailable: hasConnection,
    run: () => {
      openView('browse');
    },
  },
  {
    id: 'frame.events',
    titleKey: 'command.events',
    icon: Radio,
    shortcut: 'Alt+2',
    isAvailable: hasConnection,
    run: () => {
      openView('events');
    },
  },
  {
    id: 'frame.sessions',
    titleKey: 'command.sessions',
    icon: Users,
    shortcut: 'Alt+3',
    isAvailable: hasConnection,
    run: () => {
      openView('sessions');
    },
  },
  {
    id: 'frame.cluster',
    titleKey: 'command.cluster',
    icon: Server,
    shortcut: 'Alt+4',
    isAvailable: hasConnection,
    run: () => {
      openView('cluster');
    },
  },
  {
    id: 'frame.diagnose',
    titleKey: 'command.diagnose',
    icon: Stethoscope,
    shortcut: 'Alt+5',
    isAvailable: hasConnection,
    run: () => {
      openView('diagnose');
    },
  },
  {
    id: 'frame.ensembles',
    titleKey: 'command.ensembles',
    icon: Boxes,
    shortcut: 'Alt+6',
    run: () => {
      openView('ensembles');
    },
  },
  {
    id: 'frame.connections',
    titleKey: 'command.connections',
    icon: List,
    shortcut: 'Alt+7',
    run: () => {
      openView('connections');
    },
  },
  {
    id: 'frame.settings',
    titleKey: 'command.settings',
    icon: SlidersHorizontal,
    shortcut: 'Mod+,',
    run: () => {
      openView('settings');
    },
  },
];

const MOVE_COMMANDS: readonly Command[] = [
  {
    id: 'frame.palette',
    titleKey: 'command.palette',
    icon: Search,
    shortcut: 'Mod+K',
    run: () => {
      openOverlay('palette');
    },
  },
  {
    id: 'frame.editPath',
    titleKey: 'command.editPath',
    icon: FolderTree,
    shortcut: 'Mod+L',
    isAvailable: hasConnection,
    run: () => {
      openView('browse');
      editPath(true);
    },
  },
  {
    id: 'frame.back',
    titleKey: 'command.goBack',
    icon: ArrowLeft,
    shortcut: 'Alt+ArrowLeft',
    isAvailable: () => useWorkspace.getState().back.length > 0,
    run: goBack,
  },
  {
    id: 'frame.forward',
    titleKey: 'command.goForward',
    icon: ArrowRight,
    shortcut: 'Alt+ArrowRight',
    isAvailable: () => useWorkspace.getState().forward.length > 0,
    run: goForward,
  },
  {
    id: 'frame.nextRegion',
    titleKey: 'command.nextRegion',
    icon: Keyboard,
    shortcut: 'F6',
    run: () => {
      focusNextRegion();
    },
  },
  {
    id: 'frame.shortcuts',
    titleKey: 'command.shortcuts',
    icon: Keyboard,
    shortcut: '?',
    run: () => {
      openOverlay('shortcuts');
    },
  },
  {
    id: 'frame.toggleDock',
    titleKey: 'command.toggleDock',
    icon: PanelBottom,
    shortcut: 'Mod+J',
    isAvailable: hasConnection,
    run: () => {
      changeSettings({ isDockOpen: !currentSettings().isDockOpen });
    },
  },
];

const CONNECTION_COMMANDS: readonly Command[] = [
  {
    id: 'frame.unlock',
    titleKey: 'command.unlock',
    icon: LockOpen,
    isAvailable: () => isGuard('locked'),
    run: () => {
      openOverlay('unlock');
    },
  },
  {
    id: 'frame.lock',
    titleKey: 'command.lock',
    icon: Lock,
    shortcut: 'Mod+Shift+L',
    isAvailable: () => isGuard('unlocked'),
    run: async () => withConnection(client.connections.lock),
  },
  {
    id: 'frame.reconnect',
    titleKey: 'command.reconnect',
    icon: Plug,
    isAvailable: () => hasConnection() && isState('closed', 'suspended', 'expired', 'auth-failed'),
    run: async () => withConnection(async ({ connectionId }) => reconnect(connectionId)),
  },
  {
    id: 'frame.close',
    titleKey: 'command.close',
    icon: Unplug,
    isAvailable: () => hasConnection() && !isState('closed'),
    run: async () => withConnection(client.connections.close),
  },
  {
    id: 'frame.newConnection',
    titleKey: 'command.newConnection',
    icon: Plus,
    run: () => {
      editNewConnection();
      openView('connections');
    },
  },
  {
    id: 'frame.startLocalEnsemble',
    titleKey: 'command.startLocalEnsemble',
    icon: Server,
    run: async () => startLocalEnsemble(),
  },
];

const LOOK_COMMANDS: readonly Command[] = [
  {
    id: 'frame.themeDark',
    titleKey: 'command.themeDark',
    icon: Moon,
    run: () => {
      changeSettings({ theme: 'dark' });
    },
  },
  {
    id: 'frame.themeLight',
    titleKey: 'command.themeLight',
    icon: Sun,
    run: () => {
      changeSettings({ theme: 'light' });
    },
  },
  {
    id: 'frame.themeSystem',
    titleKey: 'command.themeSystem',
    icon: SunMoon,
    run: () => {
      changeSettings({ theme: 'system' });
    },
  },
  {
    id: 'frame.english',
    titleKey: 'command.english',
    icon: Languages,
    run: () => {
      changeSettings({ language: 'en' });
    },
  },
  {
    id: 'frame.chinese',
    titleKey: 'command.chinese',
    icon: Languages,
    run: () => {
      changeSettings({ language: 'zh-CN' });
    },
  },
];

const FRAME_COMMANDS = [...VIEW_COMMANDS, ...MOVE_COMMANDS, ...CONNECTION_COMMANDS, ...LOOK_COMMANDS];

/** Registers the frame's commands, and listens to the keys of all commands. Mounted once. */
export function FrameCommands(): null {
  useCommands(FRAME_COMMANDS);
  useEffect(() => {
    const isMac = isMacPlatform();
    const onKeyDown = (event: KeyboardEvent): void => {
      // A dialog has the keyboard to itself, and what a component has used is used.
      if (event.defaultPrevented || useOverlays.getState().overlay !== null || isInDialog(event.target))
        return;
      const command = availableCommands().find(({ shortcut }) => {
        if (shortcut === undefined) return false;
        const chord = parseShortcut(shortcut);
        const isPlain = !chord.mod && !chord.alt && !/^f\d+$/.test(chord.key);
        return matchesChord(event, chord, isMac) && !(isPlain && isTyping(event.target));
      });
      if (!command) return;
      event.preventDefault();
      void execute(command);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return null;
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"]') !== null;
}

/** Whether a plain key would be a character for a field. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, .monaco-editor') !== null)
  );
}
