/** An election that was found in a running cluster: its picture from the record, below who led when. */
import type { ReactNode } from 'react';
import { useNow } from '../../../app/use-format.ts';
import { EpochRibbon } from '../../../components/epoch-ribbon.tsx';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import type { Finding } from '../../../../shared/api/findings.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { ElectionPicture } from './election-picture.tsx';
import { electionOf, findingOf } from './find-election.ts';
import type { ElectionFinding } from './leader-loss.ts';
import { useElections } from './use-elections.ts';
import classes from './election-detail.module.css';

interface ElectionDetailProps {
  readonly connectionId: string;
  readonly finding: ElectionFinding;
  /** All of the connection: a boundary of the ribbon leads to its own. */
  readonly findings: readonly Finding[];
  readonly onOpen: (findingId: string) => void;
  /** Beside the headline. */
  readonly actions?: ReactNode;
  /** In place of the picture where the record has nothing of this election. */
  readonly fallback: ReactNode;
  /** Evidence, and what is hidden. */
  readonly children?: ReactNode;
}

export function ElectionDetail(props: ElectionDetailProps): ReactNode {
  const { connectionId, finding, findings, onOpen, actions, fallback, children } = props;
  const t = useTexts();
  const nowMs = useNow();
  const { record, failure } = useElections(connectionId);
  if (record === null) {
    return failure === null ? (
      <SkeletonRows count={12} what={t('election:diagram.title')} />
    ) : (
      <FailureNotice failure={failure} attempt={t('election:failed')} tone="danger" />
    );
  }
  const election = electionOf(record, finding);
  return (
    <div className={classes.root}>
      <EpochRibbon
        record={record}
        nowMs={nowMs}
        isLive
        chosen={election ?? null}
        causeOf={(each) => findingOf(findings, each)?.cause ?? null}
        onOpen={(each) => {
          const found = findingOf(findings, each);
          if (found) onOpen(found.id);
        }}
      />
      {election === undefined ? (
        fallback
      ) : (
        <ElectionPicture election={election} finding={finding} actions={actions}>
          {children}
        </ElectionPicture>
      )}
    </div>
  );
}
