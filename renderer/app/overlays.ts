/** What floats above the frame, at most one at a time; and the small wishes that a command has of the frame. */
import { create } from 'zustand';

export type Overlay = 'palette' | 'shortcuts' | 'unlock';

interface OverlayState {
  readonly overlay: Overlay | null;
  /** What the palette begins with. */
  readonly paletteText: string;
  /** Whether the path in the title bar is a text field now. */
  readonly isPathEdited: boolean;
}

export const useOverlays = create<OverlayState>(() => ({
  overlay: null,
  paletteText: '',
  isPathEdited: false,
}));

export function openOverlay(overlay: Overlay, paletteText = ''): void {
  useOverlays.setState({ overlay, paletteText });
}

export function closeOverlay(): void {
  useOverlays.setState({ overlay: null });
}

export function editPath(isPathEdited: boolean): void {
  useOverlays.setState({ isPathEdited });
}
