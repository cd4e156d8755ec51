/** The list of findings, their words and the report (renderer/features/diagnose), and what counts as news (renderer/app). */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../shared/api/findings.ts';
import { ElectionCause, SessionCause, TroubleCause } from '../../../../shared/api/causes.ts';
import { type FindingsState, withBatch } from '../../../../renderer/app/findings.ts';
import { chooseFindings } from '../../../../renderer/features/diagnose/finding-groups.ts';
import {
  adviceText,
  causeText,
  confidenceLevel,
  headlineOf,
  kindText,
  searchText,
} from '../../../../renderer/features/diagnose/finding-words.ts';
import { reportOf } from '../../../../renderer/features/diagnose/report.ts';
import { END_MS, SESSION, TELL, WORDS, sessionFinding, troubleFinding } from './make-finding.ts';

const DAY_MS = 86_400_000;
const textOf = (finding: Finding): string => searchText(finding, WORDS, ({ words }) => TELL(words.answer));
const choose = (findings: readonly Finding[], query = '', isClosedShown = false): readonly string[] =>
  chooseFindings(findings, { query, isClosedShown, textOf }).order;

describe('the list', () => {
  const closed = sessionFinding('client-closed', { id: 'session-ended/0x9', subject: '0x9' });
  const all = [troubleFinding(END_MS - DAY_MS), sessionFinding('client-gone'), closed];

  it('is by day, the newest first', () => {
    const { groups } = chooseFindings(all, { query: '', isClosedShown: false, textOf });
    expect(groups.map(({ findings }) => findings.map(({ kind }) => kind))).toEqual([
      ['session-ended'],
      ['server'],
    ]);
  });
  it('leaves out sessions that their clients closed, counts them, and finds them when they are searched', () => {
    expect(chooseFindings(all, { query: '', isClosedShown: false, textOf }).closedCount).toBe(1);
    expect(choose(all)).not.toContain(closed.id);
    expect(choose(all, '', true)).toContain(closed.id);
    expect(choose(all, '0x9')).toEqual([closed.id]);
  });
  it.each([
    ['a session', SESSION],
    ['a time', '12:04:09'],
    ['a day', '2026-11-21'],
    ['a cause', 'client gone'],
    ['an address', '10.0.0.7'],
  ])('is searched by %s', (_what, query) => {
    expect(choose([sessionFinding('client-gone'), troubleFinding(END_MS - 1.3 * DAY_MS)], query)).toEqual([
      sessionFinding('client-gone').id,
    ]);
  });
  it('demands every word of a search', () => {
    expect(choose([sessionFinding('client-gone')], `${SESSION} nothing`)).toEqual([]);
  });
});

describe('words', () => {
  it('a headline says who, when and why', () => {
    const facts = { client: '10.0.0.7', silentMs: 11_400 };
    expect(headlineOf(sessionFinding('client-silent'), facts, WORDS)).toBe(
      '10.0.0.7 lost its session at 12:04:09, because it was silent for 11\u00a0s',
    );
    expect(headlineOf(troubleFinding(END_MS), facts, WORDS)).toBe(
      'Server 2, a follower, was lost at 12:04:09',
    );
  });
  it('every cause of the closed lists has a name, a title and advice', () => {
    const findings = [
      ...SessionCause.options.map((cause) => sessionFinding(cause)),
      ...ElectionCause.options.map((cause): Finding => ({
        ...sessionFinding('unknown'),
        kind: 'election',
        cause,
      })),
      ...TroubleCause.options.map((cause): Finding => ({ ...troubleFinding(END_MS), kind: 'server', cause })),
    ];
    for (const finding of findings) {
      const { t } = WORDS;
      for (const text of [kindText(finding, t), causeText(finding, t), adviceText(finding, t)]) {
        expect(text).not.toBe('');
      }
    }
  });
  it('below a half another cause would be as likely', () => {
    expect([0.95, 0.6, 0.3].map(confidenceLevel)).toEqual(['high', 'medium', 'low']);
  });
});

describe('report', () => {
  const report = (finding: Finding): ReturnType<typeof reportOf> =>
    reportOf(finding, { headline: 'It ended', words: WORDS, tell: TELL, nowMs: END_MS });

  it('has everything that the screen has, and its name says what it is about', () => {
    const { name, text } = report(sessionFinding('client-gone'));
    expect(name).toMatch(/^zabra-finding-client-gone-2026-11-21T.+\.md$/);
    expect(text).toContain('# It ended');
    expect(text).toContain(SESSION);
    expect(text).toContain('ended without a closeSession');
    expect(text).toContain('90 %');
    expect(text).not.toContain('## Not seen');
  });
  it('what servers say does not become markup', () => {
    const words = sessionFinding('unknown').words;
    const answer = { ...words.answer, params: { ...words.answer.params, address: 'a_b|<i>*' } };
    const { text } = report(sessionFinding('unknown', { words: { ...words, answer } as typeof words }));
    expect(text).toContain('a\\_b\\|\\<i\\>\\*');
  });
});

describe('news', () => {
  const empty: FindingsState = {
    connectionId: 'c',
    findings: new Map(),
    watching: null,
    isLoaded: false,
    failure: null,
    unseen: new Set(),
  };
  const batch = (isFirst: boolean, ...findings: Finding[]): Parameters<typeof withBatch>[1] => ({
    isFirst,
    findings,
    watching: null,
  });
  const away = { isLooking: false };

  it('what was kept is no news; what comes later is, once', () => {
    const loaded = withBatch(empty, batch(true, troubleFinding(END_MS - DAY_MS)), away);
    expect(loaded.unseen.size).toBe(0);
    const found = sessionFinding('client-gone');
    const later = withBatch(loaded, batch(false, found), away);
    expect([...later.unseen]).toEqual([found.id]);
    const changed = withBatch(later, batch(false, { ...found, confidence: 0.95 }), away);
    expect(changed.unseen.size).toBe(1);
    expect(changed.findings.get(found.id)?.confidence).toBe(0.95);
  });
  it('nothing is news for who looks, nor that a client closed its session', () => {
    const loaded = withBatch(empty, batch(true), away);
    expect(withBatch(loaded, batch(false, sessionFinding('client-closed')), away).unseen.size).toBe(0);
    const looked = withBatch(loaded, batch(false, sessionFinding('client-gone')), { isLooking: true });
    expect(looked.unseen.size).toBe(0);
  });
  it('what was found while the wire was broken is news when it is back', () => {
    const loaded = withBatch(empty, batch(true), away);
    expect(withBatch(loaded, batch(true, sessionFinding('client-gone')), away).unseen.size).toBe(1);
  });
});
