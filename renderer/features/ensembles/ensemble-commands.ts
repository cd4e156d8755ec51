/** The commands about local ensembles; they mean the one that the Ensembles view shows. Mounted once, with the frame. */
import { Boxes, Play, Plus, Skull, Split, Square, Trash2 } from 'lucide-react';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { currentEnsembles } from '../../app/ensembles.ts';
import { openView, useWorkspace } from '../../app/workspace.ts';
import { chosenId, openEnsembleDialog, presentEnsemble } from './ensemble-choice.ts';

function present(): EnsembleDto | null {
  return presentEnsemble(currentEnsembles(), chosenId(), useWorkspace.getState().connectionId);
}

const isRunning = (): boolean => present()?.servers.some(({ process }) => process !== 'stopped') ?? false;
const hasLinks = (): boolean => (present()?.links.length ?? 0) > 0;

/** Shows the ensemble and does it there, so that one sees what comes of it. */
async function toPresent(call: (input: { ensembleId: string }) => Promise<unknown>): Promise<void> {
  const ensemble = present();
  if (ensemble === null) return;
  openView('ensembles');
  await call({ ensembleId: ensemble.ensembleId });
}

const COMMANDS: readonly Command[] = [
  {
    id: 'ensembles.create',
    titleKey: 'ensembles:command.create',
    icon: Plus,
    run: () => {
      openView('ensembles');
      openEnsembleDialog({ kind: 'create' });
    },
  },
  {
    id: 'ensembles.start',
    titleKey: 'ensembles:command.start',
    icon: Play,
    isAvailable: () => present()?.servers.some(({ process }) => process === 'stopped') ?? false,
    run: async () => toPresent(client.ensembles.start),
  },
  {
    id: 'ensembles.stop',
    titleKey: 'ensembles:command.stop',
    icon: Square,
    isAvailable: isRunning,
    run: async () => toPresent(client.ensembles.stop),
  },
  {
    id: 'ensembles.restart',
    titleKey: 'ensembles:command.restart',
    icon: Boxes,
    isAvailable: isRunning,
    run: async () => toPresent(client.ensembles.restart),
  },
  {
    id: 'ensembles.killLeader',
    titleKey: 'ensembles:command.killLeader',
    icon: Skull,
    isAvailable: hasLinks,
    run: async () => toPresent(client.ensembles.killLeader),
  },
  {
    id: 'ensembles.healLinks',
    titleKey: 'ensembles:command.healLinks',
    icon: Split,
    isAvailable: hasLinks,
    run: async () => toPresent(client.ensembles.healLinks),
  },
  {
    id: 'ensembles.remove',
    titleKey: 'ensembles:command.remove',
    icon: Trash2,
    isAvailable: () => present() !== null,
    run: () => {
      const ensemble = present();
      if (ensemble === null) return;
      openView('ensembles');
      openEnsembleDialog({ kind: 'remove', ensembleId: ensemble.ensembleId });
    },
  },
];

export function EnsembleCommands(): null {
  useCommands(COMMANDS);
  return null;
}
