/**
 * A modal dialog that is mounted while it is open. It has the keys from the moment it is there, since Mantine gives them to it a
 * task later, and what was typed meanwhile would go to whatever is below; when it goes away, they go back to where they were.
 * They are first at what is marked with `data-autofocus`.
 */
import { Modal, type ModalProps } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/use-texts.ts';

type DialogProps = Omit<ModalProps, 'opened' | 'closeButtonProps'>;

export function Dialog({ children, ...props }: DialogProps): ReactNode {
  useReturnFocus();
  const t = useTexts();
  return (
    <Modal opened closeButtonProps={{ 'aria-label': t('action.close') }} {...props}>
      {children}
      <TakeFocus />
    </Modal>
  );
}

/** Stands last in a dialog, so that everything else is there when it looks for what gets the focus. */
export function TakeFocus(): ReactNode {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const dialog = place.current?.closest<HTMLElement>('[role="dialog"]');
    const first = dialog?.querySelector<HTMLElement>('[data-autofocus]') ?? dialog;
    first?.focus({ preventScroll: true });
  }, []);
  return <span ref={place} hidden />;
}

/** Gives the focus back when a dialog goes away. Called by the dialog itself, before it takes the focus. */
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
