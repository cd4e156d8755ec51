/** The cluster part of the workspace. */
import type { ReactNode } from 'react';
import { PaneHeader } from '../../components/pane-header.tsx';
import { useTexts } from '../../i18n/use-texts.ts';

export function ClusterView(): ReactNode {
  const t = useTexts();
  return <PaneHeader title={t('views.cluster')} />;
}
