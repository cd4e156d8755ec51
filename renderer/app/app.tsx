/** The page: feeds, frame, commands, and whatever floats above them. */
import { type ReactNode, Suspense, lazy } from 'react';
import { EnsembleCommands } from '../features/ensembles/ensemble-commands.ts';
import { NotificationFeeds } from '../features/notifications/notification-feeds.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { ConnectionStatusFeed } from './connection-status.ts';
import { EnsemblesFeed } from './ensembles.ts';
import { FindingsFeed } from './findings.ts';
import { FrameCommands } from './frame/frame-commands.ts';
import { Frame } from './frame/frame.tsx';
import { UnlockDialog } from './frame/write-guard.tsx';
import { useOverlays } from './overlays.ts';

const ShortcutsOverlay = lazy(async () => ({
  default: (await import('../features/palette/shortcuts-overlay.tsx')).ShortcutsOverlay,
}));

export function App(): ReactNode {
  return (
    <>
      <ConnectionStatusFeed />
      <EnsemblesFeed />
      <FindingsFeed />
      <FrameCommands />
      <EnsembleCommands />
      <NotificationFeeds />
      <Frame />
      <Overlays />
    </>
  );
}

/** The palette is not loaded on demand: keys typed right after Ctrl+K are its own. */
function Overlays(): ReactNode {
  const overlay = useOverlays((state) => state.overlay);
  return (
    <Suspense>
      {overlay === 'palette' && <Palette />}
      {overlay === 'shortcuts' && <ShortcutsOverlay />}
      {overlay === 'unlock' && <UnlockDialog />}
    </Suspense>
  );
}
