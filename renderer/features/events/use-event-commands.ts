/** The commands of the event log for the palette, registered while dock or view is mounted. */
import { Eye, Pause, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { type Command, useCommands } from '../../app/commands.ts';
import { presentPlace } from '../../app/workspace.ts';
import type { EventLog } from './event-log.ts';
import { chooseSubtree } from './subtree-choice.ts';
import { watchedPathsOf } from './use-event-log.ts';

interface EventCommands {
  readonly connectionId: string;
  readonly log: EventLog;
  /** A stable function, or the commands are registered anew with every render. */
  readonly watch: (path: string) => void;
}

export function useEventCommands({ connectionId, log, watch }: EventCommands): void {
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'events.pause',
        titleKey: 'events:command.pause',
        icon: Pause,
        run: () => {
          if (log.view().isPaused) log.resume();
          else log.pause();
        },
      },
      { id: 'events.clear', titleKey: 'events:command.clear', icon: Trash2, run: log.clear },
      {
        id: 'events.watchSelected',
        titleKey: 'events:command.watchSelected',
        icon: Eye,
        isAvailable: () => chooseSubtree(presentPlace().path, watchedPathsOf(connectionId)).kind === 'free',
        run: () => {
          watch(presentPlace().path);
        },
      },
    ],
    [connectionId, log, watch],
  );
  useCommands(commands);
}
