/** Why a session ended: the answer, its numbers, the picture of its last seconds, and what followed. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SessionPicture } from '../../../../shared/api/diagnosis.ts';
import { api } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { formatCount, formatZxidHex } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { QuotedText } from '../../../components/quoted-text.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { EvidencePanel, HiddenPanel } from '../evidence.tsx';
import { CauseFact, ConfidenceFact, Fact, Facts, NextFact } from '../facts.tsx';
import { FindingHead } from '../finding-head.tsx';
import type { SessionFinding } from '../finding-words.ts';
import { SessionLink } from '../links.tsx';
import { AutopsyChart } from './autopsy-chart.tsx';
import { type Autopsy, autopsyOf } from './autopsy-model.ts';
import { ConsideredPanel } from './considered-panel.tsx';
import { NotifiedPanel, RemovedPanel } from './removed-panel.tsx';
import classes from './session-detail.module.css';

/** For so long after its end more may become known: a client that comes back, nodes that are made again. */
const GROWING_MS = 90_000;
const POLL_MS = 2_000;

interface SessionDetailProps {
  readonly connectionId: string;
  readonly finding: SessionFinding;
}

export function SessionDetail({ connectionId, finding }: SessionDetailProps): ReactNode {
  const t = useTexts();
  const endMs = Date.parse(finding.at);
  const { data, error } = useQuery(
    api.diagnosis.session.queryOptions({
      input: { connectionId, sessionId: finding.subject },
      staleTime: 0,
      refetchInterval: ({ state }) => (state.dataUpdatedAt - endMs < GROWING_MS ? POLL_MS : false),
    }),
  );
  const picture = data ?? null;
  const autopsy = picture === null ? null : autopsyOf(picture, picture.end?.atMs ?? endMs);
  const silence = autopsy?.silence ?? null;
  return (
    <article className={classes.root}>
      <FindingHead
        finding={finding}
        facts={{
          client: clientOf(picture) ?? finding.subject,
          silentMs: silence === null ? null : silence.toMs - silence.fromMs,
        }}
      />
      <Facts>
        <CauseFact finding={finding} />
        <ConfidenceFact finding={finding} />
        {picture !== null && autopsy !== null && <SessionFacts picture={picture} autopsy={autopsy} />}
        <NextFact finding={finding} />
      </Facts>
      {error !== null && <FailureNotice failure={failureOf(error)} attempt={t('diagnose:picture.failed')} />}
      {data === undefined && error === null && <SkeletonRows what={t('diagnose:picture.loading')} />}
      {data === null && <p className={classes.none}>{t('diagnose:picture.none')}</p>}
      {picture !== null && autopsy !== null && <AutopsyChart autopsy={autopsy} picture={picture} />}
      <div className={classes.panels}>
        {picture !== null && autopsy !== null && (
          <>
            <ConsideredPanel finding={finding} picture={picture} autopsy={autopsy} />
            <div className={classes.stack}>
              <RemovedPanel picture={picture} connectionId={connectionId} endMs={autopsy.endMs} />
              <NotifiedPanel picture={picture} />
            </div>
          </>
        )}
        <div className={classes.stack}>
          <EvidencePanel finding={finding} />
          {(finding.hidden.length > 0 || (picture?.hidden.length ?? 0) > 0) && (
            <HiddenPanel finding={finding}>
              {picture !== null && <HiddenParts picture={picture} finding={finding} />}
            </HiddenPanel>
          )}
        </div>
      </div>
    </article>
  );
}

/** The client by its address, without the port, which means nothing to people. */
function clientOf(picture: SessionPicture | null): string | null {
  const address = picture?.connections.at(-1)?.address ?? null;
  return address === null ? null : address.replace(/:\d+$/, '');
}

function SessionFacts({
  picture,
  autopsy,
}: {
  readonly picture: SessionPicture;
  readonly autopsy: Autopsy;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { silence, lastHeard, endMs } = autopsy;
  const { timeoutMs, ephemerals, ephemeralCount, end } = picture;
  const count = ephemeralCount ?? ephemerals?.length ?? null;
  const silentText = silence === null ? null : format.duration(silence.toMs - silence.fromMs);
  return (
    <>
      {picture.createdMs !== null && silence === null && (
        <Fact
          name={t('diagnose:fact.lived')}
          value={format.duration(endMs - picture.createdMs)}
          sub={<SessionLink sessionId={picture.sessionId} />}
        />
      )}
      {!autopsy.byClient && (
        <Fact
          name={t('diagnose:fact.silent')}
          value={
            silentText === null ? t('diagnose:fact.hidden') : `${lastHeard?.isExact ? '' : '≈ '}${silentText}`
          }
          sub={
            timeoutMs === null
              ? t('diagnose:fact.timeoutHidden')
              : t('diagnose:fact.timeout', { timeout: format.duration(timeoutMs) })
          }
        />
      )}
      <Fact
        name={t('diagnose:fact.removed')}
        value={count === null ? t('diagnose:fact.hidden') : formatCount(count)}
        sub={
          end !== null && end.zxid !== null ? (
            <QuotedText>{t('diagnose:fact.removedAs', { zxid: formatZxidHex(end.zxid) })}</QuotedText>
          ) : undefined
        }
      />
    </>
  );
}

/** What the finding itself says to be hidden is not said twice. */
function HiddenParts({
  picture,
  finding,
}: {
  readonly picture: SessionPicture;
  readonly finding: SessionFinding;
}): ReactNode {
  const t = useTexts();
  const isSaid = (key: string): boolean => finding.words.hidden.some((sentence) => sentence.key === key);
  return picture.hidden
    .filter(({ part }) => !(part === 'last-heard' && isSaid('hidden.last-heard')))
    .filter(({ part }) => !(part === 'connections' && isSaid('hidden.connection')))
    .map(({ part, why }) => (
      <li key={part}>
        <QuotedText>
          {t('diagnose:hidden.sentence', {
            part: t(`diagnose:hidden.part.${part}`),
            why: t(`diagnose:hidden.why.${why}`),
          })}
        </QuotedText>
      </li>
    ));
}
