import { describe, expect, it } from 'vitest';
import { FailureCode } from '../../../../shared/api/failure.ts';
import { resolveLanguage } from '../../../../renderer/i18n/i18n.ts';
import { locale as english } from '../../../../renderer/i18n/locales/en/index.ts';
import { locale as chinese } from '../../../../renderer/i18n/locales/zh-CN/index.ts';

/** Every text by its full name. */
function textsOf(part: object, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(part) as [string, unknown][]) {
    if (typeof value === 'string') texts.set(`${prefix}${key}`, value);
    else for (const [name, text] of textsOf(value as object, `${prefix}${key}.`)) texts.set(name, text);
  }
  return texts;
}

const placeholders = (text: string): readonly string[] =>
  [...new Set(text.match(/\{\{[^}]+\}\}/g) ?? [])].sort();
const quotes = (text: string): number => text.split('`').length - 1;

const englishTexts = textsOf(english);
const chineseTexts = textsOf(chinese);

describe('texts', () => {
  it('both languages name the same values in every text', () => {
    const differing = [...chineseTexts]
      .filter(([key, text]) => {
        const other = englishTexts.get(key) ?? '';
        return placeholders(text).join() !== placeholders(other).join();
      })
      .map(([key]) => key);
    expect(differing).toEqual([]);
  });
  it('no text is empty, and quotes of ZooKeeper words are closed', () => {
    for (const texts of [englishTexts, chineseTexts]) {
      expect([...texts].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([]);
      expect([...texts].filter(([, text]) => quotes(text) % 2 !== 0).map(([key]) => key)).toEqual([]);
    }
  });
  it('Chinese sentences have Chinese punctuation', () => {
    const halfWidth = /[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]/;
    expect([...chineseTexts].filter(([, text]) => halfWidth.test(text))).toEqual([]);
  });
  it.each(FailureCode.options)('%s says what happened and what to do, in both languages', (code) => {
    for (const { failures } of [english, chinese]) {
      expect(failures.code[code].what).not.toBe('');
      expect(failures.code[code].next).not.toBe('');
    }
  });
});

describe('language', () => {
  it.each([
    ['system', ['zh-Hans-CN', 'en'], 'zh-CN'],
    ['system', ['zh'], 'zh-CN'],
    ['system', ['de-DE', 'en-GB'], 'en'],
    ['system', ['fr', 'zh-TW'], 'zh-CN'],
    ['system', [], 'en'],
    ['en', ['zh-CN'], 'en'],
    ['zh-CN', ['en'], 'zh-CN'],
  ] as const)('%s with a browser that wants %j is %s', (setting, wanted, language) => {
    expect(resolveLanguage(setting, wanted)).toBe(language);
  });
});
