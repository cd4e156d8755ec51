/** The filter above the tree, and the line that says what it covers: loaded nodes, not the whole cluster. */
import { TextInput } from '@mantine/core';
import { Filter, X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { formatCount } from '../../../app/format.ts';
import { IconButton } from '../../../components/icon-button.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { TreeStore } from './tree-store.ts';
import { useTreeVersion } from './use-tree.ts';
import classes from './tree.module.css';

/** A key pressed sooner belongs to the same word. */
const FILTER_MS = 80;

export function FilterBox({
  tree,
  inputRef,
}: {
  readonly tree: TreeStore;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}): ReactNode {
  const t = useTexts();
  const [text, setText] = useState(tree.model.filter);
  useEffect(() => {
    const timer = setTimeout(() => {
      tree.setFilter(text);
    }, FILTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [tree, text]);
  return (
    <TextInput
      ref={inputRef}
      className={classes.filter}
      aria-label={t('browse:tree.filter')}
      placeholder={t('browse:tree.filter')}
      leftSection={<Filter size={14} strokeWidth={1.75} />}
      rightSection={
        text !== '' && (
          <IconButton
            icon={X}
            label={t('browse:tree.clearFilter')}
            onClick={() => {
              setText('');
            }}
          />
        )
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') {
          event.stopPropagation();
          setText('');
        }
      }}
    />
  );
}

export function FilterNote({ tree }: { readonly tree: TreeStore }): ReactNode {
  const t = useTexts();
  useTreeVersion(tree);
  if (tree.model.filter === '') return null;
  const { matchCount, loadedCount } = tree.model;
  return (
    <div className={classes.filterNote} role="status">
      {t('browse:tree.filterNote', {
        count: matchCount,
        formatted: formatCount(matchCount),
        loaded: formatCount(loadedCount),
      })}
    </div>
  );
}
