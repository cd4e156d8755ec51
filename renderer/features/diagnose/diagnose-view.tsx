/** The Diagnose view: what went wrong, the newest first, and beside it the one that is chosen, answer first. */
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { Finding } from '../../../shared/api/findings.ts';
import { useFindings } from '../../app/findings.ts';
import { useFormat } from '../../app/use-format.ts';
import { forgetWantedFinding, useWorkspace } from '../../app/workspace.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useSentences } from '../../i18n/use-sentences.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { FindingDetail } from './finding-detail.tsx';
import { type FindingSelection, chooseFindings } from './finding-groups.ts';
import { FindingList } from './finding-list.tsx';
import { LogsView } from './logs/logs-view.tsx';
import { useLogs } from './logs/use-logs.ts';
import { searchText } from './finding-words.ts';
import { NothingFound } from './nothing-found.tsx';
import classes from './diagnose.module.css';

export function DiagnoseView(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  const isOfLogs = useLogs((state) => state.isShown);
  if (isOfLogs) return <LogsView />;
  return connectionId === null ? null : <DiagnoseOf key={connectionId} connectionId={connectionId} />;
}

function DiagnoseOf({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const { findings, isLoaded, failure, watching } = useFindings();
  const [query, setQuery] = useState('');
  const [isClosedShown, setClosedShown] = useState(false);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const wantedId = useWorkspace((state) => state.wantedFindingId);
  if (wantedId !== null && wantedId !== chosenId && findings.has(wantedId)) {
    setChosenId(wantedId);
    queueMicrotask(forgetWantedFinding);
  }
  const selection = useSelection({ findings, query: useDeferredValue(query), isClosedShown });
  // What is wanted may be one that the list leaves out.
  const shownId = chosenId !== null && findings.has(chosenId) ? chosenId : selection.order[0];
  const shown = shownId === undefined ? undefined : findings.get(shownId);

  if (failure !== null && !isLoaded) {
    return (
      <section className={classes.root} aria-label={t('diagnose:title')}>
        <FailureNotice failure={failure} attempt={t('diagnose:failed')} />
      </section>
    );
  }
  return (
    <section className={classes.root} aria-label={t('diagnose:title')}>
      <FindingList
        selection={selection}
        query={query}
        isClosedShown={isClosedShown}
        selectedId={shownId ?? null}
        onSearch={setQuery}
        onShowClosed={setClosedShown}
        onSelect={setChosenId}
      />
      <div className={classes.main}>
        {!isLoaded ? (
          <SkeletonRows count={9} what={t('diagnose:loading')} />
        ) : shown !== undefined ? (
          <FindingDetail key={shown.id} connectionId={connectionId} finding={shown} />
        ) : query !== '' ? (
          <EmptyState level={1} title={t('diagnose:select.title')}>
            {t('diagnose:select.text')}
          </EmptyState>
        ) : (
          <NothingFound connectionId={connectionId} watching={watching} />
        )}
      </div>
    </section>
  );
}

function useSelection({
  findings,
  query,
  isClosedShown,
}: {
  readonly findings: ReadonlyMap<string, Finding>;
  readonly query: string;
  readonly isClosedShown: boolean;
}): FindingSelection {
  const t = useTexts();
  const format = useFormat();
  const tell = useSentences();
  return useMemo(
    () =>
      chooseFindings(findings.values(), {
        query,
        isClosedShown,
        textOf: (finding) =>
          searchText(finding, { t, format }, ({ words, evidence }) =>
            [tell(words.answer), ...evidence.map(({ words: said }) => tell(said.fact))].join(' '),
          ),
      }),
    [findings, query, isClosedShown, t, format, tell],
  );
}
