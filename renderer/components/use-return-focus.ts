/** Gives the focus back when a dialog goes away that exists only while it is open: Mantine does so only for those that stay. */
import { useLayoutEffect, useState } from 'react';

/** Called by the dialog itself, so that where the focus was is looked at before the dialog takes it. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(
    () => () => {
      // A layout effect ends before what takes its place gets the focus; what is gone cannot have it.
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
}
