/**
 * Ends a session in its client's name: first what would follow, and nothing is sent; then the client's name or the id has to be
 * typed. Not there for Zabra's own session, and off where one may not write.
 */
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { EndPreview, SessionDto, SessionList } from '../../../shared/api/sessions.ts';
import { baseName } from '../../../shared/path.ts';
import { api, client, queryClient } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { formatCount } from '../../app/format.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { WriteGuardNote, useWriteGuard } from '../browse/write-guard.tsx';
import { NotifiedOf } from '../radius/notified.tsx';
import { isNamedBy, nameOfSession } from './client-label.ts';
import { PathList } from './path-list.tsx';
import classes from './session-details.module.css';

interface EndSessionProps {
  readonly connectionId: string;
  readonly session: SessionDto;
  readonly list: SessionList;
}

export function EndSession(props: EndSessionProps): ReactNode {
  const { connectionId, session } = props;
  const t = useTexts();
  const guard = useWriteGuard();
  const [isOpen, setOpen] = useState(false);
  const preview = useQuery({
    ...api.sessions.previewEnd.queryOptions({ input: { connectionId, sessionId: session.sessionId } }),
    enabled: isOpen,
    retry: false,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (!isOpen) {
    return (
      <div className={classes.section}>
        <div className={classes.titleRow}>
          <Button
            color="red"
            disabled={!guard.isWritable}
            onClick={() => {
              setOpen(true);
            }}
          >
            {t('sessions:end.open')}
          </Button>
          <WriteGuardNote />
        </div>
      </div>
    );
  }
  return (
    <div className={classes.section}>
      <h3 className={classes.sectionTitle}>
        {t('sessions:end.title')} <span className={classes.unit}>{t('sessions:end.nothingSent')}</span>
      </h3>
      {preview.error !== null && (
        <FailureNotice failure={failureOf(preview.error)} attempt={t('sessions:end.previewFailed')}>
          <Button onClick={() => void preview.refetch()}>{t('action.retry')}</Button>
        </FailureNotice>
      )}
      {preview.data === undefined && preview.error === null && (
        <SkeletonRows count={3} what={t('sessions:end.preview')} />
      )}
      {preview.data !== undefined && (
        <>
          <Consequences {...props} preview={preview.data} />
          <Confirmation
            {...props}
            onCancel={() => {
              setOpen(false);
            }}
          />
        </>
      )}
    </div>
  );
}

function Consequences({
  connectionId,
  list,
  preview,
}: EndSessionProps & { readonly preview: EndPreview }): ReactNode {
  const t = useTexts();
  const { ephemerals, ephemeralCount, outsideCount, passages } = preview;
  return (
    <div className={classes.card} role="group" aria-label={t('sessions:end.preview')}>
      {ephemerals === null || ephemeralCount === null ? (
        <p className={classes.cardLine}>{t('sessions:end.ephemeralsHidden')}</p>
      ) : (
        <>
          <p className={classes.cardTitle}>
            {ephemeralCount === 0
              ? t('sessions:end.vanishNone')
              : t('sessions:end.vanish', { count: ephemeralCount, formatted: formatCount(ephemeralCount) })}
          </p>
          <PathList
            label={t('sessions:end.vanishing')}
            paths={ephemerals}
            count={ephemeralCount - outsideCount}
            mark="−"
            shownMax={PATHS_MAX}
          />
          {outsideCount > 0 && (
            <p className={classes.cardLine}>
              {t('sessions:end.outside', { count: outsideCount, formatted: formatCount(outsideCount) })}
            </p>
          )}
        </>
      )}
      {passages.slice(0, PASSAGES_MAX).map((passage) => (
        <p key={`${passage.recipe} ${passage.path}`} className={classes.cardLine}>
          <Passage passage={passage} list={list} />
        </p>
      ))}
      {passages.length > PASSAGES_MAX && (
        <p className={classes.cardLine}>
          {t('sessions:drawer.more', {
            count: passages.length - PASSAGES_MAX,
            formatted: formatCount(passages.length - PASSAGES_MAX),
          })}
        </p>
      )}
      {ephemerals !== null && ephemerals.length > 0 && (
        <NotifiedOf connectionId={connectionId} change="delete" paths={ephemerals} />
      )}
    </div>
  );
}

const PATHS_MAX = 20;
const PASSAGES_MAX = 6;

/** "The lock /locks/orders passes to …-lock-0000000042 (orders-worker-3)." */
function Passage({
  passage: { recipe, path, next },
  list,
}: {
  readonly passage: EndPreview['passages'][number];
  readonly list: SessionList;
}): ReactNode {
  const t = useTexts();
  const [first] = next;
  const kind = recipe === 'leader' ? 'leader' : 'lock';
  if (first === undefined) return t(`sessions:end.passage.${kind}.free`, { path });
  const more = next.length - 1;
  return (
    <>
      {t(`sessions:end.passage.${kind}.passes`, {
        path,
        node: baseName(first.node),
        client: nameOfSession(first.sessionId, list),
      })}{' '}
      {more > 0 && t('sessions:drawer.more', { count: more, formatted: formatCount(more) })}
    </>
  );
}

function Confirmation({
  connectionId,
  session,
  onCancel,
}: EndSessionProps & { readonly onCancel: () => void }): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const [typed, setTyped] = useState('');
  const end = useMutation({
    mutationFn: async () => client.sessions.end({ connectionId, sessionId: session.sessionId }),
    onSettled: async () => queryClient.invalidateQueries({ queryKey: api.sessions.list.key() }),
  });
  const canEnd = guard.isWritable && isNamedBy(typed, session);
  if (end.data !== undefined) {
    return (
      <p className={classes.cardLine} role="status">
        {t(end.data.outcome === 'ended' ? 'sessions:end.ended' : 'sessions:end.goneAlready', {
          server: end.data.server,
        })}
      </p>
    );
  }
  return (
    <form
      className={classes.confirm}
      onSubmit={(event) => {
        event.preventDefault();
        if (canEnd) end.mutate();
      }}
    >
      <TextInput
        autoFocus
        label={t(session.label === null ? 'sessions:end.typeId' : 'sessions:end.typeName', {
          name: session.label?.text ?? '',
          id: session.sessionId,
        })}
        classNames={{ root: classes.confirmField, label: classes.confirmLabel, input: classes.confirmInput }}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onCancel();
        }}
      />
      {end.error !== null && (
        <FailureNotice failure={failureOf(end.error)} attempt={t('sessions:end.failed')} />
      )}
      <div className={classes.formActions}>
        <Button type="submit" variant="filled" color="red" loading={end.isPending} disabled={!canEnd}>
          {t('sessions:end.confirm')}
        </Button>
        <Button variant="subtle" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <WriteGuardNote />
      </div>
    </form>
  );
}
