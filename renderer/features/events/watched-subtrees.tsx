/** The chips of what is watched, and the way to watch more; nothing while nothing is watched, which the list explains. */
import type { ReactNode } from 'react';
import { useTexts } from '../../i18n/use-texts.ts';
import { removeSubtree } from './remove-subtree.ts';
import { SubtreeChips } from './subtree-chips.tsx';
import type { Events } from './use-events.ts';
import { WatchPopover } from './watch-popover.tsx';

export function WatchedSubtrees({ connectionId, log, view, subtrees, calls }: Events): ReactNode {
  const t = useTexts();
  if (subtrees === null || subtrees.length === 0) return null;
  return (
    <>
      <SubtreeChips
        subtrees={subtrees}
        narrowedTo={view.filter.subtree}
        onNarrow={(subtree) => {
          log.setFilter({ ...view.filter, subtree });
        }}
        onRemove={(path) => {
          removeSubtree(log, path, calls.unwatch);
        }}
      />
      <WatchPopover connectionId={connectionId} subtrees={subtrees} label={t('events:subtree.addButton')} />
    </>
  );
}
