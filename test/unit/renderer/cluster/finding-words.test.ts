/** What each rule says in both languages: every value that a sentence names is there (renderer/features/cluster/finding-words.ts). */
import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Format } from '../../../../renderer/app/use-format.ts';
import { findingWords } from '../../../../renderer/features/cluster/finding-words.ts';
import type { Texts } from '../../../../renderer/i18n/i18n.ts';
import { locale as english } from '../../../../renderer/i18n/locales/en/index.ts';
import { locale as chinese } from '../../../../renderer/i18n/locales/zh-CN/index.ts';
import { type HealthFinding, RULES, type RuleId } from '../../../../shared/api/health.ts';

/** What the shell's rules give (test/unit/electron/services/cluster/health.test.ts). */
const FACTS: Readonly<Record<RuleId, HealthFinding['facts']>> = {
  'quorum-lost': { answering: 1, asked: 3 },
  'server-down': { why: 'CONNECTION_REFUSED' },
  'quorum-margin': { synced: 2, total: 3 },
  'followers-out-of-sync': { missing: 1, synced: 2, total: 3 },
  'epoch-churn': { count: 4 },
  'even-voters': { total: 4 },
  'server-behind': { transactions: 640, ms: 1800 },
  'outstanding-high': { now: 37, max: 212, limit: 10 },
  'latency-high': { now: 250.4, max: 300, limit: 100 },
  'disk-slow': { worstMs: 184, limit: 100, peerMs: 3 },
  'jvm-pauses': { totalMs: 1200 },
  'connections-near-limit': { address: '10.0.0.7', connections: 50, max: 60 },
  'client-queues': { address: '10.0.0.7:1', queued: 200, sessionId: '0x7', lastOperation: 'SETD' },
  'open-files-near-limit': { open: 900, max: 1024 },
  'watches-many': { watches: 150_000, paths: 12 },
  'big-znodes': { bytes: 900_000 },
  'never-purged': { bytes: 13_000_000_000, folder: '/d', dataBytes: 1_000_000 },
  'versions-mixed': { versions: '3.8.4, 3.9.1' },
  'config-differs': { key: 'tickTime', values: 'a 2000, b 3000' },
  'clocks-differ': { spreadMs: 5000, ahead: 'a', behind: 'b' },
  'words-hidden': { words: 'cons, mntr' },
};

const FORMAT: Format = {
  language: 'en',
  duration: (ms) => `${ms / 1000} s`,
  time: String,
  relative: String,
};

describe.each(['en', 'zh-CN'] as const)('findings in %s', (language) => {
  let t: Texts;
  beforeAll(async () => {
    const instance = i18next.createInstance();
    await instance.init({
      lng: language,
      resources: { en: english, 'zh-CN': chinese },
      interpolation: { escapeValue: false },
    });
    t = instance.t;
  });

  test.each(RULES)('%s says what it found, with every value', (rule) => {
    const finding: HealthFinding = {
      rule,
      severity: 'warning',
      servers: ['zk-2:2181'],
      facts: FACTS[rule],
      configLine: null,
      metric: null,
      sinceMs: 0,
    };
    const { title, text } = findingWords(finding, t, FORMAT);
    const said = `${title} ${text}`;
    expect(said).not.toMatch(/cluster:|rule\.|\{\{|undefined|NaN/);
    // An empty value would leave two spaces, or one before a full stop.
    expect(said).not.toMatch(/ {2}| \.|（）|“”/);
    expect(title.length).toBeGreaterThan(5);
  });
});
