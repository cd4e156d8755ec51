/** Which window Zabra opens in. Pure: what is there comes in. */
export type ShellChoice =
  | { readonly kind: 'electron'; readonly binary: string }
  | { readonly kind: 'browser'; readonly binary: string }
  /** Nobody opens a window; the address is printed. */
  | { readonly kind: 'print' };

export function chooseShell(found: {
  readonly canOpen: boolean;
  readonly electronBinary: string | undefined;
  readonly browserBinary: string | undefined;
  /** A display to open a window on; always true but on Linux without X and Wayland. */
  readonly hasDisplay: boolean;
}): ShellChoice {
  const { canOpen, electronBinary, browserBinary, hasDisplay } = found;
  if (!canOpen || !hasDisplay) return { kind: 'print' };
  if (electronBinary !== undefined) return { kind: 'electron', binary: electronBinary };
  return browserBinary === undefined ? { kind: 'print' } : { kind: 'browser', binary: browserBinary };
}
