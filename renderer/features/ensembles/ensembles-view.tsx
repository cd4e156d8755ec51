/** The Ensembles view: the ensembles of this machine, each as a picture that one can break and mend, and what its servers say. */
import { Button, Tabs } from '@mantine/core';
import { Boxes, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { EnsembleDto, EnsembleLiveDto } from '../../../shared/api/ensembles.ts';
import { startLocalEnsemble, useEnsembles } from '../../app/ensembles.ts';
import { useWorkspace } from '../../app/workspace.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { StatusDot } from '../../components/status-dot.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { act, dismissActionFailure, useActionFailure, useIsBusy } from './actions.ts';
import { Canvas } from './canvas.tsx';
import { ConditionsDialog } from './conditions-dialog.tsx';
import { RemoveEnsembleDialog, RemoveServerDialog, WipeServerDialog } from './confirm-dialog.tsx';
import { CreateEnsembleDialog } from './create-dialog.tsx';
import {
  chooseEnsemble,
  openEnsembleDialog,
  presentEnsemble,
  useChosenId,
  useEnsembleDialog,
} from './ensemble-choice.ts';
import { EnsembleHeader } from './ensemble-header.tsx';
import { FlightArrows } from './flight-arrows.tsx';
import { LiveTable } from './live-table.tsx';
import { LogPane } from './log-pane.tsx';
import { useFlights } from './use-flights.ts';
import { useLive, useLog } from './use-live.ts';

import classes from './ensembles.module.css';

export function EnsemblesView(): ReactNode {
  const t = useTexts();
  const ensembles = useEnsembles();
  const present = presentEnsemble(
    ensembles,
    useChosenId(),
    useWorkspace((state) => state.connectionId),
  );
  return (
    <section className={classes.root} aria-label={t('ensembles:title')}>
      {present === null ? <NoEnsemble /> : <Ensembles ensembles={ensembles} present={present} />}
      <Dialogs ensembles={ensembles} />
    </section>
  );
}

const NEW = 'new';

function NoEnsemble(): ReactNode {
  const t = useTexts();
  const isBusy = useIsBusy(NEW, 'create');
  const failure = useActionFailure(NEW);
  return (
    <>
      <EmptyState
        level={1}
        icon={Boxes}
        title={t('ensembles:empty.title')}
        action={
          <>
            <Button
              variant="filled"
              loading={isBusy}
              onClick={() => void act(NEW, 'create', async () => startLocalEnsemble())}
            >
              {t('ensembles:empty.start')}
            </Button>
            <Button
              variant="subtle"
              onClick={() => {
                openEnsembleDialog({ kind: 'create' });
              }}
            >
              {t('ensembles:empty.options')}
            </Button>
          </>
        }
      >
        {t('ensembles:empty.text')}
      </EmptyState>
      {failure && <FailureNotice failure={failure} attempt={t('ensembles:create.failed')} />}
    </>
  );
}

const TONES = {
  starting: 'warn',
  running: 'ok',
  stopping: 'warn',
  stopped: 'off',
  failed: 'danger',
} as const satisfies Record<EnsembleDto['state'], string>;

interface EnsemblesProps {
  readonly ensembles: readonly EnsembleDto[];
  readonly present: EnsembleDto;
}

function Ensembles({ ensembles, present }: EnsemblesProps): ReactNode {
  const t = useTexts();
  return (
    <Tabs
      className={classes.tabs}
      value={present.ensembleId}
      onChange={(ensembleId) => {
        if (ensembleId !== null) chooseEnsemble(ensembleId);
      }}
    >
      <div className={classes.tabRow}>
        <Tabs.List aria-label={t('ensembles:title')}>
          {ensembles.map((ensemble) => (
            <Tabs.Tab key={ensemble.ensembleId} value={ensemble.ensembleId}>
              <span className={classes.tab}>
                <StatusDot tone={TONES[ensemble.state]} />
                {ensemble.name}
                <span className={classes.tabCount}>{countText(ensemble)}</span>
              </span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Button
          variant="subtle"
          leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => {
            openEnsembleDialog({ kind: 'create' });
          }}
        >
          {t('ensembles:new')}
        </Button>
      </div>
      <Tabs.Panel value={present.ensembleId} className={classes.panel}>
        <EnsemblePanel key={present.ensembleId} ensemble={present} />
      </Tabs.Panel>
    </Tabs>
  );
}

/** `3 + 1`: participants and observers. */
function countText({ servers }: EnsembleDto): string {
  const observers = servers.filter(({ role }) => role === 'observer').length;
  return observers === 0 ? String(servers.length) : `${servers.length - observers} + ${observers}`;
}

const LOG_HEIGHT = { min: 100, max: 700, usual: 230 };
const TABLE_WIDTH = { min: 220, max: 900 };
/** So that all of four servers are seen. */
const usualWidth = (serverCount: number): number => Math.min(530, 130 + 100 * serverCount);

function EnsemblePanel({ ensemble }: { readonly ensemble: EnsembleDto }): ReactNode {
  const t = useTexts();
  const live = useLive(ensemble.ensembleId);
  const log = useLog(ensemble.ensembleId);
  const failure = useActionFailure(ensemble.ensembleId) ?? ensemble.failure;
  const [logHeight, setLogHeight] = useState(LOG_HEIGHT.usual);
  const usualTableWidth = usualWidth(ensemble.servers.length);
  /** Undefined until a person has chosen one: it goes with the number of servers. */
  const [tableWidth, setTableWidth] = useState<number>();
  return (
    <>
      <EnsembleHeader ensemble={ensemble} live={live} />
      {failure && (
        <FailureNotice failure={failure}>
          {failure !== ensemble.failure && (
            <Button onClick={dismissActionFailure}>{t('action.close')}</Button>
          )}
        </FailureNotice>
      )}
      <SplitPane
        direction="rows"
        sized="second"
        size={logHeight}
        sizeMin={LOG_HEIGHT.min}
        sizeMax={LOG_HEIGHT.max}
        sizeDefault={LOG_HEIGHT.usual}
        what={t('ensembles:log.title')}
        onResize={setLogHeight}
        first={
          <SplitPane
            direction="columns"
            sized="second"
            size={tableWidth ?? usualTableWidth}
            sizeMin={TABLE_WIDTH.min}
            sizeMax={TABLE_WIDTH.max}
            sizeDefault={usualTableWidth}
            what={t('ensembles:live.title')}
            onResize={setTableWidth}
            first={<LiveCanvas ensemble={ensemble} live={live} />}
            second={<LiveTable ensemble={ensemble} live={live} />}
          />
        }
        second={<LogPane ensemble={ensemble} live={live} log={log} />}
      />
    </>
  );
}

/** The arrows come and go several times a second: nothing else renders with them. */
function LiveCanvas({
  ensemble,
  live,
}: {
  readonly ensemble: EnsembleDto;
  readonly live: EnsembleLiveDto | null;
}): ReactNode {
  const flights = useFlights(ensemble);
  return (
    <Canvas ensemble={ensemble} live={live}>
      {(layout, signs) => <FlightArrows flights={flights} layout={layout} signs={signs} />}
    </Canvas>
  );
}

function Dialogs({ ensembles }: Pick<EnsemblesProps, 'ensembles'>): ReactNode {
  const dialog = useEnsembleDialog();
  if (dialog === null) return null;
  if (dialog.kind === 'create') return <CreateEnsembleDialog />;
  const ensemble = ensembles.find(({ ensembleId }) => ensembleId === dialog.ensembleId);
  if (ensemble === undefined) return null;
  if (dialog.kind === 'remove') return <RemoveEnsembleDialog ensemble={ensemble} />;
  const server = ensemble.servers.find(({ sid }) => sid === dialog.sid);
  if (server === undefined) return null;
  switch (dialog.kind) {
    case 'wipe':
      return <WipeServerDialog ensemble={ensemble} sid={server.sid} />;
    case 'remove-server':
      return <RemoveServerDialog ensemble={ensemble} server={server} />;
    case 'conditions':
      return (
        server.conditions && (
          <ConditionsDialog ensemble={ensemble} sid={server.sid} conditions={server.conditions} />
        )
      );
  }
}
