/**
 * A failure where the thing would be: what happened, to which path or server, what it means, the next action. The
 * code is ZooKeeper's word, in its own voice; the message is there to be copied.
 */
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../shared/api/failure.ts';
import type { Texts } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';
import { QuotedText } from './quoted-text.tsx';
import classes from './failure-notice.module.css';

interface FailureNoticeProps {
  readonly failure: Failure;
  /** What was attempted, as a sentence of its own before the reason: "The data was not saved." */
  readonly attempt?: string;
  /** `warning` for what mends itself or was expected; `danger` is the default. */
  readonly tone?: 'danger' | 'warning';
  /** Buttons: the next action. */
  readonly children?: ReactNode;
}

/** `NOAUTH (-102)`, or the code alone where ZooKeeper has no number for it. */
export function failureCode({ code, number }: Failure): string {
  return number === undefined ? code : `${code} (${number})`;
}

/** One sentence without markup, for status bars and hover texts. */
export function failureSentence(failure: Failure, t: Texts): string {
  return t(`failures:code.${failure.code}.what`).replaceAll('`', '');
}

export function FailureNotice({
  failure,
  attempt,
  tone = 'danger',
  children,
}: FailureNoticeProps): ReactNode {
  const t = useTexts();
  const Icon = tone === 'danger' ? CircleAlert : TriangleAlert;
  return (
    <div role="alert" className={classNames(classes.root, classes[tone])}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        <p className={classes.what}>
          {attempt !== undefined && `${attempt} `}
          <QuotedText>{t(`failures:code.${failure.code}.what`)}</QuotedText>
        </p>
        <FailurePlace failure={failure} />
        <p className={classes.next}>
          <QuotedText>{t(`failures:code.${failure.code}.next`)}</QuotedText>
        </p>
        {children !== undefined && <div className={classes.actions}>{children}</div>}
      </div>
      <CopyButton value={`${failureCode(failure)}: ${failure.message}`} what={t('failure.details')} />
    </div>
  );
}

/** The code, and to which path and server it happened. */
function FailurePlace({ failure }: { readonly failure: Failure }): ReactNode {
  return (
    <p className={classes.place}>
      <code>{failureCode(failure)}</code>
      {failure.path !== undefined && <code>{failure.path}</code>}
      {failure.server !== undefined && <code>{failure.server}</code>}
    </p>
  );
}
