/** The frame: title bar, activity bar, content, dock, status bar. */
import { type ReactNode, Suspense } from 'react';
import { useWorkspace } from '../workspace.ts';
import { EventsDock, VIEWS } from '../views.tsx';

export function Frame(): ReactNode {
  const view = useWorkspace((state) => state.view);
  const View = VIEWS[view];
  return (
    <Suspense>
      <View />
      <EventsDock />
    </Suspense>
  );
}
