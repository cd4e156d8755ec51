/** Keeps a bug in one view from taking the window with it: says so, and offers to render it again. */
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { failureOf } from '../../api/failure.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { useTexts } from '../../i18n/use-texts.ts';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: unknown;
  readonly hasFailed: boolean;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null, hasFailed: false };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error, hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Failed
        error={this.state.error}
        onRetry={() => {
          this.setState({ error: null, hasFailed: false });
        }}
      />
    );
  }
}

function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }): ReactNode {
  const t = useTexts();
  return (
    <FailureNotice failure={failureOf(error)}>
      <Button onClick={onRetry}>{t('action.retry')}</Button>
    </FailureNotice>
  );
}
