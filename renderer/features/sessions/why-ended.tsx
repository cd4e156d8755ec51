/** From a session that has ended to what the diagnosis says about it. Nothing where it says nothing. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFindings } from '../../app/findings.ts';
import { openFinding } from '../../app/workspace.ts';
import { useTexts } from '../../i18n/use-texts.ts';

export function WhyEnded({ sessionId }: { readonly sessionId: string }): ReactNode {
  const t = useTexts();
  const findingId = `session-ended/${sessionId}`;
  const isKnown = useFindings(({ findings }) => findings.has(findingId));
  if (!isKnown) return null;
  return (
    <Button
      variant="default"
      onClick={() => {
        openFinding(findingId);
      }}
    >
      {t('diagnose:whyEnded')}
    </Button>
  );
}
