/** What a finding is called in lists and headlines, whose affair its cause is, and what to do next. */
import type { Finding } from '../../../shared/api/findings.ts';
import { assertNever } from '../../../shared/assert.ts';
import { formatFullTime, formatTimeOfDay, formatZxidHex } from '../../app/format.ts';
import type { Format } from '../../app/use-format.ts';
import type { Texts } from '../../i18n/i18n.ts';

export type SessionFinding = Extract<Finding, { kind: 'session-ended' }>;

export interface Words {
  readonly t: Texts;
  readonly format: Format;
}

/** A server by its number, or its address where nobody tells the number. */
export function serverName(server: string, t: Texts, isFirstWord = false): string {
  if (!/^\d+$/.test(server)) return server;
  return t(isFirstWord ? 'diagnose:serverUpper' : 'diagnose:server', { sid: server });
}

/** Who was elected, where the finding says so. */
function winnerOf({ words }: Finding): string | undefined {
  const { params } = words.answer;
  if (!('winner' in params) || params.winner === null) return undefined;
  return typeof params.winner === 'string' ? params.winner : params.winner.server;
}

/** In the list: what it is, in a few words. */
export function kindText(finding: Finding, t: Texts): string {
  switch (finding.kind) {
    case 'session-ended':
      return t(`diagnose:kind.session.${finding.cause}`);
    case 'election': {
      const winner = winnerOf(finding);
      if (winner === undefined) return t('diagnose:kind.election');
      return t('diagnose:kind.electionOf', { server: serverName(winner, t) });
    }
    case 'server':
    case 'cluster':
      return t(`diagnose:kind.trouble.${finding.cause}`, { server: serverName(finding.subject, t, true) });
    default:
      return assertNever(finding, 'kind of finding');
  }
}

export interface HeadlineFacts {
  /** Of a session: its client. */
  readonly client: string;
  readonly silentMs: number | null;
}

/** What happened to whom, when and why, in one line. */
export function headlineOf(finding: Finding, { client, silentMs }: HeadlineFacts, words: Words): string {
  const { t, format } = words;
  const time = headlineTime(Date.parse(finding.at), format);
  switch (finding.kind) {
    case 'session-ended':
      if (finding.cause === 'client-silent' && silentMs !== null) {
        return t('diagnose:headline.session.silentFor', {
          client,
          time,
          silent: format.duration(silentMs),
        });
      }
      return t(`diagnose:headline.session.${finding.cause}`, { client, time });
    case 'election': {
      const winner = winnerOf(finding);
      if (winner === undefined) return t('diagnose:headline.election', { time });
      return t('diagnose:headline.electionOf', { server: serverName(winner, t, true), time });
    }
    case 'server':
    case 'cluster':
      return t(`diagnose:headline.trouble.${finding.cause}`, {
        server: serverName(finding.subject, t, startsWithServer(finding.cause, t)),
        time,
      });
    default:
      return assertNever(finding, 'kind of finding');
  }
}

function startsWithServer(
  cause: Extract<Finding, { kind: 'server' | 'cluster' }>['cause'],
  t: Texts,
): boolean {
  return t(`diagnose:headline.trouble.${cause}`, { server: '\u0000', time: '' }).startsWith('\u0000');
}

/** To the second: a headline is read, not measured. */
function headlineTime(atMs: number, format: Format): string {
  const text = format.time(atMs);
  return text === formatTimeOfDay(atMs) ? text.slice(0, 8) : text;
}

export function causeText(finding: Finding, t: Texts): string {
  switch (finding.kind) {
    case 'session-ended':
      return t(`diagnose:cause.session.${finding.cause}`);
    case 'election':
      return t(`diagnose:cause.election.${finding.cause}`);
    case 'server':
    case 'cluster':
      return t(`diagnose:cause.trouble.${finding.cause}`);
    default:
      return assertNever(finding, 'kind of finding');
  }
}

export function adviceText(finding: Finding, t: Texts): string {
  switch (finding.kind) {
    case 'session-ended':
      return t(`diagnose:advice.session.${finding.cause}`);
    case 'election':
      return t(`diagnose:advice.election.${finding.cause}`);
    case 'server':
    case 'cluster':
      return t(`diagnose:advice.trouble.${finding.cause}`);
    default:
      return assertNever(finding, 'kind of finding');
  }
}

/** Whose affair it is that a session ended. */
export function sideText({ cause }: SessionFinding, t: Texts): string {
  switch (cause) {
    case 'client-closed':
    case 'client-gone':
    case 'client-silent':
      return t('diagnose:side.client');
    case 'moved-too-late':
      return t('diagnose:side.both');
    case 'server-lost':
      return t('diagnose:side.ensemble');
    case 'ended-by-admin':
      return t('diagnose:side.person');
    case 'unknown':
      return t('diagnose:side.unseen');
    default:
      return assertNever(cause, 'cause');
  }
}

export type ConfidenceLevel = 'high' | 'medium' | 'low';

/** Below a half another cause would be as likely. */
export function confidenceLevel(confidence: number): ConfidenceLevel {
  if (confidence >= 0.85) return 'high';
  return confidence >= 0.5 ? 'medium' : 'low';
}

/** Everything that somebody may search a finding by: ids and zxids both as they are and as they are shown, and its time. */
export function searchText(
  finding: Finding,
  { t, format }: Words,
  tell: (finding: Finding) => string,
): string {
  const atMs = Date.parse(finding.at);
  const said = tell(finding);
  const zxids = [...said.matchAll(/0x[0-9a-f]+/g)].map(([hex]) => formatZxidHex(hex));
  return [
    kindText(finding, t),
    causeText(finding, t),
    finding.subject,
    said,
    ...zxids,
    formatFullTime(atMs),
    format.time(atMs),
  ].join(' ');
}
