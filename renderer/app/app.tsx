/** The page: feeds, frame, and whatever floats above them. */
import type { ReactNode } from 'react';
import { ConnectionStatusFeed } from './connection-status.ts';
import { Frame } from './frame/frame.tsx';

export function App(): ReactNode {
  return (
    <>
      <ConnectionStatusFeed />
      <Frame />
    </>
  );
}
