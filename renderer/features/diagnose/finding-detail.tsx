/**
 * One finding, answer first: what happened to whom and why, the numbers, what to do next, and then what it rests on. Sessions
 * have their autopsy; everything else its evidence in the order of time.
 */
import { type ReactNode, useMemo } from 'react';
import type { Finding } from '../../../shared/api/findings.ts';
import { useFindings } from '../../app/findings.ts';
import { openFinding, openView, selectPath } from '../../app/workspace.ts';
import { useFormat } from '../../app/use-format.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { EvidencePanel, HiddenPanel } from './evidence.tsx';
import { CauseFact, ConfidenceFact, Fact, Facts, NextFact } from './facts.tsx';
import { ElectionDetail } from './election/election-detail.tsx';
import type { ElectionFinding } from './election/leader-loss.ts';
import { FindingHead, ReportButton } from './finding-head.tsx';
import { type SessionFinding, serverName } from './finding-words.ts';
import { LinkButton } from './links.tsx';
import { SessionDetail } from './session/session-detail.tsx';
import classes from './finding-detail.module.css';

interface FindingDetailProps {
  readonly connectionId: string;
  readonly finding: Finding;
}

export function FindingDetail({ connectionId, finding }: FindingDetailProps): ReactNode {
  if (finding.kind === 'session-ended') {
    return <SessionDetail connectionId={connectionId} finding={finding} />;
  }
  if (finding.kind === 'election') return <ElectionOf connectionId={connectionId} finding={finding} />;
  return <GeneralDetail finding={finding} />;
}

/** From the record of elections; a finding that outlived its record has its evidence still. */
function ElectionOf({
  connectionId,
  finding,
}: {
  readonly connectionId: string;
  readonly finding: ElectionFinding;
}): ReactNode {
  const findings = useFindings((state) => state.findings);
  const all = useMemo(() => [...findings.values()], [findings]);
  return (
    <ElectionDetail
      connectionId={connectionId}
      finding={finding}
      findings={all}
      onOpen={openFinding}
      actions={<ReportButton finding={finding} facts={{ client: finding.subject, silentMs: null }} />}
      fallback={<GeneralDetail finding={finding} />}
    >
      <EvidencePanel finding={finding} />
      {finding.hidden.length > 0 && <HiddenPanel finding={finding} />}
    </ElectionDetail>
  );
}

type GeneralFinding = Exclude<Finding, SessionFinding>;

function GeneralDetail({ finding }: { readonly finding: GeneralFinding }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const atMs = Date.parse(finding.at);
  return (
    <article className={classes.root}>
      <FindingHead finding={finding} facts={{ client: finding.subject, silentMs: null }} />
      <Facts>
        <CauseFact finding={finding} />
        <ConfidenceFact finding={finding} />
        <Fact
          name={t('diagnose:fact.subject')}
          value={serverName(finding.subject, t)}
          sub={<SubjectLink finding={finding} />}
        />
        <Fact name={t('diagnose:fact.since')} value={format.time(atMs)} sub={format.relative(atMs)} />
        <NextFact finding={finding} />
      </Facts>
      <div className={classes.panels}>
        <EvidencePanel finding={finding} />
        {finding.hidden.length > 0 && <HiddenPanel finding={finding} />}
      </div>
    </article>
  );
}

/** To the place where the subject is at home. */
function SubjectLink({ finding }: { readonly finding: GeneralFinding }): ReactNode {
  const t = useTexts();
  if (finding.subject.startsWith('/')) {
    return (
      <LinkButton
        onClick={() => {
          selectPath(finding.subject);
        }}
      >
        {t('diagnose:links.path')}
      </LinkButton>
    );
  }
  return (
    <LinkButton
      onClick={() => {
        openView('cluster');
      }}
    >
      {t('diagnose:links.server')}
    </LinkButton>
  );
}
