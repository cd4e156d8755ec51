/** Loads the editor when data is shown for the first time, its own texts in the person's language before it. */
import { type ReactNode, Suspense, lazy } from 'react';
import i18next from 'i18next';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';

async function loadEditors() {
  // The editor reads its texts while its modules are evaluated, so they must be there first.
  if (i18next.language === 'zh-CN') await import('monaco-editor/nls/lang/zh-cn');
  return import('./text-editor.tsx');
}

export const LazyTextEditor = lazy(async () => ({ default: (await loadEditors()).TextEditor }));
export const LazyTextDiff = lazy(async () => ({ default: (await loadEditors()).TextDiff }));

export function EditorBoundary({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useTexts();
  return <Suspense fallback={<SkeletonRows what={t('browse:data.editor')} />}>{children}</Suspense>;
}
