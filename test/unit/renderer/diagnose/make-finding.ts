/** Findings and pictures of sessions for the tests of the Diagnose view. */
import type { SessionPicture } from '../../../../shared/api/diagnosis.ts';
import type { Finding } from '../../../../shared/api/findings.ts';
import { say } from '../../../../shared/api/sentences.ts';
import { inEnglish } from '../../../../shared/english-sentences.ts';
import type { Texts } from '../../../../renderer/i18n/i18n.ts';
import { locale } from '../../../../renderer/i18n/locales/en/index.ts';
import { formatDuration, formatTime } from '../../../../renderer/app/format.ts';
import type { Words } from '../../../../renderer/features/diagnose/finding-words.ts';
import type { SessionFinding } from '../../../../renderer/features/diagnose/finding-words.ts';

export const END_MS = new Date(2026, 10, 21, 12, 4, 9, 12).getTime();
export const SESSION = '0x100001f68b50023';

/** The catalogue itself, in English, without i18next. */
const t = ((key: string, values: Record<string, unknown> = {}): string => {
  const [namespace = '', path = ''] = key.split(':');
  const at = (name: string): unknown =>
    name
      .split('.')
      .reduce<unknown>(
        (node, part) => (node as Record<string, unknown> | undefined)?.[part],
        locale[namespace as keyof typeof locale],
      );
  const text = at(path) ?? at(`${path}_${values['count'] === 1 ? 'one' : 'other'}`);
  if (typeof text !== 'string') throw new Error(`no text ${key}`);
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
}) as unknown as Texts;

export const WORDS: Words = {
  t,
  format: {
    language: 'en',
    duration: (ms) => formatDuration(ms, 'en'),
    time: (atMs) => formatTime(atMs, 'en', END_MS),
    relative: () => 'then',
  },
};

export function sessionFinding(
  cause: SessionFinding['cause'],
  changes: Partial<SessionFinding> = {},
): SessionFinding {
  const answer = say('session.client-gone', { session: SESSION, address: '10.0.0.7:4', timeoutMs: 10_000 });
  const fact = say('fact.connection-ended', { address: '10.0.0.7:4' });
  const source = say('source.events', { server: '1' });
  return {
    id: `session-ended/${SESSION}`,
    at: new Date(END_MS).toISOString(),
    kind: 'session-ended',
    subject: SESSION,
    cause,
    confidence: 0.9,
    answer: inEnglish(answer),
    evidence: [
      {
        at: new Date(END_MS - 9000).toISOString(),
        source: inEnglish(source),
        fact: inEnglish(fact),
        words: { source, fact },
      },
    ],
    hidden: [],
    words: { answer, hidden: [] },
    ...changes,
  };
}

export function troubleFinding(atMs: number): Finding {
  const answer = say('server.lost', {
    server: '2',
    isObserver: false,
    how: 'unseen',
    atMs,
    reason: null,
    backMs: null,
  });
  return {
    ...sessionFinding('unknown'),
    words: { answer, hidden: [] },
    id: `server/follower-lost/2/${atMs}`,
    at: new Date(atMs).toISOString(),
    kind: 'server',
    subject: '2',
    cause: 'follower-lost',
  };
}

export function sessionPicture(changes: Partial<SessionPicture> = {}): SessionPicture {
  return {
    sessionId: SESSION,
    createdMs: END_MS - 60_000,
    timeoutMs: 10_000,
    connections: [
      {
        server: '127.0.0.1:2181',
        sid: 1,
        address: '10.0.0.7:4',
        fromMs: END_MS - 60_000,
        seenMs: END_MS - 100,
        endedMs: null,
        endReason: null,
      },
    ],
    heard: [
      { atMs: END_MS - 16_000, by: 'poll', withinMs: 2000 },
      { atMs: END_MS - 13_000, by: 'event', withinMs: 0 },
    ],
    expiry: { atMs: END_MS, lastHeardMs: END_MS - 10_202, bucketMs: END_MS - 12 },
    end: { atMs: END_MS, byClient: false, zxid: '0x500000017' },
    refusals: [],
    coincidences: [],
    reigns: [],
    servers: [
      {
        sid: 1,
        server: '127.0.0.1:2181',
        answers: [1000, 3000, 5000].map((agoMs) => ({ atMs: END_MS - agoMs, tookMs: 4 })),
        otherSessionCount: 22,
      },
      { sid: 3, server: '127.0.0.1:2183', answers: [], otherSessionCount: 3 },
    ],
    ephemerals: [],
    ephemeralCount: 0,
    notified: [],
    hidden: [],
    ...changes,
  };
}

export const TELL = inEnglish;
