/** Zabra's mark: three tapered stripes make one Z. In the colour of the text around it. */
import type { ReactNode } from 'react';

export function Mark({ size }: { readonly size: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="3 4 26 24" fill="currentColor" aria-hidden>
      <path d="M5 6h13.4l-4.1 5.6L5 9.2z" />
      <path d="M21 6h6.4L11 26H4.6z" />
      <path d="M27 26H13.6l4.1-5.6L27 22.8z" />
    </svg>
  );
}
