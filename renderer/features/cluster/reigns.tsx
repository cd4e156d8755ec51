/** Who led when, at the head of the Cluster view; a boundary leads to its explanation in Diagnose. */
import { type ReactNode, useMemo } from 'react';
import type { Election } from '../../../shared/api/elections.ts';
import { useFindings } from '../../app/findings.ts';
import { useNow } from '../../app/use-format.ts';
import { openFinding } from '../../app/workspace.ts';
import { EpochRibbon } from '../../components/epoch-ribbon.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { findingOf } from '../diagnose/election/find-election.ts';
import { useElections } from '../diagnose/election/use-elections.ts';
import classes from './cluster.module.css';

export function Reigns({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const nowMs = useNow();
  const { record } = useElections(connectionId);
  const known = useFindings((state) => state.findings);
  const findings = useMemo(() => [...known.values()], [known]);
  // A server alone leads nobody.
  if (record === null || record.ribbon.length === 0) return null;
  const last = record.elections.findLast(({ previous }) => previous !== null);
  const open = (election: Election): void => {
    const finding = findingOf(findings, election);
    if (finding) openFinding(finding.id);
  };
  return (
    <EpochRibbon
      record={record}
      nowMs={nowMs}
      isLive
      causeOf={(election) => findingOf(findings, election)?.cause ?? null}
      onOpen={open}
      actions={
        last !== undefined &&
        findingOf(findings, last) !== undefined && (
          <button
            type="button"
            className={classes.explain}
            onClick={() => {
              open(last);
            }}
          >
            {t('election:ribbon.explainLast')}
          </button>
        )
      }
    />
  );
}
