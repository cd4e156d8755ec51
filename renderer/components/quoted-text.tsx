/**
 * A sentence in which what ZooKeeper says stands in backticks, as locale files write it: those parts are set in
 * ZooKeeper's voice. "Ask an admin to add READ for `digest:…`."
 */
import type { ReactNode } from 'react';

export function QuotedText({ children }: { readonly children: string }): ReactNode {
  return children
    .split(/`([^`]*)`/)
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
