/** Every sentence of a finding, in every language, with whatever may or may not be known of what it speaks of. */
import i18next from 'i18next';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import {
  SENTENCES,
  Sentence,
  type SentenceCatalogue,
  type SentenceFormats,
  type SentenceKey,
  say,
  spell,
} from '../../../../shared/api/sentences.ts';
import { useSentences } from '../../../../renderer/i18n/use-sentences.ts';
import { ENGLISH } from '../../../../shared/english-sentences.ts';
import { CHINESE } from '../../../../renderer/i18n/locales/zh-CN/sentences.ts';

/** What differs in no language. */
const NAMES: readonly SentenceKey[] = ['source.path', 'fact.setting'];

const FORMATS: SentenceFormats = { time: (ms) => `T${ms}`, duration: (ms) => `D${ms}` };

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly anyOf?: readonly JsonSchema[];
}

/** Two samples of each kind of value: one that is full, and one with nothing where that may be. */
function sample(schema: JsonSchema, { isFull, name }: { isFull: boolean; name: string }): unknown {
  const { anyOf, properties, items, minItems = 0 } = schema;
  if (typeof schema.type === 'object' && !isFull) return null;
  const [type] = [schema.type ?? []].flat();
  if (anyOf) {
    const choice = anyOf.find((each) => (each.type === 'null') !== isFull);
    return choice === undefined || choice.type === 'null' ? null : sample(choice, { isFull, name });
  }
  // The first cause of an election is the first start, when there is nobody to speak of.
  if (schema.enum) return schema.enum.at(isFull ? 1 : -1);
  if (type === 'object') {
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, value]) => [key, sample(value, { isFull, name: key })]),
    );
  }
  if (type === 'array') return isFull || minItems > 0 ? [sample(items ?? {}, { isFull, name })] : [];
  if (type === 'number') return 4711;
  if (type === 'boolean') return isFull;
  return /zxid/i.test(name) ? '0x100000005' : `<${name}>`;
}

function samples(key: SentenceKey): Sentence[] {
  const schema = z.toJSONSchema(SENTENCES[key]) as JsonSchema;
  return [true, false].map((isFull) =>
    Sentence.parse({ key, params: sample(schema, { isFull, name: key }) }),
  );
}

const KEYS = Object.keys(SENTENCES) as SentenceKey[];
const LANGUAGES: readonly (readonly [string, SentenceCatalogue])[] = [
  ['English', ENGLISH],
  ['Chinese', CHINESE],
];

describe.each(LANGUAGES)('%s', (_, catalogue) => {
  test.each(KEYS)('%s', (key) => {
    for (const sentence of samples(key)) {
      const text = spell(sentence, catalogue, FORMATS);
      expect(text).not.toMatch(/undefined|null|NaN|\[object|^\s|\s$| {2}/);
      // What a sentence speaks of is said in it.
      for (const value of Object.values(sentence.params)) {
        if (typeof value === 'string' && value.startsWith('<')) expect(text).toContain(value);
      }
    }
  });
});

test('Chinese sentences are written in Chinese', () => {
  const alike = KEYS.filter((key) => !NAMES.includes(key)).filter((key) =>
    samples(key).some((sentence) => !/\p{Script=Han}|Zabra/u.test(spell(sentence, CHINESE, FORMATS))),
  );
  expect(alike).toEqual([]);
});

test.each([
  ['en', 'The process of server 3 did not run for 1.5\u00a0s: '],
  ['zh-CN', '服务器 3 的进程有 1.5\u00a0秒没有运行：'],
] as const)('in the window, in its language: %s', async (language, start) => {
  const i18n = i18next.createInstance();
  await i18n
    .use(initReactI18next)
    .init({ lng: language, resources: { [language]: { translation: { key: 'text' } } } });
  const Answer = (): string => useSentences()(say('server.paused', { server: '3', durationMs: 1500 }));
  const page = createElement(I18nextProvider, { i18n }, createElement(Answer));
  expect(renderToStaticMarkup(page)).toContain(start);
});

test('a sentence that is not known, or lacks something, is none', () => {
  expect(Sentence.safeParse({ key: 'session.unseen', params: { session: '0x1' } }).success).toBe(true);
  expect(Sentence.safeParse({ key: 'session.unseen', params: {} }).success).toBe(false);
  expect(Sentence.safeParse({ key: 'toString', params: {} }).success).toBe(false);
});
