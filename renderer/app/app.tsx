/** The page: feeds, frame, commands, and whatever floats above them. */
import { type ComponentType, type ReactNode, Suspense, lazy, useEffect } from 'react';
import { EnsembleCommands } from '../features/ensembles/ensemble-commands.ts';
import { NotificationFeeds } from '../features/notifications/notification-feeds.tsx';
import { ConnectionStatusFeed } from './connection-status.ts';
import { EnsemblesFeed } from './ensembles.ts';
import { FindingsFeed } from './findings.ts';
import { FrameCommands } from './frame/frame-commands.ts';
import { Frame } from './frame/frame.tsx';
import { UnlockDialog } from './frame/write-guard.tsx';
import { useOverlays } from './overlays.ts';

const importPalette = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('../features/palette/palette.tsx')).Palette,
});
const Palette = lazy(importPalette);
const ShortcutsOverlay = lazy(async () => ({
  default: (await import('../features/palette/shortcuts-overlay.tsx')).ShortcutsOverlay,
}));

export function App(): ReactNode {
  useEffect(() => {
    // Keys typed right after Ctrl+K belong to the palette: it is fetched before it is wanted.
    requestIdleCallback(() => void importPalette());
  }, []);
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
