/**
 * The frame: title bar, activity bar, content with the events dock, status bar. A production connection has a striped
 * top edge and a red frame around everything, whatever view is on screen.
 */
import { Button } from '@mantine/core';
import { type ReactNode, Suspense, useRef } from 'react';
import { SETTINGS_DEFAULTS } from '../../../shared/api/app.ts';
import { useLink } from '../../api/link.ts';
import { Banner } from '../../components/banner.tsx';
import { classNames } from '../../components/class-names.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useConnectionProfile } from '../connection-status.ts';
import { dismissCommandFailure, useCommandStore } from '../commands.ts';
import { changeSettings, useSettings } from '../settings.ts';
import { EventsDock, VIEWS, isViewOfConnection } from '../views.tsx';
import { useWorkspace } from '../workspace.ts';
import { ActivityBar } from './activity-bar.tsx';
import { ConnectionGate } from './connection-gate.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import classes from './frame.module.css';
import { StatusBar } from './status-bar.tsx';
import { TitleBar } from './title-bar.tsx';

export function Frame(): ReactNode {
  const t = useTexts();
  const contentRef = useRef<HTMLElement>(null);
  const isProduction = useConnectionProfile()?.environment === 'production';
  return (
    <div className={classNames(classes.root, isProduction && classes.production)}>
      <a
        href="#content"
        className={classes.skip}
        onClick={(event) => {
          event.preventDefault();
          contentRef.current?.focus();
        }}
      >
        {t('frame.skipToContent')}
      </a>
      {isProduction && <div aria-hidden className={classes.stripe} />}
      <TitleBar />
      <WireBanner />
      <CommandFailed />
      <div className={classes.middle}>
        <ActivityBar />
        <main
          id="content"
          ref={contentRef}
          tabIndex={-1}
          aria-label={t('frame.content')}
          className={classes.content}
        >
          <Content />
        </main>
      </div>
      <StatusBar />
    </div>
  );
}

function WireBanner(): ReactNode {
  const t = useTexts();
  const wire = useLink((state) => state.wire);
  if (wire === 'open') return null;
  const isFirst = wire === 'connecting';
  return (
    <Banner tone={isFirst ? 'info' : 'warning'} title={isFirst ? t('wire.connecting') : t('wire.lost')}>
      {!isFirst && t('wire.lostHint')}
    </Banner>
  );
}

/** What a key or a menu started and could not finish, until it is read or the next command runs. */
function CommandFailed(): ReactNode {
  const t = useTexts();
  const failed = useCommandStore((state) => state.failed);
  if (!failed) return null;
  return (
    <FailureNotice
      failure={failed.failure}
      attempt={t('failure.commandFailed', { command: t(failed.titleKey) })}
    >
      <Button onClick={dismissCommandFailure}>{t('action.close')}</Button>
    </FailureNotice>
  );
}

function Content(): ReactNode {
  const view = useWorkspace((state) => state.view);
  const connectionId = useWorkspace((state) => state.connectionId);
  const View = VIEWS[view];
  const shown = (
    // A view belongs to one connection: another one starts it afresh.
    <ErrorBoundary key={isViewOfConnection(view) ? `${view} ${connectionId ?? ''}` : view}>
      <Suspense>
        <View />
      </Suspense>
    </ErrorBoundary>
  );
  if (!isViewOfConnection(view)) return shown;
  return <ConnectionGate>{view === 'events' ? shown : <WithDock>{shown}</WithDock>}</ConnectionGate>;
}

const DOCK_HEIGHT_MIN = 80;
const DOCK_HEIGHT_MAX = 800;

/** The dock under a view; closed, it keeps its head, which opens it again. */
function WithDock({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useTexts();
  const { isDockOpen, dockHeight } = useSettings();
  const connectionId = useWorkspace((state) => state.connectionId);

  const dock = (
    <ErrorBoundary key={connectionId}>
      <Suspense>
        <EventsDock />
      </Suspense>
    </ErrorBoundary>
  );
  if (!isDockOpen) {
    return (
      <>
        <div className={classes.view}>{children}</div>
        <div className={classes.closedDock}>{dock}</div>
      </>
    );
  }
  return (
    <SplitPane
      direction="rows"
      sized="second"
      size={Math.max(DOCK_HEIGHT_MIN, dockHeight)}
      sizeMin={DOCK_HEIGHT_MIN}
      sizeMax={DOCK_HEIGHT_MAX}
      sizeDefault={SETTINGS_DEFAULTS.dockHeight}
      what={t('frame.resizeDock')}
      onResize={(size) => {
        changeSettings({ dockHeight: size });
      }}
      first={children}
      second={<div className={classes.dock}>{dock}</div>}
    />
  );
}
