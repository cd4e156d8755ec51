/**
 * One election, answer first: who leads since when and why, the numbers, the phases, then the messages beside the vote and how
 * learners were brought level. Of a running cluster and of logs alike.
 */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { Election } from '../../../../shared/api/elections.ts';
import { useFormat, useNow } from '../../../app/use-format.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { diagramOf } from './diagram-model.ts';
import { answerOf } from './election-answer.ts';
import { ElectionFacts } from './election-facts.tsx';
import { phasesOf, referenceOf } from './election-phases.ts';
import { storyOf, titleOf } from './election-words.ts';
import { type ElectionFinding, leaderLossOf } from './leader-loss.ts';
import { MessageDiagram } from './message-diagram.tsx';
import { MessageTable } from './message-table.tsx';
import { PhasesBar } from './phases-bar.tsx';
import { SyncPanel } from './sync-panel.tsx';
import { VotePanel } from './vote-panel.tsx';
import classes from './election-detail.module.css';

interface ElectionPictureProps {
  readonly election: Election;
  readonly finding: ElectionFinding | null;
  /** Beside the headline: what can be done with the whole finding. */
  readonly actions?: ReactNode;
  /** Below the vote: what else there is to say. */
  readonly children?: ReactNode;
}

export function ElectionPicture({ election, finding, actions, children }: ElectionPictureProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const nowMs = useNow();
  const [view, setView] = useState<'diagram' | 'table'>('diagram');
  const { loss, answer, phases, diagram } = useMemo(() => {
    const lost = leaderLossOf(election, finding);
    return {
      loss: lost,
      answer: answerOf(election, lost),
      phases: phasesOf(election),
      diagram: diagramOf(election, lost),
    };
  }, [election, finding]);
  const words = { t, format };
  const electedMs = referenceOf(election)?.electedMs ?? null;
  const story = storyOf(
    answer,
    {
      loss,
      cause: finding?.cause ?? 'unknown',
      electionMs: electedMs === null ? null : electedMs - election.startMs,
    },
    words,
  );
  return (
    <article className={classes.root}>
      <header className={classes.head}>
        <div className={classes.headRow}>
          <h1 className={classes.title}>{titleOf(answer, election.startMs, words)}</h1>
          {actions}
        </div>
        <p className={classes.story}>{story}</p>
        <div className={classes.headRow}>
          <ElectionFacts answer={answer} />
          <SegmentedControl
            size="xs"
            aria-label={t('election:diagram.view')}
            value={view}
            onChange={(value) => {
              setView(value === 'table' ? 'table' : 'diagram');
            }}
            data={[
              { value: 'diagram', label: t('election:diagram.asDiagram') },
              { value: 'table', label: t('election:diagram.asTable') },
            ]}
          />
        </div>
      </header>
      <PhasesBar phases={phases} loss={loss} nowMs={nowMs} />
      <div className={classes.body}>
        <section className={classes.messages} aria-label={t('election:diagram.title')}>
          <h2 className="visually-hidden">{t('election:diagram.title')}</h2>
          {view === 'diagram' ? (
            <MessageDiagram diagram={diagram} phases={phases} loss={loss} startMs={election.startMs} />
          ) : (
            <MessageTable diagram={diagram} loss={loss} />
          )}
        </section>
        {/* A region that scrolls can be reached by keyboard. */}
        <div className={classes.aside} tabIndex={0} role="region" aria-label={t('election:vote.title')}>
          <VotePanel election={election} lanes={diagram.lanes} />
          <SyncPanel election={election} />
          {children}
        </div>
      </div>
    </article>
  );
}
