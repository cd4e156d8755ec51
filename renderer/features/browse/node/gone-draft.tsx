/** The znode was deleted while one edited it: the draft is kept, can be copied, and can become the node again. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Copy, TriangleAlert } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { Draft } from '../../../../shared/api/app.ts';
import { OPEN_ACL_UNSAFE } from '../../../../shared/acl.ts';
import { api, client, queryClient } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { formatBytes } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { dropDraft } from '../data/draft-store.ts';
import { detectData, viewText } from '../data/data-format.ts';
import { HexEditor } from '../data/hex-editor.tsx';
import { toHexText } from '../data/hex-model.ts';
import { EditorBoundary, LazyTextEditor } from '../data/lazy-editor.tsx';
import type { EditorSeed } from '../data/text-editor.tsx';
import { invalidateZnode } from '../tree/use-tree.ts';
import { WriteGuardNote, useWriteGuard } from '../write-guard.tsx';
import { PathTitle } from './node-header.tsx';
import conflict from '../data/conflict.module.css';
import classes from './node.module.css';

interface GoneDraftProps {
  readonly connectionId: string;
  readonly path: string;
  readonly draft: Draft;
}

export function GoneDraft({ connectionId, path, draft }: GoneDraftProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const guard = useWriteGuard();
  const kind = detectData(draft.data);
  const text = kind.isUtf8 ? viewText(draft.data, kind, true).text : toHexText(draft.data);
  const known = queryClient.getQueryData(api.znodes.getAcl.queryKey({ input: { connectionId, path } }));
  const create = useMutation({
    mutationFn: async () =>
      client.znodes.create({
        connectionId,
        path,
        data: draft.data,
        acl: known?.acl ?? OPEN_ACL_UNSAFE.map(({ perms, id }) => ({ perms, ...id })),
        mode: 'PERSISTENT',
      }),
    onSuccess: async () => {
      dropDraft(connectionId, path);
      await invalidateZnode(connectionId, path);
    },
  });
  return (
    <section className={classes.pane}>
      <header className={classes.header}>
        <PathTitle path={path} />
      </header>
      <div role="alert" className={conflict.notice}>
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className={conflict.noticeIcon} />
        <div className={conflict.noticeText}>
          <p className={conflict.noticeTitle}>{t('browse:gone.draftTitle', { path })}</p>
          <p>
            {t('browse:gone.draftText', {
              time: format.time(draft.editedAtMs),
              size: formatBytes(draft.data.length),
            })}{' '}
            {t(known === undefined ? 'browse:gone.openAcl' : 'browse:gone.sameAcl')}
          </p>
        </div>
      </div>
      <div className={classes.draft}>
        <DraftContent draft={draft} />
      </div>
      {create.error !== null && (
        <>
          <FailureNotice failure={failureOf(create.error)} attempt={t('browse:create.failed')} />
        </>
      )}
      <footer className={conflict.bar}>
        <Button
          variant="filled"
          disabled={!guard.isWritable}
          loading={create.isPending}
          onClick={() => {
            create.mutate();
          }}
        >
          {t('browse:gone.createAgain')}
        </Button>
        <Button
          variant="subtle"
          onClick={() => {
            dropDraft(connectionId, path);
          }}
        >
          {t('browse:gone.discard')}
        </Button>
        <WriteGuardNote />
        <span className={conflict.gap} />
        <Button
          variant="subtle"
          leftSection={<Copy size={14} strokeWidth={1.75} />}
          onClick={() => void navigator.clipboard.writeText(text)}
        >
          {t('browse:conflict.copyDraft')}
        </Button>
      </footer>
    </section>
  );
}

/** To look at only. In the editors, since a draft may be a single line of a megabyte. */
function DraftContent({ draft: { path, data } }: Pick<GoneDraftProps, 'draft'>): ReactNode {
  const t = useTexts();
  const kind = useMemo(() => detectData(data), [data]);
  const seed = useMemo((): EditorSeed => {
    const { text, lineEnding } = viewText(data, kind, true);
    return { id: path, text, lineEnding };
  }, [path, data, kind]);
  const label = t('browse:gone.draft');
  if (!kind.isTextEditable) return <HexEditor label={label} bytes={data} isReadOnly onChange={ignore} />;
  return (
    <EditorBoundary>
      <LazyTextEditor
        label={label}
        seed={seed}
        base={null}
        language={kind.isJson ? 'json' : 'plaintext'}
        isReadOnly
        onChange={ignore}
        onSave={ignore}
      />
    </EditorBoundary>
  );
}

function ignore(): void {
  // Nothing can be changed here.
}
