/** Copies a line of a server's zoo.cfg, and says that it did. */
import { Button } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../../i18n/use-texts.ts';

export function CopyLine({ line }: { readonly line: string }): ReactNode {
  const t = useTexts();
  const [isCopied, setCopied] = useState(false);
  return (
    <Button
      size="compact-xs"
      leftSection={
        isCopied ? (
          <Check size={14} strokeWidth={1.75} aria-hidden />
        ) : (
          <Copy size={14} strokeWidth={1.75} aria-hidden />
        )
      }
      onBlur={() => {
        setCopied(false);
      }}
      onClick={async () => {
        await navigator.clipboard.writeText(line);
        setCopied(true);
      }}
    >
      <span aria-live="polite">{isCopied ? t('action.copied') : t('cluster:notice.copyLine')}</span>
    </Button>
  );
}
