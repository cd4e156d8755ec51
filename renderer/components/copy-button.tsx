/** Copies a value whole, however it is shown, and says that it did. */
import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTexts } from '../i18n/use-texts.ts';
import { IconButton } from './icon-button.tsx';

const SAID_MS = 1_500;

interface CopyButtonProps {
  readonly value: string;
  /** What is copied, for the name of the button: "path". */
  readonly what: string;
}

export function CopyButton({ value, what }: CopyButtonProps): ReactNode {
  const t = useTexts();
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, SAID_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [isCopied]);

  return (
    <>
      <IconButton
        icon={isCopied ? Check : Copy}
        label={isCopied ? t('action.copied') : t('action.copyValue', { what })}
        onClick={async () => {
          await navigator.clipboard.writeText(value);
          setCopied(true);
        }}
      />
      <span className="visually-hidden" aria-live="polite">
        {isCopied ? t('action.copied') : ''}
      </span>
    </>
  );
}
