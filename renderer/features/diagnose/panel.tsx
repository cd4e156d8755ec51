/** One of the parts below an answer: a head with a title, and a note at its end. */
import type { ReactNode } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

export function Panel({ title, note, children }: PanelProps): ReactNode {
  return (
    <section className={classes.root} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {note !== undefined && <span className={classes.note}>{note}</span>}
      </header>
      {children}
    </section>
  );
}
