/**
 * Tells a person who looks elsewhere: health rules that turn bad and what the diagnosis finds, of every open connection. A click
 * leads to where it is explained. Mounted once; renders nothing.
 */
import { type ReactNode, useRef } from 'react';
import { client } from '../../api/client.ts';
import { useStream } from '../../api/use-stream.ts';
import { useConnectionProfile, useConnectionStatuses } from '../../app/connection-status.ts';
import { useSettings } from '../../app/settings.ts';
import { useFormat } from '../../app/use-format.ts';
import { openFinding, openViewOf } from '../../app/workspace.ts';
import { useSentences } from '../../i18n/use-sentences.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { findingWords } from '../cluster/finding-words.ts';
import { newsOf } from './news.ts';
import { usePermission } from './permission.ts';

export function NotificationFeeds(): ReactNode {
  const { notifies } = useSettings();
  const permission = usePermission();
  return notifies && permission === 'granted' ? <Feeds /> : null;
}

function Feeds(): ReactNode {
  const statuses = useConnectionStatuses();
  return (
    <>
      <AlertFeed />
      {statuses.map(({ connectionId }) => (
        <FindingFeed key={connectionId} connectionId={connectionId} />
      ))}
    </>
  );
}

function AlertFeed(): null {
  const t = useTexts();
  const format = useFormat();
  useStream(
    (signal) => client.cluster.alerts(undefined, { signal }),
    (alerts) => {
      for (const { connectionId, connectionName, finding } of alerts) {
        const { title, text } = findingWords(finding, t, format);
        notify({
          title: `${connectionName}: ${title}`,
          body: finding.configLine === null ? text : `${text} ${finding.configLine}`,
          tag: `${connectionId} ${finding.rule} ${finding.servers.join()}`,
          onOpen: () => {
            openViewOf(connectionId, 'cluster');
          },
        });
      }
    },
    [],
  );
  return null;
}

function FindingFeed({ connectionId }: { readonly connectionId: string }): null {
  const tell = useSentences();
  const name = useConnectionProfile(connectionId)?.name ?? '';
  const told = useRef(new Set<string>());
  useStream(
    (signal) => client.diagnosis.findings({ connectionId }, { signal }),
    ({ findings, isFirst }) => {
      const news = newsOf(findings, { told: told.current, nowMs: Date.now() });
      for (const finding of news) {
        told.current.add(finding.id);
        // What was found before anybody listened is in the list.
        if (isFirst) continue;
        notify({
          title: name,
          body: tell(finding.words.answer),
          tag: finding.id,
          onOpen: () => {
            openViewOf(connectionId, 'diagnose');
            openFinding(finding.id);
          },
        });
      }
    },
    [connectionId],
  );
  return null;
}

interface Notice {
  readonly title: string;
  readonly body: string;
  /** A later one with the same tag takes its place. */
  readonly tag: string;
  readonly onOpen: () => void;
}

function notify({ title, body, tag, onOpen }: Notice): void {
  const notification = new Notification(title, { body, tag });
  notification.addEventListener('click', () => {
    window.focus();
    onOpen();
    notification.close();
  });
}
